//! How a client gets on a topic: permission, then the newest state, then what is new; never a write to a socket.

use std::collections::VecDeque;

use common::ids::ServerId;
use common::live::{CloseCode, ServerMessage, Topic};
use common::problem::Problem;

use super::frame::Frame;
use super::hub::{Guest, State};
use super::queue::Queue;
use super::refusal;
use super::run::{fleet_frame, sample_frame, sees};
use super::sources::Viewer;
use super::subject::Subject;

/// Changes of alerts that a client which was away for a moment can still get.
const KEPT: usize = 100;
/// How often a snapshot is read again because something changed meanwhile.
const TRIES: usize = 3;

/// Why a client does not get on a topic.
pub(super) enum Refused {
    /// The client is told, and stays.
    Told(Box<Problem>),
    /// The connection ends.
    Closed(CloseCode),
}

impl From<Problem> for Refused {
    fn from(problem: Problem) -> Self {
        Self::Told(Box::new(problem))
    }
}

/// The newest changes of alerts, and how often inboxes changed.
#[derive(Default)]
pub(super) struct Changes {
    inbox_turn: u64,
    kept: VecDeque<Kept>,
}

/// A change of an alert.
struct Kept {
    seq: u64,
    server: ServerId,
    frame: Frame,
}

impl Changes {
    /// One more change of an alert.
    pub(super) fn alert(&mut self, seq: u64, server: ServerId, frame: Frame) {
        if self.kept.len() == KEPT {
            self.kept.pop_front();
        }
        self.kept.push_back(Kept { seq, server, frame });
    }

    /// One more change of an inbox.
    pub(super) fn inbox(&mut self) {
        self.inbox_turn += 1;
    }

    /// Changes were lost: nobody can get them any more.
    pub(super) fn lost(&mut self, changes: u64) {
        self.inbox_turn += changes;
        self.kept.clear();
    }

    /// Whether all changes after `since` up to `last` are there.
    fn has_all(&self, since: u64, last: u64) -> bool {
        let oldest = self.kept.front().map(|kept| kept.seq);
        since >= last || oldest.is_some_and(|oldest| oldest <= since + 1)
    }

    /// The changes after `since` of alerts whose server is seen, oldest first.
    fn after(&self, since: u64, sees: impl Fn(ServerId) -> bool) -> Vec<(u64, Frame)> {
        let kept = self.kept.iter().filter(|kept| since < kept.seq);
        kept.filter(|kept| sees(kept.server))
            .map(|kept| (kept.seq, kept.frame.clone()))
            .collect()
    }
}

impl Guest {
    /// Puts the client on a topic. Its newest state waits in the queue afterwards.
    pub(super) async fn subscribe(
        &self,
        viewer: &Viewer,
        topic: Topic,
        since: Option<u64>,
    ) -> Result<(), Refused> {
        let subject = Subject::of(topic, viewer);
        self.check(viewer, &subject)?;
        match topic {
            Topic::Fleet => self.subscribe_fleet(viewer, &subject),
            Topic::Server(server) => self.subscribe_server(server, &subject),
            Topic::Alerts => self.subscribe_alerts(viewer, &subject, since).await?,
            Topic::Inbox => self.subscribe_inbox(viewer, &subject).await?,
        }
        Ok(())
    }

    fn check(&self, viewer: &Viewer, subject: &Subject) -> Result<(), Refused> {
        let sources = &self.hub.shared.sources;
        let access = sources.access(viewer.session);
        let Some(access) = access.filter(|access| access.scope == viewer.scope) else {
            return Err(Refused::Closed(CloseCode::NotAllowed));
        };
        let lacks = |permission: &_| !access.role.may(*permission);
        if let Some(permission) = subject.needs().filter(lacks) {
            return Err(refusal::forbidden(subject, permission).into());
        }
        match subject {
            Subject::Server(server) if !sources.knows(&viewer.scope, *server) => {
                Err(refusal::no_such_server(subject).into())
            }
            _ => Ok(()),
        }
    }

    /// Starts to listen and puts `first` before all that comes later.
    fn listen(&self, state: &mut State, subject: &Subject, first: impl FnOnce(&Queue)) {
        if let Some((queue, new)) = state.roster.listen(self.id, subject.clone()) {
            if new {
                self.watch(subject);
            }
            first(&queue);
        }
    }

    fn subscribe_fleet(&self, viewer: &Viewer, subject: &Subject) {
        let at = self.hub.shared.settings.clock.now();
        self.hub.with(|state| {
            let lines = self.hub.shared.sources.fleet();
            let frame = fleet_frame(&viewer.scope, at, &lines, true);
            self.listen(state, subject, |queue| {
                queue.put_state(Topic::Fleet, frame);
            });
        });
    }

    fn subscribe_server(&self, server: ServerId, subject: &Subject) {
        self.hub.with(|state| {
            let newest = self.hub.shared.sources.newest(server);
            self.listen(state, subject, |queue| {
                if let Some(newest) = newest {
                    let frame = sample_frame(server, newest.at, &newest.sample, true);
                    queue.put_state(subject.topic(), frame);
                }
            });
        });
    }

    async fn subscribe_alerts(
        &self,
        viewer: &Viewer,
        subject: &Subject,
        since: Option<u64>,
    ) -> Result<(), Problem> {
        let sources = &self.hub.shared.sources;
        let (seq, items) = sources.alerts(viewer.scope.clone()).await?;
        self.hub.with(|state| {
            let since = since.unwrap_or(seq);
            let is_whole = state.changes.has_all(since, seq);
            let sees = |server| sees(&**sources, &viewer.scope, server);
            let (missed, later): (Vec<_>, Vec<_>) = state
                .changes
                .after(since.min(seq), sees)
                .into_iter()
                .partition(|(of, _)| *of <= seq);
            let snapshot = Frame::new(ServerMessage::Alerts {
                snapshot: true,
                seq,
                items,
            });
            self.listen(state, subject, |queue| {
                queue.forget(Topic::Alerts);
                let missed = if is_whole { missed } else { Vec::new() };
                if !is_whole {
                    queue.lag(Topic::Alerts);
                }
                let snapshot = [(seq, snapshot)];
                for (_, frame) in missed.into_iter().chain(snapshot).chain(later) {
                    queue.put_event(Topic::Alerts, frame);
                }
            });
        });
        Ok(())
    }

    async fn subscribe_inbox(&self, viewer: &Viewer, subject: &Subject) -> Result<(), Problem> {
        for turn in 1..=TRIES {
            let seen = self.hub.with(|state| state.changes.inbox_turn);
            let sources = &self.hub.shared.sources;
            let read = sources.inbox(viewer.user, viewer.scope.clone());
            let (unread, items) = read.await?;
            let done = self.hub.with(|state| {
                let moved = state.changes.inbox_turn != seen;
                if moved && turn < TRIES {
                    return false;
                }
                self.listen(state, subject, |queue| {
                    queue.forget(Topic::Inbox);
                    let frame = Frame::new(ServerMessage::Inbox {
                        snapshot: true,
                        unread,
                        items,
                    });
                    queue.put_event(Topic::Inbox, frame);
                    if moved {
                        queue.lag(Topic::Inbox);
                    }
                });
                true
            });
            if done {
                break;
            }
        }
        Ok(())
    }
}
