//! What was put off and is due now: groups, digests, repeats, steps of escalations; never decided anew who is told.

use std::collections::{BTreeMap, BTreeSet};

use common::alert::{AlertChange, AlertState};
use common::ids::{AlertId, ChannelId};
use common::time::UnixMs;

use super::send::Sending;
use super::when::again;
use crate::alerts::noise::Turn;
use crate::notify::compose::{carried, delivery, destination};
use crate::store::tables::escalation::{EscalationRow, NewEscalation};
use crate::store::tables::intent::Told;
use crate::store::tables::notice::NoticeRow;
use crate::store::tables::{self, Moment, escalation, notice};
use crate::store::{Connection, StoreError};

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
        let waiting = waiting(conn, turn, (channel, &key), sending.now)?;
        tell_group(conn, sending, (channel, &key), waiting)?;
    }
    Ok(count)
}

/// What a group may tell now. What it never has to tell any more goes, what is held back waits.
fn waiting(
    conn: &mut Connection,
    turn: &mut Turn,
    (channel, key): (ChannelId, &str),
    now: UnixMs,
) -> Result<Vec<Waiting>, StoreError> {
    let mut all = Vec::new();
    for row in notice::of_group(conn, channel, key)? {
        match tables::intent::told(conn, row.intent_seq)? {
            Some(told) => all.push(Waiting { row, told }),
            None => notice::delete(conn, row.id)?,
        }
    }
    let over = over_before_told(&all);
    let mut left = Vec::with_capacity(all.len());
    for one in all {
        let is_taken = one.row.again && one.told.alert.state.0 != AlertState::Firing;
        if is_taken || over.contains(&one.alert()) {
            notice::delete(conn, one.row.id)?;
            continue;
        }
        if one.may_be_held() {
            let subject = turn.subject(conn, &one.told.alert)?;
            if let Some(until) = turn.holding(conn, &subject)?.until {
                if one.is_due(now) {
                    notice::put_off(conn, one.row.id, until)?;
                }
                continue;
            }
        }
        left.push(one);
    }
    Ok(left)
}

/// Alerts that fired and ended before their group was told: nobody has to know.
fn over_before_told(waiting: &[Waiting]) -> BTreeSet<AlertId> {
    let with = |change: AlertChange| {
        let is_of = move |one: &&Waiting| !one.row.again && one.told.step.change.0 == change;
        let found = waiting.iter().filter(is_of);
        found.map(Waiting::alert).collect::<BTreeSet<_>>()
    };
    let fired = with(AlertChange::Fired);
    fired
        .intersection(&with(AlertChange::Resolved))
        .copied()
        .collect()
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
    let Some(first) = told.iter().map(|one| one.told.step.at).min() else {
        return Ok(());
    };
    let intents: BTreeMap<_, _> = told
        .iter()
        .map(|one| (one.told.step.seq, carried(&one.told)))
        .collect();
    let row = delivery(destination(channel, &sending.channels), Moment(now), first);
    let carried: Vec<_> = intents.into_values().collect();
    tables::delivery::insert(conn, &row, &carried)?;
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
            escalation::put_off(conn, row.id, until)?;
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
