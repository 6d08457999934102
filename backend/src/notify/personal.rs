//! All that is kept about one person, read for that person or for who manages people; never changed.

use common::api::inbox::InboxItem;
use common::api::personal_data::{Consent, PersonalAct, PersonalData, PersonalDelivery};
use common::api::push::PushSubscription;
use common::api::users::User;
use common::ids::UserId;
use common::time::UnixMs;

use super::browser::{self, Browser};
use crate::auth::{Allowed, UserError, may};
use crate::clock::Clock;
use crate::sealed::Sealer;
use crate::store::tables::inbox::Whose;
use crate::store::tables::push_subscription::PushSubscriptionRow;
use crate::store::{Connection, Store, StoreError, tables};

/// What is kept about people. Clones share it.
#[derive(Debug, Clone)]
pub struct Personal {
    /// Where it is kept.
    pub store: Store,
    /// The time.
    pub clock: Clock,
    /// Opens the addresses of browsers.
    pub sealer: Sealer,
}

impl Personal {
    /// All that is kept about oneself.
    pub async fn own(&self, may: &Allowed<may::SelfOnly>) -> Result<PersonalData, UserError> {
        self.read(may.user_id()).await
    }

    /// All that is kept about a person.
    pub async fn of(
        &self,
        _may: &Allowed<may::UsersWrite>,
        person: UserId,
    ) -> Result<PersonalData, UserError> {
        self.read(person).await
    }

    /// By what one wanted to be told oneself, the newest first.
    pub async fn consents(&self, may: &Allowed<may::SelfOnly>) -> Result<Vec<Consent>, StoreError> {
        let user = may.user_id();
        let read = self
            .store
            .read(move |conn| tables::consent::of_user(conn, user));
        Ok(read.await?.into_iter().map(Consent::from).collect())
    }

    async fn read(&self, person: UserId) -> Result<PersonalData, UserError> {
        let now = self.clock.now();
        let read = self.store.read(move |conn| rows(conn, person, now));
        let (mut data, browsers) = read.await?;
        data.push_subscriptions = browsers.iter().map(|row| self.shown(row)).collect();
        Ok(data)
    }

    fn shown(&self, row: &PushSubscriptionRow) -> PushSubscription {
        let opened = Browser::open(&self.sealer, row).ok();
        browser::shown(row, opened.as_ref())
    }
}

/// What the tables say; browsers as they are sealed.
fn rows(
    conn: &mut Connection,
    person: UserId,
    now: UnixMs,
) -> Result<(PersonalData, Vec<PushSubscriptionRow>), UserError> {
    let row = tables::user::find(conn, person)?.ok_or(UserError::NotFound)?;
    let setting = tables::setting::find(conn, person)?;
    let sessions = tables::session::of_user(conn, person, now)?.into_iter();
    let keys = tables::api_key::page(conn, Some(person), None, i64::MAX)?.into_iter();
    // The person's own, also about servers that the person does not see any more.
    let whose = Whose {
        user: person,
        groups: None,
    };
    let inbox = tables::inbox::page(conn, &whose, None, i64::MAX)?.into_iter();
    let acts = tables::alert_history::by(conn, person)?.into_iter();
    let deliveries = tables::delivery::to_person(conn, person)?.into_iter();
    let consents = tables::consent::of_user(conn, person)?.into_iter();
    let data = PersonalData {
        at: now,
        settings: tables::setting::to_wire(&row, setting),
        user: User::from(row),
        sessions: sessions.map(|row| row.to_wire(None)).collect(),
        api_keys: keys.map(|(row, name)| row.to_wire(name)).collect(),
        notification_preferences: tables::notification_preference::find(conn, person)?,
        push_subscriptions: Vec::new(),
        consents: consents.map(Consent::from).collect(),
        inbox: inbox.map(InboxItem::from).collect(),
        deliveries: deliveries.map(PersonalDelivery::from).collect(),
        acts: acts.map(PersonalAct::from).collect(),
    };
    let browsers = tables::push_subscription::of_user(conn, person)?;
    Ok((data, browsers))
}
