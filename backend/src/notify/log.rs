//! The log of deliveries: what went where, tried again by hand, and how channels did; never a message's text.

use common::api::deliveries::{
    ChannelStatistics, Delivery, DeliveryAttempt, DeliveryDetail, DeliveryFilter, DeliveryState,
    PersonStatistics, ResendDeliveries, Resent, TemplateStatistics,
};
use common::ids::DeliveryId;
use common::time::UnixMs;

use super::error::DeliveryError;
use super::outbox::Outbox;
use super::statistics::{self, Week};
use crate::auth::{Allowed, may};
use crate::clock::Clock;
use crate::store::tables::delivery_attempt::AttemptRow;
use crate::store::tables::delivery_log::DeliveryRow;
use crate::store::{Connection, Store, StoreError, tables};

const DAY_MS: i64 = 24 * 3_600_000;
/// So many deliveries figures are made of, the youngest.
const MOST: i64 = 100_000;
/// So many dead letters are tried again at once, the youngest.
const MOST_RESENT: i64 = 1_000;

/// The log. Clones share it.
#[derive(Debug, Clone)]
pub struct DeliveryLog {
    store: Store,
    clock: Clock,
    outbox: Outbox,
}

impl DeliveryLog {
    /// The log of the worker behind `outbox`.
    pub fn new(store: Store, clock: Clock, outbox: Outbox) -> Self {
        Self {
            store,
            clock,
            outbox,
        }
    }

    /// Up to `limit` deliveries with their numbers, the youngest first, those older than `before`.
    pub async fn page(
        &self,
        may: &Allowed<may::NotificationsRead>,
        filter: DeliveryFilter,
        before: Option<i64>,
        limit: usize,
    ) -> Result<Vec<(i64, Delivery)>, DeliveryError> {
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let groups = may.scope().groups();
        let read = self.store.read(move |conn| {
            let groups = groups.as_deref();
            let rows = tables::delivery_log::page(conn, &filter, groups, before, limit)?;
            let each = rows
                .into_iter()
                .map(|row| Ok((row.seq, shown(conn, row, groups)?)));
            each.collect::<Result<_, DeliveryError>>()
        });
        read.await
    }

    /// A delivery with its attempts.
    pub async fn get(
        &self,
        may: &Allowed<may::NotificationsRead>,
        id: DeliveryId,
    ) -> Result<DeliveryDetail, DeliveryError> {
        let groups = may.scope().groups();
        let read = self
            .store
            .read(move |conn| detail(conn, id, groups.as_deref()));
        read.await
    }

    /// Has a delivery that was refused, given up or dropped tried again; its key stays the same.
    pub async fn resend(
        &self,
        may: &Allowed<may::ChannelsWrite>,
        id: DeliveryId,
    ) -> Result<DeliveryDetail, DeliveryError> {
        let (actor, now) = (may.actor(), self.clock.now());
        let groups = may.scope().groups();
        let revived = self.store.change(&actor, move |conn| {
            let groups = groups.as_deref();
            let row = tables::delivery_log::find(conn, id, groups)?;
            let row = row.ok_or(DeliveryError::NotFound(id))?;
            match row.state.0 {
                DeliveryState::Due => return Err(DeliveryError::Due(id)),
                DeliveryState::Delivered => return Err(DeliveryError::Delivered(id)),
                DeliveryState::Dead | DeliveryState::Dropped => {}
            }
            tables::delivery_log::revive(conn, row.seq, now)?;
            detail(conn, id, groups)
        });
        let revived = revived.await?;
        self.outbox.wake();
        Ok(revived)
    }

    /// Has the dead letters tried again that the caller may see, all or those of a channel; their keys
    /// stay the same.
    pub async fn resend_all(
        &self,
        may: &Allowed<may::ChannelsWrite>,
        which: ResendDeliveries,
    ) -> Result<Resent, DeliveryError> {
        let (actor, now) = (may.actor(), self.clock.now());
        let groups = may.scope().groups();
        let filter = DeliveryFilter {
            channel: which.channel,
            state: Some(DeliveryState::Dead),
            alert: None,
        };
        let revived = self.store.change(&actor, move |conn| {
            let limit = MOST_RESENT + 1;
            let groups = groups.as_deref();
            let mut dead = tables::delivery_log::page(conn, &filter, groups, None, limit)?;
            let more = dead.len() > usize::try_from(MOST_RESENT).unwrap_or(usize::MAX);
            dead.truncate(dead.len() - usize::from(more));
            for row in &dead {
                tables::delivery_log::revive(conn, row.seq, now)?;
            }
            let resent = u32::try_from(dead.len()).unwrap_or(u32::MAX);
            Ok::<_, DeliveryError>(Resent { resent, more })
        });
        let revived = revived.await?;
        self.outbox.wake();
        Ok(revived)
    }

