//! How a client gets on a topic: permission, then the newest state, then what is new; never a write to a socket.

use std::collections::VecDeque;

use common::live::{CloseCode, ServerMessage, Topic};
use common::problem::Problem;

use super::frame::Frame;
use super::hub::{Guest, State};
use super::queue::Queue;
use super::refusal;
use super::run::sample_frame;
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
    kept: VecDeque<(u64, Frame)>,
}

impl Changes {
    /// One more change of an alert.
    pub(super) fn alert(&mut self, seq: u64, frame: Frame) {
        if self.kept.len() == KEPT {
            self.kept.pop_front();
        }
        self.kept.push_back((seq, frame));
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

    /// The changes after `since` up to `last`, oldest first; `None` when they are not all there.
    fn between(&self, since: u64, last: u64) -> Option<Vec<Frame>> {
        if since >= last {
            return Some(Vec::new());
        }
        let (oldest, _) = self.kept.front()?;
        (*oldest <= since + 1).then(|| self.seqs_in(since, last))
    }

    /// The changes after `since`.
    fn after(&self, since: u64) -> Vec<Frame> {
        self.seqs_in(since, u64::MAX)
    }

    fn seqs_in(&self, since: u64, last: u64) -> Vec<Frame> {
        self.kept
            .iter()
            .filter(|(seq, _)| since < *seq && *seq <= last)
            .map(|(_, frame)| frame.clone())
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
        let subject = Subject::of(topic, viewer.user);
        self.check(viewer, subject)?;
        match subject {
            Subject::Fleet => self.subscribe_fleet(),
            Subject::Server(_) => self.subscribe_server(subject),
            Subject::Alerts => self.subscribe_alerts(since).await?,
            Subject::Inbox(_) => self.subscribe_inbox(viewer, subject).await?,
        }
        Ok(())
    }

    fn check(&self, viewer: &Viewer, subject: Subject) -> Result<(), Refused> {
        let sources = &self.hub.shared.sources;
        let Some(role) = sources.role(viewer.session) else {
            return Err(Refused::Closed(CloseCode::NotAllowed));
        };
        if let Some(permission) = subject.needs().filter(|it| !role.may(*it)) {
            return Err(refusal::forbidden(subject, permission).into());
        }
        match subject {
            Subject::Server(server) if !sources.knows(server) => {
                Err(refusal::no_such_server(subject).into())
            }
            _ => Ok(()),
        }
    }

    /// Starts to listen and puts `first` before all that comes later.
    fn listen(&self, state: &mut State, subject: Subject, first: impl FnOnce(&Queue)) {
        if let Some((queue, new)) = state.roster.listen(self.id, subject) {
            if new {
                self.watch(subject);
            }
            first(&queue);
        }
    }

    fn subscribe_fleet(&self) {
        let at = self.hub.shared.settings.clock.now();
        self.hub.with(|state| {
            let frame = Frame::new(ServerMessage::Fleet {
                at,
                snapshot: true,
                items: self.hub.shared.sources.fleet(),
            });
            self.listen(state, Subject::Fleet, |queue| {
                queue.put_state(Topic::Fleet, frame);
            });
        });
    }

    fn subscribe_server(&self, subject: Subject) {
        let Subject::Server(server) = subject else {
            return;
        };
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

    async fn subscribe_alerts(&self, since: Option<u64>) -> Result<(), Problem> {
        let (seq, items) = self.hub.shared.sources.alerts().await?;
        self.hub.with(|state| {
            let since = since.unwrap_or(seq);
            let missed = state.changes.between(since, seq);
            let later = state.changes.after(seq);
            let snapshot = Frame::new(ServerMessage::Alerts {
                snapshot: true,
                seq,
                items,
            });
            self.listen(state, Subject::Alerts, |queue| {
                queue.forget(Topic::Alerts);
                if missed.is_none() {
                    queue.lag(Topic::Alerts);
                }
                let frames = missed.into_iter().flatten().chain([snapshot]).chain(later);
                for frame in frames {
                    queue.put_event(Topic::Alerts, frame);
                }
            });
        });
        Ok(())
    }

    async fn subscribe_inbox(&self, viewer: &Viewer, subject: Subject) -> Result<(), Problem> {
        for turn in 1..=TRIES {
            let seen = self.hub.with(|state| state.changes.inbox_turn);
            let (unread, items) = self.hub.shared.sources.inbox(viewer.user).await?;
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
