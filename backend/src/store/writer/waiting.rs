//! Counts the changes on their way through the writer; never makes one.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::{Job, Verdict};
use crate::store::connection::Connection;
use crate::store::error::StoreError;

/// How many changes wait or are being made. Clones share it.
#[derive(Debug, Clone, Default)]
pub(super) struct Waiting(Arc<AtomicUsize>);

impl Waiting {
    pub(super) fn count(&self) -> usize {
        self.0.load(Ordering::Relaxed)
    }

    /// The same job, counted until it is gone.
    pub(super) fn counted(&self, job: Box<dyn Job>) -> Box<dyn Job> {
        self.0.fetch_add(1, Ordering::Relaxed);
        let place = Place(self.clone());
        Box::new(Counted { job, _place: place })
    }
}

/// One that waits, until it is dropped.
struct Place(Waiting);

impl Drop for Place {
    fn drop(&mut self) {
        self.0.0.fetch_sub(1, Ordering::Relaxed);
    }
}

struct Counted {
    job: Box<dyn Job>,
    _place: Place,
}

impl Job for Counted {
    fn run(&mut self, conn: &mut Connection) -> Verdict {
        self.job.run(conn)
    }

    fn answer(self: Box<Self>, commit: Result<(), StoreError>) {
        self.job.answer(commit);
    }
}
