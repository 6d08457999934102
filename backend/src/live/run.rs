//! The hub's one task: events come in, frames go to the queues of those who listen; never a write to a socket.

use std::collections::HashSet;
use std::sync::Arc;

use common::host::HostSample;
use common::ids::{ServerId, SessionId};
use common::live::ServerMessage;
use common::time::UnixMs;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::event::{Inflow, LiveEvent};
use super::frame::Frame;
use super::hub::{Hub, State};
use super::subject::Subject;

/// Runs until `stop`, then closes every connection with "going away".
pub(super) async fn run(hub: Hub, mut inflow: Inflow, stop: CancellationToken) {
    let mut access = hub.shared.settings.access.clone();
    loop {
        let due = hub.with(|state| state.fleet.due());
        tokio::select! {
            () = stop.cancelled() => break,
            event = inflow.events.recv() => match event {
                Some(event) => hub.with(|state| deliver(state, event)),
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

fn deliver(state: &mut State, event: LiveEvent) {
    match event {
        LiveEvent::Sample { server, at, sample } => {
            state.fleet.sample();
            let subject = Subject::Server(server);
            if state.roster.has_listeners(subject) {
                let frame = sample_frame(server, at, &sample, false);
                state.roster.put_state(subject, &frame);
            }
        }
        LiveEvent::Alert { seq, change, alert } => {
            state.fleet.change();
            let alert = *alert;
            let frame = Frame::new(ServerMessage::Alert { seq, change, alert });
            state.changes.alert(seq, frame.clone());
            state.roster.put_event(Subject::Alerts, &frame);
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
            state.roster.put_event(Subject::Inbox(user), &frame);
        }
        LiveEvent::Servers => state.fleet.change(),
    }
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

/// Puts the fleet together and sends it when it changed.
fn fleet_turn(hub: &Hub) {
    let listened = hub.with(|state| state.roster.has_listeners(Subject::Fleet));
    let lines = listened.then(|| hub.shared.sources.fleet());
    let at = hub.shared.settings.clock.now();
    hub.with(|state| {
        if state.fleet.take(Instant::now(), lines.as_deref())
            && let Some(items) = lines
        {
            let frame = Frame::new(ServerMessage::Fleet {
                at,
                snapshot: false,
                items,
            });
            state.roster.put_state(Subject::Fleet, &frame);
        }
    });
}

/// Closes connections whose session is over or whose role allows less than they listen to.
fn recheck(hub: &Hub) {
    let sources = &hub.shared.sources;
    let allowed = |session: SessionId, subjects: &HashSet<Subject>| {
        sources.role(session).is_some_and(|role| {
            let mut needed = subjects.iter().filter_map(|subject| subject.needs());
            needed.all(|permission| role.may(permission))
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
