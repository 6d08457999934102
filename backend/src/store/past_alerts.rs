//! Removes alerts, deliveries and silences that ended long ago, with all that belongs to them; never one that is open.

use common::time::UnixMs;

use super::{Actor, Store, StoreError, tables};

/// Alerts, or deliveries, removed in one transaction: others come in between.
const TOGETHER: i64 = 200;
/// Decisions that are kept of one alert, the newest.
const DECISIONS: i64 = 1_000;
/// Length of a slot of the flight recorder.
const SLOT_MS: i64 = 600_000;
/// So long a silence that is over stays in the list.
const LISTED_MS: i64 = 30 * 86_400_000;
/// The longest interval of a group, and a day.
const LONGEST_INTERVAL_MS: i64 = 8 * 86_400_000;

/// What was removed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct PastAlerts {
    /// Alerts with their history.
    pub alerts: usize,
    /// Decisions about alerts that had very many.
    pub decisions: usize,
    /// Recordings of ten minutes.
    pub recordings: usize,
}

impl Store {
    /// Removes alerts that ended before a moment, recordings from before it, and what is too much of
    /// the decisions about one alert.
    pub async fn remove_past_alerts(
        &self,
        actor: Actor,
        before: UnixMs,
    ) -> Result<PastAlerts, StoreError> {
        let mut removed = PastAlerts::default();
        loop {
            let remove = self.change(&actor, move |conn| {
                tables::alert::remove_past(conn, before, TOGETHER)
            });
            let some = remove.await?;
            removed.alerts += some;
            if some < usize::try_from(TOGETHER).unwrap_or(usize::MAX) {
                break;
            }
        }
        let rest = self.change(&actor, move |conn| {
            let slot = before.0.div_euclid(SLOT_MS);
            Ok::<_, StoreError>((
                tables::decision::prune(conn, DECISIONS)?,
                tables::recording::remove_before(conn, slot)?,
            ))
        });
        (removed.decisions, removed.recordings) = rest.await?;
        Ok(removed)
    }

    /// Removes deliveries that were composed before a moment and are over, with their attempts, when
    /// their alerts had ended before it too: who was told of an alert has to hear of its end. How many.
    pub async fn remove_past_deliveries(
        &self,
        actor: Actor,
        before: UnixMs,
    ) -> Result<usize, StoreError> {
        let mut removed = 0;
        loop {
            let remove = self.change(&actor, move |conn| {
                tables::delivery::remove_past(conn, before, TOGETHER)
            });
            let some = remove.await?;
            removed += some;
            if some < usize::try_from(TOGETHER).unwrap_or(usize::MAX) {
                return Ok(removed);
            }
        }
    }

    /// Removes silences and single windows that ended a month ago, and what says when groups were
    /// told that no interval goes back to. How many documents that were.
    pub async fn remove_past_noise(&self, actor: Actor, now: UnixMs) -> Result<usize, StoreError> {
        let remove = self.change(&actor, move |conn| {
            tables::notice::forget_groups(conn, now.plus_ms(-LONGEST_INTERVAL_MS))?;
            tables::alerting_document::remove_ended(conn, now.plus_ms(-LISTED_MS))
        });
        remove.await
    }
}
