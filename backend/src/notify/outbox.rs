//! The worker of the outbox: composes, claims, delivers; never loses an intent, never tells twice.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use common::access::Permission;
use common::api::inbox::InboxItem;
use common::ids::{InboxItemId, UserId};
use common::time::UnixMs;
use futures_util::future::join_all;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::inbox::{InboxChanged, OnInbox, count};
use super::wording::title;
use crate::clock::Clock;
use crate::store::tables::delivery::{Channel, Claim, DeliveryRow, DeliveryState};
use crate::store::tables::inbox::InboxRow;
use crate::store::tables::intent::Told;
use crate::store::tables::user::UserRow;
use crate::store::tables::{Blob, Moment, Word};
use crate::store::{Actor, Store, StoreError, tables};
use crate::tasks::Tasks;

const WORKER: Actor = Actor::System("outbox");
/// At most so many deliveries are worked on at once.
const TOGETHER: usize = 100;
/// How long a worker has a delivery before another may take it.
const LEASE_MS: i64 = 5_000;
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
pub async fn start(outbox: &Outbox, parts: Parts) -> Result<(), StoreError> {
    // One process has the data: what an earlier one had claimed is free.
    parts
        .store
        .change(&WORKER, tables::delivery::release_all)
        .await?;
    let token = parts.tasks.token();
    let worker = Worker {
        store: parts.store,
        clock: parts.clock,
        on_inbox: parts.on_inbox,
    };
    let task = run(worker, outbox.clone(), token);
    parts.tasks.spawn("outbox", task);
    Ok(())
}

async fn run(worker: Worker, outbox: Outbox, token: CancellationToken) {
    while !token.is_cancelled() {
        let outcome = worker.turn().await;
        outbox.is_failing.store(outcome.is_err(), Ordering::Relaxed);
        match outcome {
            Ok(TOGETHER) => continue,
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
    /// Composes what is due and delivers what it could claim; how many deliveries that were.
    pub(super) async fn turn(&self) -> Result<usize, StoreError> {
        let now = self.clock.now();
        let claims = self.store.change(&WORKER, move |conn| {
            for seq in tables::intent::due(conn, now, limit())? {
                if tables::intent::consume(conn, seq, now)? {
                    tables::delivery::insert(conn, &composed(seq, now))?;
                }
            }
            tables::delivery::claim(conn, now, now.plus_ms(LEASE_MS), limit())
        });
        let claims = claims.await?;
        let worked = claims.len();
        // They queue in their order and share a commit.
        let deliveries = claims.into_iter().map(|claim| self.deliver(claim));
        let outcomes = join_all(deliveries).await;
        outcomes.into_iter().collect::<Result<(), _>>()?;
        Ok(worked)
    }

    /// Puts the message into the inbox of everyone who is told.
    pub(super) async fn deliver(&self, claim: Claim) -> Result<(), StoreError> {
        let now = self.clock.now();
        let delivered = self.store.change(&WORKER, move |conn| {
            if !tables::delivery::complete(conn, claim, now)? {
                return Ok(Vec::new());
            }
            let Some(told) = tables::intent::told(conn, claim.intent_seq)? else {
                return Ok(Vec::new());
            };
            let mut changes = Vec::new();
            for user in recipients(&tables::user::all(conn)?, &told) {
                let row = message(user, &told);
                if tables::inbox::insert_once(conn, &row)? {
                    let unread = tables::inbox::unread(conn, user)?;
                    changes.push(InboxChanged {
                        user,
                        unread: count(unread),
                        items: vec![InboxItem::from(row)],
                    });
                }
            }
            Ok::<_, StoreError>(changes)
        });
        for change in delivered.await? {
            (self.on_inbox)(change);
        }
        Ok(())
    }
}

fn limit() -> i64 {
    i64::try_from(TOGETHER).unwrap_or(i64::MAX)
}

pub(super) fn composed(intent_seq: i64, now: UnixMs) -> DeliveryRow {
    DeliveryRow {
        id: Blob(Uuid::now_v7()),
        intent_seq,
        channel: Word(Channel::InApp),
        state: Word(DeliveryState::Due),
        attempts: 0,
        fence: 0,
        lease_until: None,
        created_at: Moment(now),
        delivered_at: None,
    }
}

/// Everyone who may read alerts and log in, except who did it.
fn recipients(users: &[UserRow], told: &Told) -> Vec<UserId> {
    let by = told.step.by_user.map(|id| id.0);
    users
        .iter()
        .filter(|user| !user.disabled && user.role.0.may(Permission::AlertsRead))
        .map(|user| user.id.0)
        .filter(|user| Some(*user) != by)
        .collect()
}

fn message(user: UserId, told: &Told) -> InboxRow {
    let Told { step, alert } = told;
    InboxRow {
        id: Blob(InboxItemId(Uuid::now_v7())),
        user_id: Blob(user),
        intent_seq: step.seq,
        at: step.at,
        alert_id: step.alert_id,
        change: step.change,
        severity: step.severity,
        server_id: alert.server_id,
        title: title(
            step.change.0,
            step.severity.0,
            &alert.rule_name,
            &alert.server_name,
        ),
        body: step.message.clone(),
        read_at: None,
    }
}
