//! The worker of the outbox: composes, claims, delivers; never loses an intent, never tells twice.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use super::compose::compose;
use super::inbox::OnInbox;
use crate::clock::Clock;
use crate::store::{Actor, Store, StoreError};
use crate::tasks::Tasks;

const WORKER: Actor = Actor::System("outbox");
/// At most so many intents are composed at once.
const TOGETHER: usize = 100;
/// How often the worker looks even when nobody wakes it.
const LOOK_EVERY: Duration = Duration::from_secs(5);

/// What the worker works with.
pub struct Parts {
    /// Where intents and deliveries are kept.
    pub store: Store,
    /// The time.
    pub clock: Clock,
    /// Where the worker's task runs.
    pub tasks: Tasks,
    /// Is told each committed message.
    pub on_inbox: OnInbox,
}

/// The way to the worker. Clones share it.
#[derive(Debug, Clone, Default)]
pub struct Outbox {
    wake: Arc<Notify>,
    is_failing: Arc<AtomicBool>,
}

impl Outbox {
    /// The way to a worker that is started later.
    pub fn new() -> Self {
        Self::default()
    }

    /// Says that there is something to tell. Never waits.
    pub fn wake(&self) {
        self.wake.notify_one();
    }

    /// Whether the last turn of the worker failed.
    pub fn is_failing(&self) -> bool {
        self.is_failing.load(Ordering::Relaxed)
    }
}

/// Starts the worker behind `outbox`.
pub fn start(outbox: &Outbox, parts: Parts) {
    let token = parts.tasks.token();
    let worker = Worker {
        store: parts.store,
        clock: parts.clock,
        on_inbox: parts.on_inbox,
    };
    let task = run(worker, outbox.clone(), token);
    parts.tasks.spawn("outbox", task);
}

async fn run(worker: Worker, outbox: Outbox, token: CancellationToken) {
    while !token.is_cancelled() {
        let outcome = worker.turn().await;
        outbox.is_failing.store(outcome.is_err(), Ordering::Relaxed);
        match outcome {
            Ok(intents) if intents >= TOGETHER => continue,
            Ok(_) => {}
            Err(error) => tracing::error!(%error, "messages wait in the outbox"),
        }
        tokio::select! {
            () = token.cancelled() => {}
            () = outbox.wake.notified() => {}
            () = tokio::time::sleep(LOOK_EVERY) => {}
        }
    }
}

/// The one that works through the outbox.
pub(super) struct Worker {
    pub(super) store: Store,
    pub(super) clock: Clock,
    pub(super) on_inbox: OnInbox,
}

impl Worker {
    /// Composes what is due; how many intents that were.
    pub(super) async fn turn(&self) -> Result<usize, StoreError> {
        let now = self.clock.now();
        let limit = i64::try_from(TOGETHER).unwrap_or(i64::MAX);
        let composed = self
            .store
            .change(&WORKER, move |conn| compose(conn, now, limit));
        let composed = composed.await?;
        for change in composed.inbox {
            (self.on_inbox)(change);
        }
        Ok(composed.intents)
    }
}
