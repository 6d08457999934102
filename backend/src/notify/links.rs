//! Links of messages: made for a delivery, looked at, acted on; never a page, never a login.

use std::sync::Arc;

use common::alert::{Alert, AlertState};
use common::ids::DeliveryId;
use common::time::UnixMs;

use crate::alerts::{AlertError, Alerts};
use crate::auth::{LinkFault, LinkKey, MayTake};
use crate::clock::Clock;
use crate::store::tables::{alert, delivery_log};
use crate::store::{Store, StoreError};

/// A link of a message is good for a week.
const WEEK_MS: i64 = 7 * 24 * 3_600_000;
/// Where the page is that takes alerts.
const ACKNOWLEDGE: &str = "/api/v1/links/acknowledge";

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
        let url = self.public_url.as_deref()?.trim_end_matches('/');
        let token = self.key.acknowledge(delivery, now.plus_ms(WEEK_MS));
        Some(format!("{url}{ACKNOWLEDGE}?token={token}"))
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

    /// Takes those of the alerts that fire; all of them afterwards. Again changes nothing.
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
        let may = self.maker.key.open(token, self.clock.now())?;
        let read = self.store.read(move |conn| {
            let Some(row) = delivery_log::find(conn, may.delivery(), None)? else {
                return Ok(None);
            };
            let mut alerts = Vec::new();
            for id in delivery_log::alerts_of(conn, row.seq, None)? {
                alerts.extend(alert::find(conn, id)?.map(Alert::from));
            }
            let channel = row.channel_name.unwrap_or_default();
            Ok::<_, StoreError>(Some(Linked { channel, alerts }))
        });
        let linked = read.await?.filter(|linked| !linked.alerts.is_empty());
        Ok((may, linked.ok_or(LinkError::Removed)?))
    }
}
