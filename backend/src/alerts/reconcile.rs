//! Ends alerts that nobody asks for any more: rules and servers that changed or went; never by values.

use common::alert::RuleKind;
use common::time::UnixMs;

use super::batch::Batch;
use super::by_hand::{self, ByHand};
use super::memory::{Fingerprint, Memory};
use super::rule_index::RuleIndex;
use super::watched::Servers;
use crate::rules::{RuleState, matches_labels, watches};

/// Ends every open alert whose rule or server no longer asks for it. Its cooldown ends too.
pub(super) fn plan(memory: &Memory, rules: &RuleIndex, servers: &Servers, now: UnixMs) -> Batch {
    let mut batch = Batch::default();
    for (key, series, row) in memory.open() {
        if let Some(note) = reason(key, row.threshold.is_none(), rules, servers) {
            let removal = ByHand {
                by: None,
                comment: Some(note.to_owned()),
                at: now,
            };
            let forgotten = RuleState::default();
            let (after, writes) = by_hand::ended(series, row, removal, forgotten, None);
            batch.add(key, after, writes);
        }
    }
    batch
}

/// Why the alert ends; `None` when it stays.
fn reason(
    key: &Fingerprint,
    is_absence: bool,
    rules: &RuleIndex,
    servers: &Servers,
) -> Option<&'static str> {
    let Some(active) = rules.get(key.rule) else {
        return Some("The rule was removed or switched off.");
    };
    let Some(server) = servers.active(key.server) else {
        return Some("Monitoring of this server was stopped.");
    };
    let rule = &active.rule.input;
    let is_meant = match rule.kind {
        RuleKind::Absence => is_absence,
        RuleKind::Threshold | RuleKind::Rate => !is_absence && matches_labels(rule, &key.labels),
        // What the expression does not give any more ends with its next evaluation.
        RuleKind::Promql => true,
        RuleKind::Composite => key.labels.is_empty(),
    };
    let asks = is_meant
        && rule.metric == key.metric.as_str()
        && watches(rule, server.id, server.group.as_deref());
    (!asks).then_some("The rule was changed and does not look at this any more.")
}
