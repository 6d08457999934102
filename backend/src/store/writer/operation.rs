//! A closure as a job: runs it, keeps its result, answers after the commit.

use std::panic::{AssertUnwindSafe, catch_unwind};

use super::{Job, Verdict};
use crate::store::Connection;
use crate::store::actor::Actor;
use crate::store::error::StoreError;

/// A change by `actor`, and what is called with its answer.
pub(in crate::store) struct Operation<F, R, T, E> {
    actor: Actor,
    change: Option<F>,
    outcome: Option<Result<T, E>>,
    reply: R,
}

impl<F, R, T, E> Operation<F, R, T, E> {
    /// A job that hands its answer to `reply`, on the writing thread.
    pub(in crate::store) fn new(actor: Actor, change: F, reply: R) -> Self {
        Self {
            actor,
            change: Some(change),
            outcome: None,
            reply,
        }
    }
}

impl<F, R, T, E> Job for Operation<F, R, T, E>
where
    F: FnOnce(&mut Connection) -> Result<T, E> + Send,
    R: FnOnce(Result<T, E>) + Send,
    T: Send,
    E: From<StoreError> + Send,
{
    fn run(&mut self, conn: &mut Connection) -> Verdict {
        let Some(change) = self.change.take() else {
            return Verdict::Undo;
        };
        let outcome = catch_unwind(AssertUnwindSafe(|| change(conn))).unwrap_or_else(|_| {
            tracing::error!(actor = ?self.actor, "a change panicked and was rolled back");
            Err(StoreError::Panicked.into())
        });
        let verdict = if outcome.is_ok() {
            Verdict::Keep
        } else {
            Verdict::Undo
        };
        self.outcome = Some(outcome);
        verdict
    }

    fn answer(self: Box<Self>, commit: Result<(), StoreError>) {
        let outcome = match (self.outcome, commit) {
            (Some(Ok(_)) | None, Err(error)) => Err(error.into()),
            (Some(outcome), _) => outcome,
            (None, Ok(())) => Err(StoreError::Closed.into()),
        };
        (self.reply)(outcome);
    }
}
