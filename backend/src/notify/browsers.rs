//! The browsers that people want to be told in: asked for, listed, forgotten; never spoken to.

use common::api::push::{PushKey, PushSubscription, PushSubscriptionInput};
use common::ids::PushSubscriptionId;
use common::problem::FieldError;
use uuid::Uuid;

use super::browser::{self, Browser};
use super::channels::fits;
use super::error::PushError;
use super::vapid::Vapid;
use crate::auth::{Allowed, may};
use crate::clock::Clock;
use crate::egress::{EgressError, Reach};
use crate::sealed::Sealer;
use crate::store::tables::push_subscription::PushSubscriptionRow;
use crate::store::tables::{Blob, Moment};
use crate::store::{Store, tables};

/// Browsers of one person at most.
const MOST: usize = 20;

/// People's browsers. Clones share them.
#[derive(Debug, Clone)]
pub struct Browsers {
    /// Where they are kept.
    pub store: Store,
    /// The time.
    pub clock: Clock,
    /// Seals their addresses and keys.
    pub sealer: Sealer,
    /// Where their push services may be.
    pub reach: Reach,
    /// The key that they know the server by.
    pub vapid: Vapid,
}

impl Browsers {
    /// What browsers subscribe with.
    pub fn key(&self, _may: &Allowed<may::SelfOnly>) -> PushKey {
        PushKey {
            public_key: self.vapid.public_key().to_owned(),
        }
    }

    /// One's own browsers, the youngest first.
    pub async fn list(
        &self,
        may: &Allowed<may::SelfOnly>,
    ) -> Result<Vec<PushSubscription>, PushError> {
        let user = may.user_id();
        let read = self
            .store
            .read(move |conn| tables::push_subscription::of_user(conn, user));
        let rows = read.await?;
        let each = rows.iter().map(|row| {
            let opened = Browser::open(&self.sealer, row).ok();
            browser::shown(row, opened.as_ref())
        });
        Ok(each.collect())
    }

    /// Has a browser told from now on; the same address again replaces what was known of it.
    pub async fn subscribe(
        &self,
        may: &Allowed<may::SelfOnly>,
        input: &PushSubscriptionInput,
    ) -> Result<PushSubscription, PushError> {
        let id = PushSubscriptionId(Uuid::now_v7());
        let browser = Browser::read(id, input).map_err(PushError::Invalid)?;
        if !fits(&browser) {
            let wrong = FieldError::new("keys.p256dh", "is no point of the curve P-256");
            return Err(PushError::Invalid(wrong));
        }
        let host = browser.endpoint.host_str().unwrap_or_default().to_owned();
        if let Err(error @ EgressError::Refused { .. }) = self.reach.addresses(&host).await {
            let wrong = FieldError::new("endpoint", error.to_string());
            return Err(PushError::Invalid(wrong));
        }
        let user = may.user_id();
        let row = PushSubscriptionRow {
            id: Blob(id),
            user_id: Blob(user),
            digest: browser.digest(),
            secrets: browser.seal(&self.sealer)?,
            created_at: Moment(self.clock.now()),
        };
        let shown = browser::shown(&row, Some(&browser));
        let actor = may.actor();
        let put = self.store.change(&actor, move |conn| {
            let own = tables::push_subscription::of_user(conn, user)?;
            if own.iter().filter(|it| it.digest != row.digest).count() >= MOST {
                return Err(PushError::TooMany { limit: MOST });
            }
            Ok(tables::push_subscription::put(conn, &row, &host)?)
        });
        put.await?;
        Ok(shown)
    }

    /// Has one of one's own browsers told no more.
    pub async fn unsubscribe(
        &self,
        may: &Allowed<may::SelfOnly>,
        id: PushSubscriptionId,
    ) -> Result<(), PushError> {
        let (actor, user, now) = (may.actor(), may.user_id(), self.clock.now());
        let delete = self.store.change(&actor, move |conn| {
            tables::push_subscription::delete_of(conn, user, id, now)
        });
        if delete.await? {
            Ok(())
        } else {
            Err(PushError::NotFound(id))
        }
    }
}
