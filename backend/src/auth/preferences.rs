//! How a person wants to see things; never a setting of the server.

use common::api::settings::Preferences;

use super::rules::{self, Refusal};
use super::{Allowed, Auth, AuthError, may};
use crate::store::Connection;
use crate::store::tables::setting::SettingRow;
use crate::store::tables::user::UserRow;
use crate::store::tables::{Blob, Moment, Word, setting, user};

impl Auth {
    /// The own preferences, the usual ones while nothing was chosen.
    pub async fn preferences(
        &self,
        allowed: &Allowed<may::SelfOnly>,
    ) -> Result<Preferences, AuthError> {
        let user_id = allowed.user_id();
        self.inner
            .store
            .read(move |conn: &mut Connection| {
                let person = user::find(conn, user_id)?.ok_or(AuthError::SessionEnded)?;
                Ok(setting::to_wire(&person, setting::find(conn, user_id)?))
            })
            .await
    }

    /// Keeps the own preferences instead of those before.
    pub async fn set_preferences(
        &self,
        allowed: &Allowed<may::SelfOnly>,
        preferences: Preferences,
    ) -> Result<Preferences, AuthError> {
        if let Some(fault) = preferences
            .time_zone
            .as_deref()
            .and_then(|name| rules::time_zone(name).err())
        {
            let field = "time_zone";
            return Err(AuthError::Refused(vec![Refusal { field, fault }]));
        }
        let (user_id, now) = (allowed.user_id(), self.inner.clock.now());
        self.inner
            .store
            .change(&allowed.actor(), move |conn| {
                let person = user::find(conn, user_id)?.ok_or(AuthError::SessionEnded)?;
                let row = SettingRow {
                    user_id: Blob(user_id),
                    theme: Word(preferences.theme),
                    units: Word(preferences.units),
                    start_page: Word(preferences.start_page),
                };
                setting::put(conn, &row)?;
                let after = UserRow {
                    time_zone: preferences.time_zone.clone(),
                    locale: preferences.locale.clone().map(String::from),
                    ..person.clone()
                };
                if person != after {
                    let person = UserRow {
                        version: person.version + 1,
                        updated_at: Moment(now),
                        ..after
                    };
                    user::update(conn, &person)?;
                }
                Ok(preferences)
            })
            .await
    }
}
