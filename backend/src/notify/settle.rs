//! What follows from an attempt, in one transaction: done, again later, or a dead letter; never a connection.

use std::time::Duration;

use common::api::deliveries::{AttemptOutcome, DeliveryState};
use common::ids::ChannelId;
use common::time::UnixMs;

use super::channels::Verdict;
use super::route::{Failed, Onward, Way};
use super::schedule::{self, PATIENCE, Wait};
use super::send::Attempt;
use crate::store::tables::channel::ChannelRow;
use crate::store::tables::delivery_attempt::AttemptRow;
use crate::store::tables::delivery_claim::Claim;
use crate::store::tables::{Moment, Word};
use crate::store::{Connection, StoreError, tables};

/// The longest that a provider may have us wait.
const LONGEST_WAIT: Duration = Duration::from_hours(24);

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
    tables::push_subscription::delete(conn, &attempt.answered.gone, now)?;
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
    /// fall-back, or to the next channel of those whom it is for.
    fn put_off(&self, conn: &mut Connection, wait: Wait) -> Result<bool, StoreError> {
        if wait.whole > PATIENCE && self.way(conn)?.is_some() {
            return self.bury(conn, "went on to the next channel: failed");
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
        if is_own && let Some(way) = self.way(conn)? {
            way.go(conn, self.now)?;
        }
        Ok(is_own)
    }

    fn way(&self, conn: &mut Connection) -> Result<Option<Way>, StoreError> {
        let onward = Onward::from(conn, self.channel.into(), self.now)?;
        onward.way(conn, self.claim.seq)
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

/// Hands up to `limit` deliveries that wait for a channel which fails for minutes on to its
/// fall-back, or to the next channels of those whom they are for. The last that was not tried yet stays,
/// to find out whether the channel is well again: a later one of its alert must not overtake it.
pub(super) fn relieve(
    conn: &mut Connection,
    channel: &ChannelRow,
    now: UnixMs,
    limit: i64,
) -> Result<(), StoreError> {
    let onward = Onward::from(conn, channel.into(), now)?;
    if onward.leads_nowhere() {
        return Ok(());
    }
    let waiting = tables::delivery_claim::waiting(conn, channel.id.0, now, limit)?;
    let trial = waiting.iter().rfind(|(_, attempts)| *attempts == 0);
    let trial = trial.map(|(seq, _)| *seq);
    for (seq, _) in waiting {
        if Some(seq) != trial
            && let Some(way) = onward.way(conn, seq)?
        {
            let reason = "the channel has failed for minutes, the message went on to the next";
            tables::delivery_claim::drop_one(conn, seq, now, reason)?;
            way.go(conn, now)?;
        }
    }
    Ok(())
}

/// Ends up to `limit` deliveries for a channel that takes none, `None` when it is gone. What waits
/// for one that the server disabled goes on to its fall-back; what waits for people who want one
/// channel after the other goes on to their next.
pub(super) fn drop_waiting(
    conn: &mut Connection,
    id: ChannelId,
    channel: Option<&ChannelRow>,
    now: UnixMs,
    limit: i64,
) -> Result<(), StoreError> {
    let by_itself = channel.filter(|row| row.disabled_because.is_some());
    let fallback = by_itself.and_then(|row| row.fallback_id).map(|id| id.0);
    let onward = Onward::from(conn, Failed { id, fallback }, now)?;
    for (seq, _) in tables::delivery_claim::waiting(conn, id, now, limit)? {
        let way = onward.way(conn, seq)?;
        let reason = match (channel, &way) {
            (None, Some(_)) => "the channel was removed, the message went on to the next",
            (None, None) => "the channel has been removed",
            (Some(_), Some(_)) => "the channel was disabled, the message went on to the next",
            (Some(_), None) => "the channel is disabled",
        };
        tables::delivery_claim::drop_one(conn, seq, now, reason)?;
        if let Some(way) = way {
            way.go(conn, now)?;
        }
    }
    Ok(())
}
