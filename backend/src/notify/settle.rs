//! What follows from an attempt, in one transaction: done, again later, or a dead letter; never a connection.

use std::time::Duration;

use common::api::deliveries::{AttemptOutcome, DeliveryState};
use common::ids::ChannelId;
use common::time::UnixMs;

use super::channels::Verdict;
use super::schedule::{self, PATIENCE, Wait};
use super::send::Attempt;
use crate::store::tables::channel::ChannelRow;
use crate::store::tables::delivery::NewDelivery;
use crate::store::tables::delivery_attempt::AttemptRow;
use crate::store::tables::delivery_claim::Claim;
use crate::store::tables::{Moment, Word};
use crate::store::{Connection, StoreError, tables};

/// The longest that a provider may have us wait.
const LONGEST_WAIT: Duration = Duration::from_hours(24);
/// So many channels a message is passed on to, one after the other.
const MOST_FALLBACKS: usize = 5;

/// Writes down an attempt and what follows. When the claim was lost nothing follows.
pub(super) fn settle(
    conn: &mut Connection,
    claim: &Claim,
    channel: &ChannelRow,
    attempt: &Attempt,
    now: UnixMs,
) -> Result<(), StoreError> {
    let settling = Settling {
        claim,
        channel,
        attempt,
        now,
    };
    tables::push_subscription::delete(conn, &attempt.answered.gone)?;
    if settling.follow(conn)? {
        tables::delivery_attempt::insert(conn, &settling.row())?;
        if let Some(template) = channel.template_id {
            tables::delivery_claim::note_template(conn, claim.seq, template.0)?;
        }
    }
    Ok(())
}

/// An attempt that came to an end.
struct Settling<'a> {
    claim: &'a Claim,
    channel: &'a ChannelRow,
    attempt: &'a Attempt,
    now: UnixMs,
}

impl Settling<'_> {
    /// Does what follows; false when the claim was lost.
    fn follow(&self, conn: &mut Connection) -> Result<bool, StoreError> {
        match self.attempt.answered.verdict {
            Verdict::Delivered => self.end(conn, DeliveryState::Delivered, None),
            Verdict::Later(after) => {
                let tried = self.claim.attempts - self.claim.attempts_before;
                match schedule::wait(tried.unsigned_abs()) {
                    Some(wait) => {
                        let after = after.unwrap_or_default().min(LONGEST_WAIT);
                        self.put_off(conn, wait.at_least(after))
                    }
                    None => self.bury(conn, "given up"),
                }
            }
            Verdict::Refused => self.bury(conn, "refused"),
            Verdict::Gone => {
                let is_own = self.bury(conn, "gone")?;
                if is_own {
                    disable(conn, self.channel.id.0, self.now)?;
                }
                Ok(is_own)
            }
        }
    }

    /// Has the message tried again later; one that would wait for minutes goes to the channel's
    /// fall-back.
    fn put_off(&self, conn: &mut Connection, wait: Wait) -> Result<bool, StoreError> {
        if wait.whole > PATIENCE && next(conn, self.claim.seq, self.channel)?.is_some() {
            return self.bury(conn, "went on to its fall-back: failed");
        }
        let wait_ms = i64::try_from(wait.next.as_millis()).unwrap_or(i64::MAX);
        let next_at = self.now.plus_ms(wait_ms);
        let reason = self.because("failed");
        tables::delivery_claim::put_off(conn, self.claim, next_at, &reason)
    }

    /// A dead letter, whose message goes on to the next channel.
    fn bury(&self, conn: &mut Connection, what: &str) -> Result<bool, StoreError> {
        let reason = self.because(what);
        let is_own = self.end(conn, DeliveryState::Dead, Some(&reason))?;
        if is_own && let Some(next) = next(conn, self.claim.seq, self.channel)? {
            hand_on(conn, self.claim.seq, next, self.now)?;
        }
        Ok(is_own)
    }

    fn end(
        &self,
        conn: &mut Connection,
        state: DeliveryState,
        reason: Option<&str>,
    ) -> Result<bool, StoreError> {
        tables::delivery_claim::end(conn, self.claim, state, self.now, reason)
    }

    /// "refused with status 404: no such room".
    fn because(&self, what: &str) -> String {
        let answered = &self.attempt.answered;
        let status = answered.status;
        let status = status.map_or_else(String::new, |status| format!(" with status {status}"));
        match answered.answer.as_str() {
            "" => format!("{what}{status}"),
            answer => format!("{what}{status}: {answer}"),
        }
    }

    fn row(&self) -> AttemptRow {
        let (claim, attempt) = (self.claim, self.attempt);
        AttemptRow {
            delivery_seq: claim.seq,
            number: claim.attempts,
            at: Moment(attempt.at),
            duration_ms: i64::try_from(attempt.took.as_millis()).unwrap_or(i64::MAX),
            outcome: Word(outcome(attempt.answered.verdict)),
            status: attempt.answered.status,
            answer: attempt.answered.answer.clone(),
            note: attempt.note.clone(),
        }
    }
}

