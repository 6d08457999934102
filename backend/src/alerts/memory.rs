//! What the engine knows about each rule and series; never more than is committed.

use std::collections::HashMap;

use common::alert::{AlertCounts, AlertState, Severity};
use common::ids::{AlertId, RuleId, ServerId};
use common::series::{Labels, MetricName};
use common::time::UnixMs;
use foldhash::fast::RandomState;

use crate::rules::RuleState;
use crate::store::tables::alert::AlertRow;

/// Which alert: a rule on a series.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Fingerprint {
    /// The rule.
    pub(super) rule: RuleId,
    /// The server of the series.
    pub(super) server: ServerId,
    /// The metric of the series.
    pub(super) metric: MetricName,
    /// The labels of the series; none for an absence.
    pub(super) labels: Labels,
}

impl Fingerprint {
    /// The fingerprint that a stored alert has.
    pub(super) fn of(row: &AlertRow) -> Self {
        Self {
            rule: row.rule_id.0,
            server: row.server_id.0,
            metric: row.metric.as_str().into(),
            labels: row.series_labels.0.clone(),
        }
    }
}

/// A rule and a series between two evaluations.
#[derive(Debug, Clone, Default)]
pub(super) struct Series {
    /// What the rule remembers.
    pub(super) state: RuleState,
    /// The alert that is not over.
    pub(super) open: Option<AlertRow>,
    /// The last alert that is over, in whose row the state stands while none is open.
    pub(super) last: Option<AlertId>,
    /// The state has changed since it was written down.
    pub(super) is_dirty: bool,
}

impl Series {
    /// The row that the state is written to; `None` when it stands nowhere yet.
    pub(super) fn row(&self) -> Option<AlertId> {
        self.open.as_ref().map(|row| row.id.0).or(self.last)
    }

    /// Whether the alert was told and is not over.
    pub(super) fn is_firing(&self) -> bool {
        self.open
            .as_ref()
            .is_some_and(|row| row.state.0 != AlertState::Pending)
    }

    /// Whether a series never seen would behave the same from now on.
    pub(super) fn is_forgettable(&self, cooldown_seconds: u32, now: UnixMs) -> bool {
        let holds = self.state.holds_until(cooldown_seconds);
        let waits = [self.state.warning, self.state.critical]
            .iter()
            .any(|track| track.since().is_some());
        self.open.is_none() && !waits && holds.is_none_or(|until| until <= now)
    }
}

/// All that is not as if it had never been seen.
#[derive(Debug, Default)]
pub(super) struct Memory(pub(super) HashMap<Fingerprint, Series, RandomState>);

impl Memory {
    /// The series with an alert that is not over.
    pub(super) fn open(&self) -> impl Iterator<Item = (&Fingerprint, &Series, &AlertRow)> {
        self.0
            .iter()
            .filter_map(|(key, series)| Some((key, series, series.open.as_ref()?)))
    }

    /// The fingerprint and state of the alert, while it is not over.
    pub(super) fn find_open(&self, id: AlertId) -> Option<(&Fingerprint, &Series, &AlertRow)> {
        self.open().find(|(_, _, row)| row.id.0 == id)
    }

    /// Firing alerts by server that count, acknowledged ones included.
    pub(super) fn firing_counts(
        &self,
        counts_in: impl Fn(&AlertRow) -> bool,
    ) -> HashMap<ServerId, AlertCounts> {
        let mut counts: HashMap<ServerId, AlertCounts> = HashMap::new();
        for (key, series, row) in self.open() {
            if series.is_firing() && counts_in(row) {
                let counts = counts.entry(key.server).or_default();
                match row.severity.0 {
                    Severity::Warning => counts.warning += 1,
                    Severity::Critical => counts.critical += 1,
                }
            }
        }
        counts
    }
}
