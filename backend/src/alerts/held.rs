//! Who holds alerts back, for those who look at them; never whether somebody is told.

use std::collections::BTreeMap;
use std::sync::Arc;

use common::alert::Alert;
use common::ids::{AlertId, SilenceId, WindowId};

use super::changed::AlertChanged;
use super::commit::DurableStep;
use super::engine::Engine;
use super::noise::Subject;
use crate::rules::REPORTING;
use crate::store::tables::alert::AlertRow;

/// Is told that others hold alerts back than before, without a step of these. It must not wait.
pub type OnHolding = Arc<dyn Fn() + Send + Sync>;

/// What held alerts back when that was shown last.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct HoldersShown {
    /// Silences and windows, of each alert that some hold back.
    by_alert: BTreeMap<AlertId, (Vec<SilenceId>, Vec<WindowId>)>,
    /// The alerts that can hold others back, in their order.
    sources: Vec<AlertId>,
}

impl HoldersShown {
    fn note(&mut self, alert: AlertId, holders: (Vec<SilenceId>, Vec<WindowId>)) {
        if holders.0.is_empty() && holders.1.is_empty() {
            self.by_alert.remove(&alert);
        } else {
            self.by_alert.insert(alert, holders);
        }
    }
}

impl Engine {
    /// Goes by what holds alerts back as it stands now, or by what it knows when that cannot be read.
    pub(super) async fn follow_plan(&mut self) {
        let present = self.outside.present.clone();
        match present.when_reading(&self.store, self.clock.now()).await {
            Ok(plan) => self.plan = plan,
            Err(error) => tracing::error!(%error, "silences could not be read"),
        }
    }

    /// The alerts that can hold others back.
    pub(super) fn sources(&self) -> Vec<Subject> {
        let may_hold = |row: &AlertRow| self.plan.has_inhibitions() || row.metric == REPORTING;
        let rows = self.memory.open().map(|(_, _, row)| row);
        let subjects = rows
            .filter(|row| may_hold(row))
            .map(|row| self.subject(row));
        subjects.filter(|it| self.plan.is_source(it)).collect()
    }

    /// The alert as conditions see it.
    pub(super) fn subject(&self, row: &AlertRow) -> Subject {
        let server = self.servers.active(row.server_id.0);
        let group = server.and_then(|server| server.group.as_deref());
        Subject::of(row, group)
    }

    /// The alert as it is shown: with who holds it back while it is not over.
    pub(super) fn shown(&self, row: &AlertRow, sources: &[Subject]) -> Alert {
        let mut alert = Alert::from(row.clone());
        if alert.resolved_at.is_none() {
            let subject = self.subject(row);
            let holding = self.plan.holding(&subject, sources, self.clock.now());
            alert.silenced_by = holding.silenced_by;
            alert.muted_by = holding.muted_by;
            alert.inhibited_by = holding.inhibited_by;
        }
        alert
    }

    /// Shows steps that are durable; the alert as it was after the last of them.
    pub(super) fn show(&mut self, steps: Vec<DurableStep>) -> Option<Alert> {
        let sources = self.sources();
        let mut last = None;
        for DurableStep { seq, change, row } in steps {
            let alert = self.shown(&row, &sources);
            let holders = (alert.silenced_by.clone(), alert.muted_by.clone());
            self.holders.note(alert.id, holders);
            last = Some(alert.clone());
            (self.on_change)(AlertChanged { seq, change, alert });
        }
        last
    }

    /// Lets who looks read anew when silences, windows or other alerts began or ceased to hold alerts back.
    pub(super) fn show_holders(&mut self) {
        let mut now = HoldersShown {
            sources: self.sources().iter().map(|it| it.id).collect(),
            ..HoldersShown::default()
        };
        now.sources.sort();
        let may_hold = !self.plan.is_empty();
        for (_, _, row) in self.memory.open().filter(|_| may_hold) {
            let holding = (self.plan).holding(&self.subject(row), &[], self.clock.now());
            now.note(row.id.0, (holding.silenced_by, holding.muted_by));
        }
        if self.holders != now {
            self.holders = now;
            (self.outside.on_holding)();
        }
    }
}
