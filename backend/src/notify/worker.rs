//! What the outbox does: composes, claims, sends one; never loses an intent, never decides when.

use std::sync::Arc;
use std::time::Duration;

use common::ids::ChannelId;
use common::time::UnixMs;

use super::channels::Verdict;
use super::compose::{By, compose, is_due};
use super::inbox::OnInbox;
use super::lanes::{Slot, Slots};
use super::send::Wire;
use super::{load, settle};
use crate::clock::Clock;
use crate::store::tables::channel::ChannelRow;
use crate::store::tables::delivery_claim::{self, Claim};
use crate::store::{Actor, Connection, Store, StoreError, tables};

pub(super) const WORKER: Actor = Actor::System("outbox");
/// At most so many intents are composed, or deliveries of a channel dropped, at once.
const TOGETHER: usize = 100;
/// How long a worker has a delivery before another may take it: longer than an attempt takes.
const LEASE_MS: i64 = 30_000;
/// A wall clock that moved so far beside the other one has been set.
const JUMP_MS: i64 = 2_000;

/// The one that works through the outbox. Clones are the same worker.
#[derive(Clone)]
pub(super) struct Worker {
    pub(super) store: Store,
    pub(super) clock: Clock,
    pub(super) on_inbox: OnInbox,
    pub(super) wire: Wire,
    pub(super) by: Arc<By>,
}

/// What a turn brought.
#[derive(Debug)]
pub(super) struct Turn {
    /// What has to be sent now.
    pub(super) claims: Vec<(ChannelRow, Claim)>,
    /// How many intents were looked at, or whatever else was more.
    pub(super) composed: usize,
    /// Something is due now: what was looked at was a part, or made something else due.
    pub(super) is_more: bool,
    /// When the next thing that waits is due; `None` when nothing waits.
    pub(super) next_in: Option<Duration>,
}

impl Turn {
    /// Whether there is more to compose at once.
    pub(super) fn is_full(&self) -> bool {
        self.composed > 0 && self.is_more
    }
}

impl Worker {
    /// Composes what is due and claims what may be sent, in one transaction.
    pub(super) async fn turn(&self, slots: Slots) -> Result<Turn, StoreError> {
        let now = self.clock.now();
        let by = Arc::clone(&self.by);
        let turn = self.store.change(&WORKER, move |conn| {
            let composed = compose(conn, &by, now, limit())?;
            let is_more = is_due(conn, now)?;
            let mut claims = Vec::new();
            for id in delivery_claim::channels_due(conn, now)? {
                claims.extend(claim(conn, id, now, slots.of(id))?);
            }
            let waits = [
                delivery_claim::next_at(conn, now)?,
                tables::intent::next_at(conn, now)?,
                tables::notice::next_at(conn, now)?,
                tables::escalation::next_at(conn, now)?,
            ];
            Ok::<_, StoreError>((composed, is_more, claims, waits.into_iter().flatten().min()))
        });
        let turn = turn.await.inspect_err(|_| {
            // What was read in a change that was taken back may never have been.
            self.by.plans.present.changed();
        });
        let (composed, is_more, claims, next_at) = turn?;
        for change in composed.inbox {
            (self.on_inbox)(change);
        }
        let left = next_at.map(|at| u64::try_from(at.since_ms(now)).unwrap_or(0));
        Ok(Turn {
            claims,
            composed: composed.worked,
            is_more,
            next_in: left.map(Duration::from_millis),
        })
    }

    /// Sends what was claimed and writes down what follows. What cannot be written is taken up again
    /// when the lease is over, with the same key.
    pub(super) async fn attempt(self, channel: ChannelRow, claim: Claim) -> (ChannelId, Verdict) {
        let id = channel.id.0;
        match self.try_attempt(channel, claim).await {
            Ok(verdict) => (id, verdict),
            Err(error) => {
                tracing::error!(%error, delivery = %claim.id.0, "an attempt was not stored");
                (id, Verdict::Later(None))
            }
        }
    }

    async fn try_attempt(&self, channel: ChannelRow, claim: Claim) -> Result<Verdict, StoreError> {
        let loaded = self
            .store
            .read(move |conn| load::load(conn, claim.seq, &channel).map(|it| (it, channel)));
        let (loaded, channel) = loaded.await?;
        let (key, composed_at) = (claim.id.0, claim.created_at.0);
        let attempt = self.wire.tell(&channel, key, composed_at, loaded).await;
        let (verdict, now) = (attempt.answered.verdict, self.clock.now());
        let settled = self.store.change(&WORKER, move |conn| {
            settle::settle(conn, &claim, &channel, &attempt, now)
        });
        settled.await?;
        Ok(verdict)
    }

    /// Gives back all that is claimed.
    pub(super) async fn release_all(&self) -> Result<(), StoreError> {
        let release = delivery_claim::release_all;
        self.store.change(&WORKER, release).await
    }

    /// The wall clock beside the one that is never set.
    pub(super) fn offset_ms(&self) -> i64 {
        let monotonic = i64::try_from(self.clock.monotonic().as_millis()).unwrap_or(i64::MAX);
        self.clock.now().0 - monotonic
    }

    /// When the wall clock was set, what waits goes with it: nothing waits an hour because of it.
    pub(super) async fn follow_clock(&self, offset_ms: &mut i64) -> Result<(), StoreError> {
        let now = self.offset_ms();
        let jump = now - *offset_ms;
        if jump.abs() < JUMP_MS {
            return Ok(());
        }
        tracing::warn!(
            jump_ms = jump,
            "the clock was set: messages that wait go with it"
        );
        let shift = self.store.change(&WORKER, move |conn| {
            tables::intent::shift(conn, jump)?;
            tables::notice::shift(conn, jump)?;
            tables::escalation::shift(conn, jump)?;
            delivery_claim::shift(conn, jump)
        });
        shift.await?;
        *offset_ms = now;
        Ok(())
    }
}

/// Claims what may be sent to a channel, or drops what cannot.
fn claim(
    conn: &mut Connection,
    id: ChannelId,
    now: UnixMs,
    slot: Slot,
) -> Result<Vec<(ChannelRow, Claim)>, StoreError> {
    let channel = tables::channel::find(conn, id)?;
    let Some(row) = channel.as_ref().filter(|row| row.enabled) else {
        settle::drop_waiting(conn, id, channel.as_ref(), now, limit())?;
        return Ok(Vec::new());
    };
    if slot.is_down {
        settle::relieve(conn, row, now, limit())?;
    }
    if slot.free == 0 {
        return Ok(Vec::new());
    }
    let most = i64::try_from(slot.free).unwrap_or(i64::MAX);
    let claims = delivery_claim::claim(conn, id, now, now.plus_ms(LEASE_MS), most)?;
    let each = claims.into_iter().map(|claim| (row.clone(), claim));
    Ok(each.collect())
}

fn limit() -> i64 {
    i64::try_from(TOGETHER).unwrap_or(i64::MAX)
}