/// The word in the log.
pub(super) fn outcome(verdict: Verdict) -> AttemptOutcome {
    match verdict {
        Verdict::Delivered => AttemptOutcome::Delivered,
        Verdict::Later(_) => AttemptOutcome::Failed,
        Verdict::Refused => AttemptOutcome::Refused,
        Verdict::Gone => AttemptOutcome::Gone,
    }
}

/// The receiver wants nothing more: a person has to look.
fn disable(conn: &mut Connection, id: ChannelId, now: UnixMs) -> Result<(), StoreError> {
    if let Some(row) = tables::channel::find(conn, id)? {
        let reason = "the receiver answered that it wants no more messages";
        let row = ChannelRow {
            version: row.version + 1,
            enabled: false,
            disabled_because: Some(reason.to_owned()),
            updated_at: Moment(now),
            ..row
        };
        tables::channel::update(conn, &row)?;
    }
    Ok(())
}

/// Where a message goes on to.
struct Next {
    channel: ChannelRow,
    /// When the first of its alerts changed.
    changed_at: Moment,
}

/// The channel that `channel` falls back on; `None` when there is none that takes messages, or this
/// one has been there.
fn next(conn: &mut Connection, seq: i64, channel: &ChannelRow) -> Result<Option<Next>, StoreError> {
    let Some(fallback) = channel.fallback_id else {
        return Ok(None);
    };
    let Some(to) = tables::channel::find(conn, fallback.0)?.filter(|to| to.enabled) else {
        return Ok(None);
    };
    let mut origin = tables::delivery::origin(conn, seq)?;
    let Some(changed_at) = origin.map(|origin| origin.changed_at) else {
        return Ok(None);
    };
    for _ in 0..MOST_FALLBACKS {
        let Some(before) = origin else { break };
        if before.channel_id == Some(to.id) {
            return Ok(None);
        }
        origin = match before.fallback_of {
            Some(seq) => tables::delivery::origin(conn, seq)?,
            None => None,
        };
    }
    Ok(origin.is_none().then_some(Next {
        channel: to,
        changed_at,
    }))
}

/// Gives what a delivery carries to the next channel.
fn hand_on(conn: &mut Connection, seq: i64, next: Next, now: UnixMs) -> Result<(), StoreError> {
    let row = NewDelivery {
        channel_id: Some(next.channel.id),
        channel_name: Some(next.channel.name),
        fallback_of: Some(seq),
        ..NewDelivery::due(Moment(now), next.changed_at)
    };
    let carried = tables::delivery::carried(conn, seq)?;
    tables::delivery::insert(conn, &row, &carried)?;
    Ok(())
}

/// Hands up to `limit` deliveries that wait for a channel which fails for minutes on to its
/// fall-back. The last that was not tried yet stays, to find out whether the channel is well again: a
/// later one of its alert must not overtake it.
pub(super) fn relieve(
    conn: &mut Connection,
    channel: &ChannelRow,
    now: UnixMs,
    limit: i64,
) -> Result<(), StoreError> {
    let waiting = tables::delivery_claim::waiting(conn, channel.id.0, now, limit)?;
    let trial = waiting.iter().rfind(|(_, attempts)| *attempts == 0);
    let trial = trial.map(|(seq, _)| *seq);
    for (seq, _) in waiting {
        if Some(seq) != trial
            && let Some(next) = next(conn, seq, channel)?
        {
            let reason = "the channel has failed for minutes, the message went on to its fall-back";
            tables::delivery_claim::drop_one(conn, seq, now, reason)?;
            hand_on(conn, seq, next, now)?;
        }
    }
    Ok(())
}

/// Ends up to `limit` deliveries for a channel that takes none, `None` when it is gone. What waits
/// for one that the server disabled goes on to its fall-back.
pub(super) fn drop_waiting(
    conn: &mut Connection,
    id: ChannelId,
    channel: Option<&ChannelRow>,
    now: UnixMs,
    limit: i64,
) -> Result<(), StoreError> {
    for (seq, _) in tables::delivery_claim::waiting(conn, id, now, limit)? {
        let by_itself = channel.filter(|row| row.disabled_because.is_some());
        let next = match by_itself {
            Some(row) => next(conn, seq, row)?,
            None => None,
        };
        let reason = match (channel, &next) {
            (None, _) => "the channel has been removed",
            (Some(_), Some(_)) => "the channel was disabled, the message went on to its fall-back",
            (Some(_), None) => "the channel is disabled",
        };
        tables::delivery_claim::drop_one(conn, seq, now, reason)?;
        if let Some(next) = next {
            hand_on(conn, seq, next, now)?;
        }
    }
    Ok(())
}
