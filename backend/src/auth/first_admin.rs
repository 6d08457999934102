//! The first person of a new installation; never a second one.

use common::access::Role;
use common::ids::UserId;
use uuid::Uuid;

use super::{Auth, AuthError, rules, secret};
use crate::store::Actor;
use crate::store::tables::user::UserRow;
use crate::store::tables::{Blob, Json, Moment, Word, user};

const ACTOR: Actor = Actor::System("first start");
/// The first login name.
const USERNAME: &str = "admin";
/// Bytes of a generated password: 120 random bits, 20 characters.
const GENERATED_BYTES: usize = 15;

/// A password that was generated for the first login, to be shown once.
pub struct FirstPassword {
    /// The login name.
    pub username: &'static str,
    /// The password.
    pub password: String,
}

impl Auth {
    /// At the first start makes the person `admin`, with the password `chosen` in the environment
    /// or a generated one, which has to be changed first. `Some` only with a generated one.
    pub async fn first_start(
        &self,
        chosen: Option<&str>,
    ) -> Result<Option<FirstPassword>, AuthError> {
        let chosen = chosen.filter(|password| !password.is_empty());
        let people = self
            .inner
            .store
            .read(|conn| user::all(conn).map_err(AuthError::from))
            .await?;
        if !people.is_empty() {
            return Ok(None);
        }
        if chosen.is_some_and(|password| rules::password(password, USERNAME).is_err()) {
            tracing::warn!("the first password is weaker than a person could choose; change it");
        }
        let password = match chosen {
            Some(password) => password.to_owned(),
            None => secret::to_text(&secret::random()?[..GENERATED_BYTES]),
        };
        let hash = self.inner.passwords.hash(password.clone()).await?;
        let row = self.first_row(hash, chosen.is_none());
        let state = (&row).into();
        let id = row.id.0;
        self.inner
            .store
            .change(&ACTOR, move |conn| {
                user::insert(conn, &row).map_err(AuthError::from)
            })
            .await?;
        self.follow(|directory| directory.put_person(id, state));
        Ok(chosen.is_none().then_some(FirstPassword {
            username: USERNAME,
            password,
        }))
    }

    fn first_row(&self, hash: String, must_change_password: bool) -> UserRow {
        let now = Moment(self.inner.clock.now());
        UserRow {
            id: Blob(UserId(Uuid::now_v7())),
            version: 1,
            username: USERNAME.to_owned(),
            display_name: None,
            email: None,
            phone: None,
            time_zone: None,
            locale: None,
            role: Word(Role::Admin),
            disabled: false,
            password_hash: Some(hash),
            must_change_password,
            created_at: now,
            updated_at: now,
            last_login_at: None,
            server_groups: Json(Vec::new()),
        }
    }
}
