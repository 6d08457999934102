//! The alerts that transitions come to: from a firing to its end; never how they are told.

use super::decision::Outcome;
use super::flapping::Telling;
use super::transition::Step;
use common::alert::Severity;
use common::time::UnixMs;

/// One alert of a back-test.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Episode {
    /// When it fires.
    pub started_at: UnixMs,
    /// When it is over; `None` while it fires.
    pub ended_at: Option<UnixMs>,
    /// Its severities with the moment from which on each holds; never empty.
    pub steps: Vec<(UnixMs, Severity)>,
}

impl Episode {
    /// The worst that it reached.
    pub fn severity(&self) -> Severity {
        let severities = self.steps.iter().map(|(_, severity)| *severity);
        severities.max().unwrap_or(Severity::Warning)
    }

    /// For how many milliseconds it fires until `end`.
    pub fn firing_ms(&self, end: UnixMs) -> i64 {
        self.ended_at.unwrap_or(end).since_ms(self.started_at)
    }
}

/// The alerts of one series so far.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Episodes {
    /// In their order; the last one may fire still.
    pub all: Vec<Episode>,
    /// Changes that would have been told.
    pub notifications: u64,
}

impl Episodes {
    /// Takes the next decision.
    pub(super) fn take(&mut self, outcome: &Outcome) {
        let changed = outcome.transition.and_then(|it| it.step.change());
        self.notifications += u64::from(match outcome.telling {
            Telling::Usual => changed.is_some(),
            Telling::Held => false,
            Telling::Flaps | Telling::Calmed => true,
        });
        let Some(transition) = outcome.transition else {
            return;
        };
        let (at, severity) = (transition.at, transition.severity);
        match transition.step {
            Step::Fired => self.all.push(Episode {
                started_at: at,
                ended_at: None,
                steps: vec![(at, severity)],
            }),
            Step::Escalated | Step::Deescalated => {
                if let Some(open) = self.all.last_mut() {
                    open.steps.push((at, severity));
                }
            }
            Step::Resolved => {
                if let Some(open) = self.all.last_mut() {
                    open.ended_at = Some(at);
                }
            }
            Step::Pending | Step::Cleared => {}
        }
    }
}
