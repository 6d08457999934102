//! How each target's last scrape went, for whoever asks; never a value that it said.

use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use common::series::Labels;
use common::time::UnixMs;

/// A target and how its last scrape went.
#[derive(Debug, Clone, PartialEq)]
pub struct TargetState {
    /// Name of its job.
    pub job: String,
    /// Where it is asked, without secrets.
    pub url: String,
    /// Name of the server that its series belong to; `None`: the one that Watchpost runs on.
    pub server: Option<String>,
    /// The labels that its series get.
    pub labels: Labels,
    /// Time between two scrapes.
    pub interval: Duration,
    /// Time after which one is given up.
    pub timeout: Duration,
    /// The last scrape; `None` before the first.
    pub last: Option<LastScrape>,
    /// Scrapes that failed since the target is there.
    pub failures: u64,
    /// When the next one begins.
    pub next_at: UnixMs,
}

/// How a scrape went.
#[derive(Debug, Clone, PartialEq)]
pub struct LastScrape {
    /// When it began.
    pub at: UnixMs,
    /// How long it took.
    pub duration: Duration,
    /// Values that are kept.
    pub samples: usize,
    /// Why nothing was taken; `None` when something was.
    pub error: Option<String>,
}

/// The states of all targets. Clones share them.
#[derive(Debug, Clone, Default)]
pub struct Board(Arc<RwLock<BTreeMap<u64, TargetState>>>);

impl Board {
    /// All targets, by job and address.
    pub fn targets(&self) -> Vec<TargetState> {
        let states = self.0.read().unwrap_or_else(PoisonError::into_inner);
        let mut targets: Vec<_> = states.values().cloned().collect();
        drop(states);
        targets.sort_by(|a, b| (&a.job, &a.url, &a.labels).cmp(&(&b.job, &b.url, &b.labels)));
        targets
    }

    /// Shows a target.
    pub(super) fn show(&self, id: u64, state: TargetState) {
        let mut states = self.0.write().unwrap_or_else(PoisonError::into_inner);
        states.insert(id, state);
    }

    /// Takes note of a scrape.
    pub(super) fn note(&self, id: u64, last: LastScrape, next_at: UnixMs) {
        let mut states = self.0.write().unwrap_or_else(PoisonError::into_inner);
        if let Some(state) = states.get_mut(&id) {
            state.failures += u64::from(last.error.is_some());
            state.last = Some(last);
            state.next_at = next_at;
        }
    }

    /// Forgets a target.
    pub(super) fn forget(&self, id: u64) {
        let mut states = self.0.write().unwrap_or_else(PoisonError::into_inner);
        states.remove(&id);
    }
}
