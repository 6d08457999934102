//! What was lost because somebody was too slow; never a reason to wait.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

/// Counters of what was lost since the start. Clones share them.
#[derive(Debug, Clone, Default)]
pub struct Losses(Arc<Counters>);

#[derive(Debug, Default)]
struct Counters {
    samples: Arc<AtomicU64>,
    unstored: AtomicU64,
    unevaluated: AtomicU64,
    /// The last sample could not be stored.
    failing: AtomicBool,
}

/// What was lost so far.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Lost {
    /// Samples of this host that found the queue full.
    pub samples: u64,
    /// Samples that the store refused.
    pub unstored: u64,
    /// Stored samples that the rules did not see, because their queue was full.
    pub unevaluated: u64,
}

impl Losses {
    /// The counter for whoever takes samples and finds the queue full.
    pub fn samples(&self) -> Arc<AtomicU64> {
        Arc::clone(&self.0.samples)
    }

    /// What was lost so far.
    pub fn so_far(&self) -> Lost {
        Lost {
            samples: self.0.samples.load(Ordering::Relaxed),
            unstored: self.0.unstored.load(Ordering::Relaxed),
            unevaluated: self.0.unevaluated.load(Ordering::Relaxed),
        }
    }

    /// Whether the last sample could not be stored.
    pub fn is_failing(&self) -> bool {
        self.0.failing.load(Ordering::Relaxed)
    }

    pub(super) fn stored(&self) {
        self.0.failing.store(false, Ordering::Relaxed);
    }

    pub(super) fn unstored(&self) {
        self.0.unstored.fetch_add(1, Ordering::Relaxed);
        self.0.failing.store(true, Ordering::Relaxed);
    }

    pub(super) fn unevaluated(&self) {
        self.0.unevaluated.fetch_add(1, Ordering::Relaxed);
    }
}
