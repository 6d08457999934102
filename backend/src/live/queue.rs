//! What waits for one client: bounded, the newest state wins, events keep their order; never a socket.

use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, PoisonError};

use common::live::{CloseCode, ServerMessage, Topic};
use tokio::sync::Notify;

use super::frame::Frame;

/// What the client's task has to do next.
#[derive(Debug)]
pub(super) enum Next {
    /// Write this.
    Send(Frame),
    /// Say why and go.
    Close(CloseCode),
}

/// The queue between the hub and one client's task.
#[derive(Debug)]
pub(super) struct Queue {
    waiting: Mutex<Waiting>,
    ready: Notify,
    most_events: usize,
}

#[derive(Debug, Default)]
struct Waiting {
    order: VecDeque<Entry>,
    states: HashMap<Topic, Frame>,
    closing: Option<CloseCode>,
}

#[derive(Debug)]
enum Entry {
    State(Topic),
    Event(Topic, Frame),
    Lagged(Topic),
}

impl Entry {
    fn topic(&self) -> Topic {
        match self {
            Self::State(topic) | Self::Event(topic, _) | Self::Lagged(topic) => *topic,
        }
    }
}

impl Queue {
    /// An empty queue that holds at most `most_events` events of each topic.
    pub(super) fn new(most_events: usize) -> Self {
        Self {
            waiting: Mutex::default(),
            ready: Notify::new(),
            most_events,
        }
    }

    /// A new state of a topic: replaces one that was not sent yet, in its place.
    pub(super) fn put_state(&self, topic: Topic, frame: Frame) {
        self.change(|waiting| {
            if waiting.states.insert(topic, frame).is_none() {
                waiting.order.push_back(Entry::State(topic));
            }
        });
    }

    /// A new event of a topic: after all others. When too many wait, they all go
    /// and the client is told that it lags.
    pub(super) fn put_event(&self, topic: Topic, frame: Frame) {
        self.change(|waiting| {
            let events = waiting
                .order
                .iter()
                .filter(|entry| matches!(entry, Entry::Event(other, _) if *other == topic));
            if events.count() >= self.most_events {
                waiting.lag(topic);
            } else {
                waiting.order.push_back(Entry::Event(topic, frame));
            }
        });
    }

    /// Events of a topic were lost before they came here.
    pub(super) fn lag(&self, topic: Topic) {
        self.change(|waiting| waiting.lag(topic));
    }

    /// Forgets what waits of a topic.
    pub(super) fn forget(&self, topic: Topic) {
        self.change(|waiting| waiting.forget(topic));
    }

    /// The client has to go, before anything that waits. The first reason stays.
    pub(super) fn close(&self, code: CloseCode) {
        self.change(|waiting| {
            waiting.closing.get_or_insert(code);
        });
    }

    /// Waits for what comes next. Nothing is lost when the caller gives up waiting.
    pub(super) async fn next(&self) -> Next {
        loop {
            if let Some(next) = self.look(Waiting::next) {
                return next;
            }
            self.ready.notified().await;
        }
    }

    fn change(&self, change: impl FnOnce(&mut Waiting)) {
        self.look(change);
        self.ready.notify_one();
    }

    fn look<T>(&self, look: impl FnOnce(&mut Waiting) -> T) -> T {
        look(&mut self.waiting.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Waiting {
    fn next(&mut self) -> Option<Next> {
        if let Some(code) = self.closing {
            return Some(Next::Close(code));
        }
        loop {
            match self.order.pop_front()? {
                Entry::Event(_, frame) => return Some(Next::Send(frame)),
                Entry::Lagged(topic) => {
                    return Some(Next::Send(Frame::new(ServerMessage::Lagged { topic })));
                }
                Entry::State(topic) => {
                    if let Some(frame) = self.states.remove(&topic) {
                        return Some(Next::Send(frame));
                    }
                }
            }
        }
    }

    fn lag(&mut self, topic: Topic) {
        self.order
            .retain(|entry| matches!(entry, Entry::State(_)) || entry.topic() != topic);
        self.order.push_back(Entry::Lagged(topic));
    }

    fn forget(&mut self, topic: Topic) {
        self.states.remove(&topic);
        self.order.retain(|entry| entry.topic() != topic);
    }
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt;

    use super::*;

    const MOST: usize = 2;

    fn numbered(nonce: u64) -> Frame {
        Frame::new(ServerMessage::Pong { nonce: Some(nonce) })
    }

    /// What comes out, as the numbers of the frames; `lagged <topic>` and close codes as text.
    fn drain(queue: &Queue) -> Vec<String> {
        let mut out = Vec::new();
        while let Some(next) = queue.next().now_or_never() {
            match next {
                Next::Send(frame) => out.push(match frame.message() {
                    ServerMessage::Pong { nonce } => nonce.unwrap_or_default().to_string(),
                    ServerMessage::Lagged { topic } => format!("lagged {topic}"),
                    other => panic!("unexpected {other:?}"),
                }),
                Next::Close(code) => {
                    out.push(code.code().to_string());
                    break;
                }
            }
        }
        out
    }

    /// Runs the steps on a new queue and checks what comes out.
    fn check(what: &str, steps: impl FnOnce(&Queue), expected: &[&str]) {
        let queue = Queue::new(MOST);
        steps(&queue);
        assert_eq!(drain(&queue), expected, "{what}");
    }

    #[test]
    fn state_is_conflated_and_events_are_kept() {
        check(
            "the newest state goes in the place of the old one",
            |queue| {
                queue.put_state(Topic::Fleet, numbered(1));
                queue.put_event(Topic::Alerts, numbered(2));
                queue.put_state(Topic::Fleet, numbered(3));
                queue.put_event(Topic::Alerts, numbered(4));
            },
            &["3", "2", "4"],
        );
        check(
            "too many events become one notice, later ones follow it",
            |queue| {
                for nonce in 1..=3 {
                    queue.put_event(Topic::Alerts, numbered(nonce));
                }
                queue.put_event(Topic::Inbox, numbered(8));
                queue.put_event(Topic::Alerts, numbered(9));
            },
            &["lagged alerts", "8", "9"],
        );
        check(
            "a second overflow leaves one notice",
            |queue| {
                for nonce in 1..=7 {
                    queue.put_event(Topic::Alerts, numbered(nonce));
                }
            },
            &["lagged alerts", "7"],
        );
        check(
            "nothing of a forgotten topic goes out",
            |queue| {
                queue.put_state(Topic::Fleet, numbered(1));
                queue.put_event(Topic::Alerts, numbered(2));
                queue.forget(Topic::Fleet);
                queue.put_state(Topic::Fleet, numbered(3));
                queue.forget(Topic::Alerts);
            },
            &["3"],
        );
        check(
            "closing comes first and keeps its first reason",
            |queue| {
                queue.put_state(Topic::Fleet, numbered(1));
                queue.close(CloseCode::NotAllowed);
                queue.close(CloseCode::GoingAway);
            },
            &["4403"],
        );
    }

    #[tokio::test]
    async fn a_waiting_client_is_woken() {
        let queue = std::sync::Arc::new(Queue::new(MOST));
        let waiting = std::sync::Arc::clone(&queue);
        let ((), next) = tokio::join!(
            async { queue.put_state(Topic::Fleet, numbered(5)) },
            waiting.next()
        );
        assert!(matches!(next, Next::Send(_)));
    }
}
