//! What was put off and is due now: groups, digests, repeats, steps of escalations; never decided anew who is told.

use std::collections::{BTreeMap, BTreeSet};

use common::alert::AlertState;
use common::ids::{AlertId, ChannelId, UserId};
use common::time::UnixMs;

use super::send::Sending;
use super::when::again;
use crate::alerts::noise::{Subject, Turn};
use crate::notify::compose::delivery;
use crate::store::tables::delivery::{Carried, NewDelivery};
use crate::store::tables::escalation::{EscalationRow, NewEscalation};
use crate::store::tables::intent::Told;
use crate::store::tables::notice::NoticeRow;
use crate::store::tables::{self, Blob, Moment, escalation, notice};
use crate::store::{Connection, StoreError};

/// Most alerts of one message: providers limit what they take, and some take one at a time.
const TOGETHER: usize = 20;

/// A notice with what it tells.
struct Waiting {
    row: NoticeRow,
    told: Told,
}

impl Waiting {
    fn alert(&self) -> AlertId {
        self.told.alert.id.0
    }

    fn is_due(&self, now: UnixMs) -> bool {
        self.row.due_at.0 <= now
    }

    /// Nobody has to know it any more: what was told once is taken or over, or what is new is over.
    fn is_past(&self) -> bool {
        let state = self.told.alert.state.0;
        if self.row.again {
            state != AlertState::Firing
        } else {
            state == AlertState::Resolved && self.told.step.change.0.says_how_bad()
        }
    }

    /// It tells of an alert that fires; what is held back of that waits.
    fn may_be_held(&self) -> bool {
        self.row.again || self.told.step.change.0.says_how_bad()
    }
}

/// Tells what is due among up to `limit` notices, those of a group in one message; how many were due.
pub(in crate::notify) fn notices(
    conn: &mut Connection,
    sending: &Sending,
    turn: &mut Turn,
    limit: i64,
) -> Result<usize, StoreError> {
    let due = notice::due(conn, sending.now, limit)?;
    let count = due.len();
    let groups = due.into_iter().map(|row| (row.channel_id.0, row.group_key));
    let mut seen = BTreeSet::new();
    let first = groups.filter(|group| seen.insert(group.clone()));
    for (channel, key) in first.collect::<Vec<_>>() {
        let waiting = waiting(conn, sending, turn, (channel, &key))?;
        tell_group(conn, sending, (channel, &key), waiting)?;
    }
    Ok(count)
}

/// What a group may tell now. What it never has to tell any more goes, what is held back waits.
fn waiting(
    conn: &mut Connection,
    sending: &Sending,
    turn: &mut Turn,
    (channel, key): (ChannelId, &str),
) -> Result<Vec<Waiting>, StoreError> {
    let mut left = Vec::new();
    for row in notice::of_group(conn, channel, key)? {
        let Some(told) = tables::intent::told(conn, row.intent_seq)? else {
            notice::delete(conn, row.id)?;
            continue;
        };
        let mut one = Waiting { row, told };
        let subject = turn.subject(conn, &one.told.alert)?;
        let is_past = one.is_past();
        let refused = match one.row.person_id.filter(|_| !is_past) {
            Some(person) => {
                let who = (person.0, subject.group());
                sending.is_refused(conn, who, one.row.intent_seq)?
            }
            None => false,
        };
        if is_past || refused {
            notice::delete(conn, one.row.id)?;
            continue;
        }
        if one.may_be_held()
            && let Some(until) = turn.holding(conn, &subject)?.until
        {
            if one.is_due(sending.now) {
                notice::hold(conn, one.row.id, until)?;
            }
            continue;
        }
        if !one.row.again || is_repeated(conn, sending, &mut one, &subject)? {
            left.push(one);
        }
    }
    Ok(left)
}

/// Whether a route that takes the alert now tells its channel again. When none does it is asked
/// later: a route may be closed for the night.
fn is_repeated(
    conn: &mut Connection,
    sending: &Sending,
    one: &mut Waiting,
    subject: &Subject,
) -> Result<bool, StoreError> {
    let row = &one.row;
    let found = sending.repeats(subject, (row.channel_id.0, &row.group_key), row.grouped);
    let seconds = row.repeat_seconds;
    one.row.repeat_seconds = i32::try_from(found.unwrap_or_default()).unwrap_or(i32::MAX);
    if one.is_due(sending.now) && one.row.repeat_seconds == 0 {
        let later = sending.now.plus_ms(i64::from(seconds.max(1)) * 1_000);
        notice::put_off(conn, one.row.id, later)?;
        one.row.due_at = Moment(later);
    }
    Ok(found.is_some())
}

