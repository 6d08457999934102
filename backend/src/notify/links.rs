//! Links of messages: made for a delivery, looked at, acted on; never a page, never a login.

use std::collections::BTreeSet;
use std::sync::Arc;

use common::alert::{Alert, AlertState};
use common::ids::{AlertId, DeliveryId};
use common::time::UnixMs;

use crate::alerts::{AlertError, Alerts};
use crate::auth::{LinkFault, LinkKey, MayTake, MayUnsubscribe};
use crate::clock::Clock;
use crate::store::tables::{alert, alert_history, delivery_log};
use crate::store::{Store, StoreError};

const DAY_MS: i64 = 24 * 3_600_000;
/// A link by which alerts are taken is good for a week.
const ACKNOWLEDGE_MS: i64 = 7 * DAY_MS;
/// One by which a person leaves a channel is good for longer: mails are read late.
const UNSUBSCRIBE_MS: i64 = 30 * DAY_MS;
/// Where the page is that takes alerts.
const ACKNOWLEDGE: &str = "/api/v1/links/acknowledge";
/// Where the page is that a person leaves a channel by.
const UNSUBSCRIBE: &str = "/api/v1/links/unsubscribe";

/// Makes links and reads them. Clones share the key.
#[derive(Debug, Clone)]
pub struct LinkMaker {
    key: Arc<LinkKey>,
    public_url: Option<String>,
}

impl LinkMaker {
    /// Links that begin with `public_url`; without one there are none.
    pub fn new(key: LinkKey, public_url: Option<String>) -> Self {
        Self {
            key: Arc::new(key),
            public_url,
        }
    }

    /// The address of the dashboard, which links begin with.
    pub(super) fn public_url(&self) -> Option<&str> {
        self.public_url.as_deref()
    }

    /// A link by which the alerts of a delivery are taken.
    pub(super) fn acknowledge(&self, delivery: DeliveryId, now: UnixMs) -> Option<String> {
        let token = self.key.acknowledge(delivery, now.plus_ms(ACKNOWLEDGE_MS));
        self.link(ACKNOWLEDGE, &token)
    }

    /// A link by which the person of a delivery leaves its channel.
    pub(super) fn unsubscribe(&self, delivery: DeliveryId, now: UnixMs) -> Option<String> {
        let token = self.key.unsubscribe(delivery, now.plus_ms(UNSUBSCRIBE_MS));
        self.link(UNSUBSCRIBE, &token)
    }

    /// The right that a link's token gives at `now` to leave a channel.
    pub(super) fn may_unsubscribe(
        &self,
        token: &str,
        now: UnixMs,
    ) -> Result<MayUnsubscribe, LinkFault> {
        self.key.may_unsubscribe(token, now)
    }

    fn link(&self, path: &str, token: &str) -> Option<String> {
        let url = self.public_url.as_deref()?.trim_end_matches('/');
        Some(format!("{url}{path}?token={token}"))
    }
}

/// Why a link was not followed.
#[derive(Debug, thiserror::Error)]
pub enum LinkError {
    /// It opens nothing.
    #[error(transparent)]
    Link(#[from] LinkFault),
    /// What it was about has been removed.
    #[error("what the link is about has been removed")]
    Removed,
    /// The alerts could not be taken.
    #[error(transparent)]
    Alert(#[from] AlertError),
    /// Nothing could be read.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What a link is about.
#[derive(Debug, Clone, PartialEq)]
pub struct Linked {
    /// The channel that had the message, as it was called then.
    pub channel: String,
    /// The alerts of the message as they are now.
    pub alerts: Vec<Alert>,
    /// Those that became worse after the message: it does not tell how bad they are.
    pub worse: BTreeSet<AlertId>,
}

impl Linked {
    /// Whether the link takes the alert.
    pub fn takes(&self, alert: &Alert) -> bool {
        alert.state == AlertState::Firing && !self.worse.contains(&alert.id)
    }
}

/// Follows links. Clones share what they follow them with.
#[derive(Debug, Clone)]
pub struct MessageLinks {
    /// Where deliveries and alerts are kept.
    pub store: Store,
    /// The time.
    pub clock: Clock,
    /// Takes alerts.
    pub alerts: Alerts,
    /// Reads links.
    pub maker: LinkMaker,
}

impl MessageLinks {
    /// What the link is about. Nothing is changed.
    pub async fn look(&self, token: &str) -> Result<Linked, LinkError> {
        Ok(self.opened(token).await?.1)
    }

    /// Takes those of the alerts that fire and are no worse than they were; all of them afterwards.
    /// Again changes nothing.
    pub async fn take(&self, token: &str) -> Result<Linked, LinkError> {
        let (may, mut linked) = self.opened(token).await?;
        for alert in &mut linked.alerts {
            if alert.state == AlertState::Firing {
                *alert = match self
                    .alerts
                    .take_by_link(may, alert.id, &linked.channel)
                    .await
                {
                    Ok(after) => after,
                    // It ended just now.
                    Err(AlertError::Over(_) | AlertError::NotFound(_)) => continue,
                    Err(error) => return Err(error.into()),
                };
            }
        }
        Ok(linked)
    }

    async fn opened(&self, token: &str) -> Result<(MayTake, Linked), LinkError> {
        let may = self.maker.key.may_take(token, self.clock.now())?;
        let read = self.store.read(move |conn| {
            let Some(row) = delivery_log::find(conn, may.delivery(), None)? else {
                return Ok(None);
            };
            let (mut alerts, mut worse) = (Vec::new(), BTreeSet::new());
            for id in delivery_log::alerts_of(conn, row.seq, None)? {
                alerts.extend(alert::find(conn, id)?.map(Alert::from));
                let worse_at = alert_history::worse_at(conn, id)?;
                worse.extend(worse_at.filter(|at| *at > row.created_at.0).map(|_| id));
            }
            Ok::<_, StoreError>(Some(Linked {
                channel: row.channel_name.unwrap_or_default(),
                alerts,
                worse,
            }))
        });
        let linked = read.await?.filter(|linked| !linked.alerts.is_empty());
        Ok((may, linked.ok_or(LinkError::Removed)?))
    }
}