    /// How the channels did over the last `days`.
    pub async fn statistics(
        &self,
        may: &Allowed<may::NotificationsRead>,
        days: u32,
    ) -> Result<Vec<ChannelStatistics>, DeliveryError> {
        let since = self.since(days);
        // An answer may tell of servers that the caller does not see.
        let sees_all = may.scope().groups().is_none();
        let read = self.store.read(move |conn| {
            let mut all = statistics::channels(&week(conn, since)?);
            for one in &mut all {
                if let Some(channel) = one.channel.filter(|_| sees_all) {
                    let last = tables::delivery_log::last_tried(conn, channel, since)?;
                    one.last = last.map(attempt);
                }
            }
            Ok::<_, StoreError>(all)
        });
        Ok(read.await?)
    }

    /// How the templates did over the last `days`.
    pub async fn templates(
        &self,
        _: &Allowed<may::NotificationsRead>,
        days: u32,
    ) -> Result<Vec<TemplateStatistics>, DeliveryError> {
        let since = self.since(days);
        let read = self.store.read(move |conn| {
            let counted = statistics::templates(&week(conn, since)?).into_iter();
            let named = counted.map(|(template, figures)| {
                let row = tables::template::find(conn, template)?;
                Ok(TemplateStatistics {
                    template,
                    template_name: row.map(|row| row.name),
                    figures,
                })
            });
            named.collect::<Result<_, StoreError>>()
        });
        Ok(read.await?)
    }

    /// How the messages to one person alone did over the last `days`, by person.
    pub async fn people(
        &self,
        _: &Allowed<may::NotificationsRead>,
        days: u32,
    ) -> Result<Vec<PersonStatistics>, DeliveryError> {
        let since = self.since(days);
        let read = self.store.read(move |conn| {
            let counted = statistics::people(&week(conn, since)?).into_iter();
            let named = counted.map(|(person, figures)| {
                let row = tables::user::find(conn, person)?;
                Ok(PersonStatistics {
                    person,
                    person_name: row.map(|row| row.shown_name().to_owned()),
                    figures,
                })
            });
            named.collect::<Result<_, StoreError>>()
        });
        Ok(read.await?)
    }

    fn since(&self, days: u32) -> UnixMs {
        UnixMs(self.clock.now().0 - i64::from(days) * DAY_MS)
    }
}

/// What figures are made of.
fn week(conn: &mut Connection, since: UnixMs) -> Result<Week, StoreError> {
    Ok((
        tables::delivery_log::passed(conn, since, MOST)?,
        tables::delivery_log::taken(conn, since, MOST)?,
    ))
}

fn shown(
    conn: &mut Connection,
    row: DeliveryRow,
    groups: Option<&[String]>,
) -> Result<Delivery, StoreError> {
    let alerts = tables::delivery_log::alerts_of(conn, row.seq, groups)?;
    Ok(row.shown(alerts))
}

/// A delivery with its attempts, for who sees servers of those groups alone, or all.
fn detail(
    conn: &mut Connection,
    id: DeliveryId,
    groups: Option<&[String]>,
) -> Result<DeliveryDetail, DeliveryError> {
    let row = tables::delivery_log::find(conn, id, groups)?.ok_or(DeliveryError::NotFound(id))?;
    let attempts = tables::delivery_attempt::of(conn, row.seq)?;
    Ok(DeliveryDetail {
        delivery: shown(conn, row, groups)?,
        log: attempts.into_iter().map(attempt).collect(),
    })
}

fn attempt(row: AttemptRow) -> DeliveryAttempt {
    DeliveryAttempt {
        number: row.number.unsigned_abs(),
        at: row.at.0,
        duration_ms: row.duration_ms.unsigned_abs(),
        outcome: row.outcome.0,
        status: row.status,
        answer: row.answer,
        note: row.note,
    }
}
