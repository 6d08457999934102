//! A closure as a job: runs it, keeps its result, answers after the commit.

use std::panic::{AssertUnwindSafe, catch_unwind};

use diesel::SqliteConnection;
use tokio::sync::oneshot;

use super::{Job, Verdict};
use crate::store::actor::Actor;
use crate::store::error::StoreError;

/// A change by `actor`, and where its answer goes.
pub(in crate::store) struct Operation<F, T, E> {
    actor: Actor,
    change: Option<F>,
    outcome: Option<Result<T, E>>,
    reply: oneshot::Sender<Result<T, E>>,
}

impl<F, T, E> Operation<F, T, E> {
    /// A job, and the receiver of its answer.
    pub(in crate::store) fn new(
        actor: Actor,
        change: F,
    ) -> (Box<Self>, oneshot::Receiver<Result<T, E>>) {
        let (reply, answer) = oneshot::channel();
        let job = Box::new(Self {
            actor,
            change: Some(change),
            outcome: None,
            reply,
        });
        (job, answer)
    }
}

impl<F, T, E> Job for Operation<F, T, E>
where
    F: FnOnce(&mut SqliteConnection) -> Result<T, E> + Send,
    T: Send,
    E: From<StoreError> + Send,
{
    fn run(&mut self, conn: &mut SqliteConnection) -> Verdict {
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
        // Who asked may have gone away; the change stands all the same.
        drop(self.reply.send(outcome));
    }
}
