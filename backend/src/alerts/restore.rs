//! What a start finds: the rules of the first one, and what the last run knew; never evaluates.

use common::alert::{AlertState, Rule};
use common::ids::RuleId;
use common::time::UnixMs;
use uuid::Uuid;

use super::engine::ENGINE;
use super::memory::{Fingerprint, Memory};
use crate::rules::{RuleState, default_rules};
use crate::store::{Store, StoreError, tables};

/// Under this name the database notes that the default rules were put in.
const DEFAULT_RULES: &str = "default rules";

/// Puts the default rules in, once: a person who removes one has removed it for good.
pub(super) async fn seed(store: &Store, now: UnixMs) -> Result<(), StoreError> {
    let put_in = store.change(&ENGINE, move |conn| {
        if !tables::rule::mark_seeded(conn, DEFAULT_RULES, now)? {
            return Ok(());
        }
        for input in default_rules() {
            let rule = Rule {
                id: RuleId(Uuid::now_v7()),
                version: 1,
                created_at: now,
                updated_at: now,
                input,
            };
            tables::rule::insert(conn, &rule.into())?;
        }
        Ok(())
    });
    put_in.await
}

/// Open alerts, and past ones that still hold back a new firing, with the states of their rules.
pub(super) async fn memory(store: &Store, now: UnixMs) -> Result<Memory, StoreError> {
    let rows = store
        .read(move |conn| tables::alert::remembered(conn, now))
        .await?;
    let mut memory = Memory::default();
    for row in rows {
        let state: RuleState =
            serde_json::from_str(&row.rule_state).map_err(|_| StoreError::Corrupt {
                what: "rule state of an alert",
            })?;
        let series = memory.0.entry(Fingerprint::of(&row)).or_default();
        series.state = state;
        if row.state.0 == AlertState::Resolved {
            series.last = Some(row.id.0);
        } else {
            series.open = Some(row);
        }
    }
    Ok(memory)
}
