//! Decisions evaluated again by the same function, and compared byte for byte; never written.

use common::api::alerts::{AlertReplay, ReplayedDecision};
use common::ids::AlertId;

use super::error::AlertError;
use super::handle::Alerts;
use super::steps::written;
use crate::auth::{Allowed, may};
use crate::rules::{Input, decide};
use crate::store::tables::decision::DecisionRow;
use crate::store::{StoreError, tables};

/// Most decisions of one answer.
const MOST: i64 = 200;

impl Alerts {
    /// Evaluates what was decided about an alert again: the decisions after the number `after`, the
    /// oldest first.
    pub async fn replay(
        &self,
        may: &Allowed<may::AlertsRead>,
        id: AlertId,
        after: u64,
    ) -> Result<AlertReplay, AlertError> {
        let after = i64::try_from(after).unwrap_or(i64::MAX);
        let scope = may.scope().clone();
        let read = self.store.read(move |conn| {
            if scope.find_alert(conn, id)?.is_none() {
                return Ok(None);
            }
            tables::decision::of(conn, id, after, MOST).map(Some)
        });
        let rows = read.await?.ok_or(AlertError::NotFound(id))?;
        let items = rows.into_iter().map(again);
        let items = items.collect::<Result<Vec<_>, StoreError>>()?;
        Ok(AlertReplay {
            identical: items.iter().all(|it| it.identical),
            items,
        })
    }
}

fn again(row: DecisionRow) -> Result<ReplayedDecision, StoreError> {
    let DecisionRow {
        id,
        decision,
        definition,
    } = row;
    let input: Input = read(&decision.input)?;
    let replayed = written(&decide(&definition, &input));
    Ok(ReplayedDecision {
        id: id.unsigned_abs(),
        seq: decision.seq.map(i64::unsigned_abs),
        at: decision.at.0,
        rule_version: decision.rule_version.unsigned_abs(),
        rule: definition,
        identical: replayed == decision.outcome,
        input: read(&decision.input)?,
        stored: read(&decision.outcome)?,
        replayed: read(&replayed)?,
    })
}

fn read<T: serde::de::DeserializeOwned>(text: &str) -> Result<T, StoreError> {
    serde_json::from_str(text).map_err(|_| StoreError::Corrupt {
        what: "decision about an alert",
    })
}
