//! The rounds of the outbox: a turn, then what it claimed is sent beside the next ones; never what a turn does.

use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use common::ids::ChannelId;
use futures_util::future::BoxFuture;
use futures_util::stream::FuturesUnordered;
use futures_util::{FutureExt, StreamExt};
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use super::channels::Verdict;
use super::compose::By;
use super::inbox::OnInbox;
use super::lanes::Lanes;
use super::route::Plans;
use super::send::Wire;
use super::worker::Worker;
use crate::alerts::noise::Present;
use crate::clock::Clock;
use crate::store::{Store, StoreError};
use crate::tasks::Tasks;

/// How often the worker looks even when nobody wakes it.
const LOOK_EVERY: Duration = Duration::from_secs(5);
/// How long messages on their way are waited for at the end.
const DRAIN: Duration = Duration::from_secs(3);

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
    /// The way out.
    pub wire: Wire,
    /// What holds alerts back.
    pub present: Present,
    /// How many messages a channel gets in a minute before they are put together; 0: any.
    pub messages_per_minute: u32,
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
pub async fn start(outbox: &Outbox, parts: Parts) -> Result<(), StoreError> {
    let token = parts.tasks.token();
    let worker = Worker {
        store: parts.store,
        clock: parts.clock,
        on_inbox: parts.on_inbox,
        wire: parts.wire,
        by: Arc::new(By {
            plans: Plans::new(parts.present),
            messages_per_minute: parts.messages_per_minute,
        }),
    };
    // One process has the data: what an earlier one had claimed is free.
    worker.release_all().await?;
    let rounds = Rounds {
        offset_ms: worker.offset_ms(),
        worker,
        outbox: outbox.clone(),
        lanes: Lanes::default(),
        sends: FuturesUnordered::new(),
    };
    parts.tasks.spawn("outbox", rounds.run(token));
    Ok(())
}

/// A message that came back from its channel.
type Sent = (ChannelId, Verdict);

/// The worker with what is on its way.
struct Rounds {
    worker: Worker,
    outbox: Outbox,
    lanes: Lanes,
    sends: FuturesUnordered<BoxFuture<'static, Sent>>,
    /// The wall clock beside the other one, when it was last looked at.
    offset_ms: i64,
}

impl Rounds {
    async fn run(mut self, token: CancellationToken) {
        while !token.is_cancelled() {
            let Some(pause) = self.round().await else {
                continue;
            };
            tokio::select! {
                () = token.cancelled() => {}
                () = self.outbox.wake.notified() => {}
                Some(sent) = self.sends.next(), if !self.sends.is_empty() => self.back(sent),
                () = tokio::time::sleep(pause) => {}
            }
        }
        self.stop().await;
    }

    /// Takes a turn and sends what it claimed; how long nothing has to be done then, `None` when
    /// there is more.
    async fn round(&mut self) -> Option<Duration> {
        let slots = self.lanes.slots(self.now());
        let worker = self.worker.clone();
        let mut offset_ms = self.offset_ms;
        let turn = async {
            worker.follow_clock(&mut offset_ms).await?;
            worker.turn(slots).await
        };
        let turned = beside(turn, &mut self.sends, &mut self.lanes, &self.worker.clock).await;
        self.offset_ms = offset_ms;
        let is_failing = &self.outbox.is_failing;
        is_failing.store(turned.is_err(), Ordering::Relaxed);
        let turn = match turned {
            Ok(turn) => turn,
            Err(error) => {
                tracing::error!(%error, "messages wait in the outbox");
                return Some(LOOK_EVERY);
            }
        };
        let is_full = turn.is_full();
        for (channel, claim) in turn.claims {
            self.lanes.out(channel.id.0);
            let attempt = self.worker.clone().attempt(channel, claim);
            self.sends.push(attempt.boxed());
        }
        if is_full {
            return None;
        }
        let held = self.lanes.next_in(self.now());
        let next = [Some(LOOK_EVERY), turn.next_in, held];
        next.into_iter().flatten().min()
    }

    /// Takes back what has come, as much of it as there is.
    fn back(&mut self, sent: Sent) {
        let now = self.now();
        self.lanes.back(sent.0, sent.1, now);
        while let Some(Some((channel, verdict))) = self.sends.next().now_or_never() {
            self.lanes.back(channel, verdict, now);
        }
    }

    /// Lets messages on their way arrive, and gives back those that do not.
    async fn stop(mut self) {
        let drained = async { while self.sends.next().await.is_some() {} };
        if tokio::time::timeout(DRAIN, drained).await.is_err() {
            tracing::info!("messages on their way are sent again after the next start");
        }
        drop(self.sends);
        if let Err(error) = self.worker.release_all().await {
            tracing::warn!(%error, "messages that did not arrive wait until the next start");
        }
    }

    fn now(&self) -> Duration {
        self.worker.clock.monotonic()
    }
}

/// Does `work` while messages are on their way.
async fn beside<T>(
    work: impl Future<Output = T>,
    sends: &mut FuturesUnordered<BoxFuture<'static, Sent>>,
    lanes: &mut Lanes,
    clock: &Clock,
) -> T {
    let mut work = pin!(work);
    loop {
        tokio::select! {
            done = &mut work => return done,
            Some((channel, verdict)) = sends.next(), if !sends.is_empty() => {
                lanes.back(channel, verdict, clock.monotonic());
            }
        }
    }
}
