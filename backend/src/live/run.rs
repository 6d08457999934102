//! The hub's one task: events come in, frames go to the queues of those who listen; never a write to a socket.

use std::collections::HashSet;
use std::sync::Arc;

use common::api::status::RealtimeStatus;
use common::host::HostSample;
use common::ids::{ServerId, SessionId};
use common::live::{ServerMessage, Topic};
use common::time::UnixMs;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::event::{Inflow, LiveEvent};
use super::frame::Frame;
use super::hub::{Hub, State};
use super::sources::Sources;
use super::subject::Subject;
use crate::auth::Scope;

/// Runs until `stop`, then closes every connection with "going away".
pub(super) async fn run(hub: Hub, mut inflow: Inflow, stop: CancellationToken) {
    let mut access = hub.shared.settings.access.clone();
    loop {
        let due = hub.with(|state| state.fleet.due());
        tokio::select! {
            () = stop.cancelled() => break,
            event = inflow.events.recv() => match event {
                Some(event) => {
                    let sources = &*hub.shared.sources;
                    hub.with(|state| deliver(state, sources, event));
                }
                None => break,
            },
            Ok(()) = access.changed() => recheck(&hub),
            () = tokio::time::sleep_until(due) => {
                fleet_turn(&hub);
                recheck(&hub);
            }
        }
        count_losses(&hub, &inflow);
    }
    hub.close();
}

fn deliver(state: &mut State, sources: &dyn Sources, event: LiveEvent) {
    match event {
        LiveEvent::Sample { server, at, sample } => {
            state.fleet.sample();
            let subject = Subject::Server(server);
            if state.roster.has_listeners(&subject) {
                let frame = sample_frame(server, at, &sample, false);
                state.roster.put_state(&subject, &frame);
            }
        }
        LiveEvent::Alert { seq, change, alert } => {
            state.fleet.change();
            let server = alert.server_id;
            let frame = Frame::new(ServerMessage::Alert { seq, change, alert });
            state.changes.alert(seq, server, frame.clone());
            for subject in state.roster.subjects() {
                if let Subject::Alerts(scope) = subject
                    && sees(sources, scope, server)
                {
                    state.roster.put_event(subject, &frame);
                }
            }
        }
        LiveEvent::Inbox {
            user,
            unread,
            items,
        } => {
            state.changes.inbox();
            let frame = Frame::new(ServerMessage::Inbox {
                snapshot: false,
                unread,
                items,
            });
            state.roster.put_event(&Subject::Inbox(user), &frame);
        }
        LiveEvent::Holding => state.roster.lag(Topic::Alerts),
        LiveEvent::Servers => {
            state.fleet.change();
            state.roster.lag_limited();
        }
    }
}

/// Whether what is about a server is seen: one that is none any more by those who see all.
pub(super) fn sees(sources: &dyn Sources, scope: &Scope, server: ServerId) -> bool {
    *scope == Scope::All || sources.knows(scope, server)
}

/// The servers that a scope sees, as clients get them.
pub(super) fn fleet_frame(
    scope: &Scope,
    at: UnixMs,
    lines: &[RealtimeStatus],
    snapshot: bool,
) -> Frame {
    let seen = lines
        .iter()
        .filter(|line| scope.sees(line.group.as_deref()));
    Frame::new(ServerMessage::Fleet {
        at,
        snapshot,
        items: seen.cloned().collect(),
    })
}

/// A sample as clients get it.
pub(super) fn sample_frame(
    server: ServerId,
    at: UnixMs,
    sample: &Arc<HostSample>,
    snapshot: bool,
) -> Frame {
    Frame::new(ServerMessage::Sample {
        server,
        at,
        snapshot,
        sample: Box::new(HostSample::clone(sample)),
    })
}

/// Puts the fleet together, once a scope, and sends it when it changed.
fn fleet_turn(hub: &Hub) {
    let listened = hub.with(|state| {
        let subjects = state.roster.subjects();
        subjects
            .filter(|subject| matches!(subject, Subject::Fleet(_)))
            .cloned()
            .collect::<Vec<_>>()
    });
    let lines = (!listened.is_empty()).then(|| hub.shared.sources.fleet());
    let at = hub.shared.settings.clock.now();
    hub.with(|state| {
        if state.fleet.take(Instant::now(), lines.as_deref())
            && let Some(lines) = lines
        {
            for subject in &listened {
                if let Subject::Fleet(scope) = subject {
                    let frame = fleet_frame(scope, at, &lines, false);
                    state.roster.put_state(subject, &frame);
                }
            }
        }
    });
}

/// Closes connections whose session is over, whose person sees other servers than before, or that
/// listen to more than is allowed.
fn recheck(hub: &Hub) {
    let sources = &hub.shared.sources;
    let allowed = |session: SessionId, scope: &Scope, subjects: &HashSet<Subject>| {
        let access = sources.access(session);
        access.is_some_and(|access| {
            let may = |subject: &Subject| subject.needs().is_none_or(|it| access.role.may(it));
            let is_seen = |subject: &Subject| match subject {
                Subject::Server(server) => sees(&**sources, scope, *server),
                Subject::Fleet(_) | Subject::Alerts(_) | Subject::Inbox(_) => true,
            };
            access.scope == *scope && subjects.iter().all(|it| may(it) && is_seen(it))
        })
    };
    hub.with(|state| state.roster.keep_only(allowed));
}

/// Events that the parts could not hand over: who listens has to read again.
fn count_losses(hub: &Hub, inflow: &Inflow) {
    let (samples, others) = (inflow.lost.take_samples(), inflow.lost.take_others());
    if others > 0 {
        hub.with(|state| {
            state.changes.lost(others);
            state.roster.lag_events();
        });
    }
    if samples + others > 0 {
        tracing::warn!(samples, others, "the live hub was behind and lost events");
    }
}
