//! How one person is told of one step: by which channels and when, or why not; never sends.

use common::access::Permission;
use common::alert::Severity;
use common::api::preferences::{ChannelOrder, NotificationPreferences};
use common::ids::{ChannelId, UserId};
use common::time::UnixMs;

use super::address::may_be_told_at;
use super::when::When;
use crate::auth::Scope;
use crate::store::tables::channel::ChannelRow;
use crate::store::tables::intent::Told;
use crate::store::tables::intent_trace::TraceOutcome;
use crate::store::tables::{notice, notification_preference, server, user};
use crate::store::{Connection, StoreError};

/// How a person is told.
#[derive(Debug, Clone)]
pub(super) struct Wish {
    /// By these channels; none when the inbox has it alone, or the person is not told at all.
    pub(super) channels: Vec<ChannelId>,
    /// When.
    pub(super) when: When,
    /// What the trace says of it.
    pub(super) outcome: TraceOutcome,
    /// Why so.
    pub(super) reason: &'static str,
}

/// How a person is told at `now`, `known` being all channels. Nobody is told of what the person does
/// not see.
pub(super) fn wish(
    conn: &mut Connection,
    told: &Told,
    (person, known): (UserId, &[ChannelRow]),
    now: UnixMs,
) -> Result<Wish, StoreError> {
    let without = |outcome, reason| Wish {
        channels: Vec::new(),
        when: When::Now(0),
        outcome,
        reason,
    };
    let server = server::find(conn, told.alert.server_id.0)?;
    let group = server.and_then(|server| server.group_name);
    if let Some(reason) = refusal(conn, person, group.as_deref())? {
        return Ok(without(TraceOutcome::Dropped, reason));
    }
    let severity = told.step.severity.0;
    let wanted = notification_preference::find(conn, person)?.unwrap_or_default();
    let channels = first_told(&wanted, severity, known);
    if channels.is_empty() {
        let reason = "The person has chosen no channel: it is in the inbox alone.";
        return Ok(without(TraceOutcome::Told, reason));
    }
    let at = may_be_told_at(&wanted, severity, now);
    let (when, outcome, reason) = if at > now {
        let when = When::At(notice::key_of_person(person), at);
        let reason = "The person is told later: quiet hours or a digest.";
        (when, TraceOutcome::Held, reason)
    } else {
        let reason = "The person is told at once.";
        (When::Now(0), TraceOutcome::Told, reason)
    };
    Ok(Wish {
        channels,
        when,
        outcome,
        reason,
    })
}

/// The channels that tell a person at first: all that were chosen, or the first in order.
pub(super) fn first_told(
    wanted: &NotificationPreferences,
    severity: Severity,
    known: &[ChannelRow],
) -> Vec<ChannelId> {
    let chosen = wanted.channels(severity);
    match wanted.channel_order {
        ChannelOrder::AllAtOnce => chosen.to_vec(),
        ChannelOrder::InOrder => first(chosen, known).into_iter().collect(),
    }
}

/// The first that takes messages; the first of all when none does, which the log then says.
fn first(chosen: &[ChannelId], known: &[ChannelRow]) -> Option<ChannelId> {
    let takes = |id: &&ChannelId| known.iter().any(|row| row.id.0 == **id && row.enabled);
    chosen.iter().find(takes).or(chosen.first()).copied()
}

/// Why the person is not to know of an alert of a server of that group; `None` when nothing stands
/// against it.
pub(super) fn refusal(
    conn: &mut Connection,
    person: UserId,
    group: Option<&str>,
) -> Result<Option<&'static str>, StoreError> {
    let Some(row) = user::find(conn, person)? else {
        return Ok(Some("The person has been removed."));
    };
    if row.disabled || !row.role.0.may(Permission::AlertsRead) {
        return Ok(Some("The person may not read alerts any more."));
    }
    let is_seen = Scope::of(&row.server_groups.0).sees(group);
    Ok((!is_seen).then_some("The person does not see this server."))
}