/// Tells what is new in a group, and with it what still fires of it; or else what is to be told
/// again.
fn tell_group(
    conn: &mut Connection,
    sending: &Sending,
    (channel, key): (ChannelId, &str),
    waiting: Vec<Waiting>,
) -> Result<(), StoreError> {
    let now = sending.now;
    let is_new = |one: &Waiting| !one.row.again && one.is_due(now);
    if !waiting.iter().any(|one| one.is_due(now)) {
        return Ok(());
    }
    let renewed: BTreeSet<_> = waiting
        .iter()
        .filter(|one| is_new(one))
        .map(Waiting::alert)
        .collect();
    let goes = |one: &Waiting| {
        let is_again = one.row.again && (one.row.grouped || one.is_due(now));
        is_new(one) || (is_again && !renewed.contains(&one.alert()))
    };
    let told: Vec<_> = waiting.into_iter().filter(goes).collect();
    if told.is_empty() {
        return Ok(());
    }
    let mut people: BTreeMap<_, Vec<&Waiting>> = BTreeMap::new();
    for one in &told {
        people
            .entry(one.row.person_id.map(|id| id.0))
            .or_default()
            .push(one);
    }
    for (person, ones) in people {
        for some in ones.chunks(TOGETHER) {
            send_together(conn, sending, (channel, person), some)?;
        }
    }
    notice::set_told(conn, channel, key, now)?;
    for one in told {
        notice::delete(conn, one.row.id)?;
        if !one.row.again {
            sending.told_together(conn, one.row.intent_seq, channel)?;
        }
        if one.told.alert.state.0 == AlertState::Firing {
            again(conn, one.row.renewed(), now)?;
        }
    }
    Ok(())
}

fn send_together(
    conn: &mut Connection,
    sending: &Sending,
    (channel, person): (ChannelId, Option<UserId>),
    ones: &[&Waiting],
) -> Result<(), StoreError> {
    let now = Moment(sending.now);
    let first = ones.iter().map(|one| one.told.step.at).min();
    let each = ones
        .iter()
        .map(|one| (one.told.step.seq, Carried::of(&one.told)));
    let intents: BTreeMap<_, _> = each.collect();
    let row = NewDelivery {
        person_id: person.map(Blob),
        ..delivery(channel, &sending.channels, (now, first.unwrap_or(now)))
    };
    let carried: Vec<_> = intents.into_values().collect();
    tables::delivery::insert(conn, &row, &carried)?;
    Ok(())
}

/// Tells up to `limit` steps of escalations that are due and writes down the next ones; how many
/// there were. The next step is counted from now: a clock that jumps skips no step and repeats none.
pub(in crate::notify) fn escalations(
    conn: &mut Connection,
    sending: &mut Sending,
    turn: &mut Turn,
    limit: i64,
) -> Result<usize, StoreError> {
    let due = escalation::due(conn, sending.now, limit)?;
    let count = due.len();
    for row in due {
        let told = tables::intent::told(conn, row.intent_seq)?;
        let fires = |told: &Told| told.alert.state.0 == AlertState::Firing;
        let Some(told) = told.filter(fires) else {
            escalation::end(conn, row.id, sending.now, false)?;
            continue;
        };
        let subject = turn.subject(conn, &told.alert)?;
        if let Some(until) = turn.holding(conn, &subject)?.until {
            escalation::hold(conn, row.id, until)?;
            continue;
        }
        escalation::end(conn, row.id, sending.now, true)?;
        let routing = std::sync::Arc::clone(&sending.routing);
        let Some(policy) = routing.policies.get(&row.policy_id.0) else {
            continue;
        };
        let at = usize::try_from(row.step).unwrap_or_default();
        if let Some(step) = policy.steps.get(at) {
            sending.tell_step(conn, &told, &step.targets)?;
        }
        let delay = policy
            .steps
            .get(at + 1)
            .map(|step| (step.delay_seconds, false));
        let anew = policy.repeat_after_seconds.map(|seconds| (seconds, true));
        if let Some(next) = delay.or(anew) {
            escalation::insert_once(conn, &following(&row, next, sending.now))?;
        }
    }
    Ok(count)
}

fn following(
    row: &EscalationRow,
    (delay_seconds, is_anew): (u32, bool),
    now: UnixMs,
) -> NewEscalation {
    NewEscalation {
        alert_id: row.alert_id,
        intent_seq: row.intent_seq,
        policy_id: row.policy_id,
        step: if is_anew { 0 } else { row.step + 1 },
        round: row.round + i32::from(is_anew),
        due_at: Moment(now.plus_ms(i64::from(delay_seconds) * 1_000)),
        told: false,
    }
}
