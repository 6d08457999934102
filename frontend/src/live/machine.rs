//! What the live connection does next, as a pure state machine; never a socket, a timer or a clock.

use std::collections::BTreeMap;
use std::time::Duration;

use common::live::{ClientMessage, CloseCode, PROTOCOL, ServerMessage, Topic};
use common::time::UnixMs;

use super::backoff::Backoff;
use super::link::Link;

/// A ping goes out this often; its answer gives the delay.
const PING_EVERY_MS: f64 = 5_000.0;
/// A connection that is silent for this long is dead.
const SILENT_AFTER_MS: f64 = 12_000.0;
/// Without a connection for this long one is offline.
const OFFLINE_AFTER_MS: f64 = 8_000.0;

/// What happened.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Input {
    /// Whether a connection is wanted at all.
    Wanted(bool),
    /// A message came.
    Heard(Box<ServerMessage>),
    /// The connection ended, or never came to be.
    Closed(u16),
    /// A token is there; `None` when there will be none for now.
    Token(Option<String>),
    /// The wait before the next attempt is over, or the network is back.
    Retry,
    /// A second went by.
    Tick,
    /// One more wants this topic.
    Watch(Topic),
    /// One fewer wants this topic.
    Unwatch(Topic),
}

/// What to do about it.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Action {
    /// Open a connection.
    Open,
    /// Close it.
    Close,
    /// Get a token; a new one when the server refused the present one.
    GetToken {
        /// The present one was refused.
        refused: bool,
    },
    /// Send a message.
    Say(ClientMessage),
    /// Hand a message to those who watch its topic.
    Deliver(Box<ServerMessage>),
    /// Come back with `Retry` after this time.
    Wait(Duration),
    /// Take note of the server's clock.
    Align(UnixMs),
    /// The server carries another build of the dashboard: load it.
    Reload,
    /// Show this.
    Show(Link),
    /// The connection is back after a loss: what was missed can be read.
    Resumed,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    /// Not wanted.
    Off,
    /// Between two attempts.
    Waiting,
    /// Opened; the welcome has not come.
    Opening,
    /// Welcomed; the token is on its way or under examination.
    Greeted,
    /// Subscribed.
    Live,
}

/// The state of the live connection.
#[derive(Debug)]
pub(super) struct Machine {
    stage: Stage,
    topics: BTreeMap<Topic, usize>,
    /// The last change of an alert that was seen.
    seen: Option<u64>,
    build: Option<String>,
    backoff: Backoff,
    token_refused: bool,
    heard_at: f64,
    ping: Option<(u64, f64)>,
    pinged_at: f64,
    nonce: u64,
    lost_at: Option<f64>,
    was_live: bool,
}

impl Default for Machine {
    fn default() -> Self {
        Self {
            stage: Stage::Off,
            topics: BTreeMap::new(),
            seen: None,
            build: None,
            backoff: Backoff::default(),
            token_refused: false,
            heard_at: 0.0,
            ping: None,
            pinged_at: 0.0,
            nonce: 0,
            lost_at: None,
            was_live: false,
        }
    }
}

impl Machine {
    /// Takes note of what happened at `now` (monotonic milliseconds) and says what to do.
    pub(super) fn feed(&mut self, input: Input, now: f64, chance: f64) -> Vec<Action> {
        match input {
            Input::Wanted(true) if self.stage == Stage::Off => self.open(now),
            Input::Wanted(false) => self.switch_off(),
            Input::Heard(message) => self.hear(*message, now),
            Input::Closed(code) => self.lose(code, now, chance),
            Input::Token(token) => self.authenticate(token),
            Input::Retry if self.stage == Stage::Waiting => self.open(now),
            Input::Wanted(true) | Input::Retry => Vec::new(),
            Input::Tick => self.tick(now, chance),
            Input::Watch(topic) => self.watch(topic),
            Input::Unwatch(topic) => self.unwatch(topic),
        }
    }

    fn open(&mut self, now: f64) -> Vec<Action> {
        self.stage = Stage::Opening;
        self.heard_at = now;
        self.ping = None;
        vec![Action::Open]
    }

    fn switch_off(&mut self) -> Vec<Action> {
        if self.stage == Stage::Off {
            return Vec::new();
        }
        let topics = std::mem::take(&mut self.topics);
        let build = self.build.take();
        *self = Self {
            topics,
            build,
            ..Self::default()
        };
        vec![Action::Close, Action::Show(Link::Connecting)]
    }

    fn hear(&mut self, message: ServerMessage, now: f64) -> Vec<Action> {
        self.heard_at = now;
        match message {
            ServerMessage::Welcome {
                protocol,
                build,
                server_time,
            } => {
                let mut actions = vec![Action::Align(server_time)];
                actions.extend(self.greet(protocol, build));
                actions
            }
            ServerMessage::Authenticated { .. } => self.subscribe(now),
            ServerMessage::Pong { nonce } => self.measure(nonce, now),
            ServerMessage::Alerts { seq, .. } | ServerMessage::Alert { seq, .. } => {
                self.seen = Some(seq);
                vec![Action::Deliver(Box::new(message))]
            }
            ServerMessage::Lagged {
                topic: Topic::Alerts,
            } => {
                // All that fire come anew, with who holds them back: what was missed is in it.
                self.seen = None;
                vec![
                    Action::Say(self.subscription(Topic::Alerts)),
                    Action::Deliver(Box::new(message)),
                ]
            }
            _ => vec![Action::Deliver(Box::new(message))],
        }
    }

    fn greet(&mut self, protocol: u32, build: String) -> Vec<Action> {
        let is_other = self.build.as_ref().is_some_and(|known| *known != build);
        if is_other || protocol != PROTOCOL {
            return vec![Action::Reload];
        }
        self.build = Some(build);
        self.stage = Stage::Greeted;
        vec![Action::GetToken {
            refused: std::mem::take(&mut self.token_refused),
        }]
    }

    fn authenticate(&mut self, token: Option<String>) -> Vec<Action> {
        match token {
            Some(token) if self.stage == Stage::Greeted => {
                vec![Action::Say(ClientMessage::Authenticate {
                    token: Some(token),
                    ticket: None,
                })]
            }
            _ => Vec::new(),
        }
    }

    fn subscribe(&mut self, now: f64) -> Vec<Action> {
        self.stage = Stage::Live;
        self.backoff.reset();
        self.lost_at = None;
        let mut actions: Vec<Action> = self
            .topics
            .keys()
            .map(|topic| Action::Say(self.subscription(*topic)))
            .collect();
        actions.push(self.ping(now));
        actions.push(Action::Show(Link::Live { delay_ms: None }));
        if std::mem::replace(&mut self.was_live, true) {
            actions.push(Action::Resumed);
        }
        actions
    }

    fn subscription(&self, topic: Topic) -> ClientMessage {
        let since = match topic {
            Topic::Alerts => self.seen,
            _ => None,
        };
        ClientMessage::Subscribe { topic, since }
    }

    fn ping(&mut self, now: f64) -> Action {
        self.nonce += 1;
        self.ping = Some((self.nonce, now));
        self.pinged_at = now;
        Action::Say(ClientMessage::Ping {
            nonce: Some(self.nonce),
        })
    }

    fn measure(&mut self, nonce: Option<u64>, now: f64) -> Vec<Action> {
        let Some((expected, sent_at)) = self.ping else {
            return Vec::new();
        };
        if nonce != Some(expected) {
            return Vec::new();
        }
        self.ping = None;
        vec![Action::Show(Link::Live {
            delay_ms: Some((now - sent_at).max(0.0)),
        })]
    }

    fn lose(&mut self, code: u16, now: f64, chance: f64) -> Vec<Action> {
        if matches!(self.stage, Stage::Off | Stage::Waiting) {
            return Vec::new();
        }
        self.stage = Stage::Waiting;
        self.ping = None;
        self.token_refused = [CloseCode::NotAuthenticated, CloseCode::NotAllowed]
            .map(CloseCode::code)
            .contains(&code);
        let lost_at = *self.lost_at.get_or_insert(now);
        let wait = self.backoff.next(chance);
        vec![
            Action::Close,
            Action::Show(Self::without_connection(now - lost_at)),
            Action::Wait(wait),
        ]
    }

    fn without_connection(lost_for_ms: f64) -> Link {
        if lost_for_ms >= OFFLINE_AFTER_MS {
            Link::Offline
        } else {
            Link::Reconnecting
        }
    }

    fn tick(&mut self, now: f64, chance: f64) -> Vec<Action> {
        let is_silent = now - self.heard_at >= SILENT_AFTER_MS;
        match self.stage {
            Stage::Live | Stage::Opening | Stage::Greeted if is_silent => {
                self.lose(CloseCode::GoingAway.code(), now, chance)
            }
            Stage::Live if now - self.pinged_at >= PING_EVERY_MS => vec![self.ping(now)],
            _ => match self.lost_at {
                Some(lost_at) => vec![Action::Show(Self::without_connection(now - lost_at))],
                None => Vec::new(),
            },
        }
    }

    fn watch(&mut self, topic: Topic) -> Vec<Action> {
        let watchers = self.topics.entry(topic).or_insert(0);
        *watchers += 1;
        if *watchers == 1 && self.stage == Stage::Live {
            vec![Action::Say(self.subscription(topic))]
        } else {
            Vec::new()
        }
    }

    fn unwatch(&mut self, topic: Topic) -> Vec<Action> {
        let Some(watchers) = self.topics.get_mut(&topic) else {
            return Vec::new();
        };
        *watchers -= 1;
        if *watchers > 0 {
            return Vec::new();
        }
        self.topics.remove(&topic);
        if topic == Topic::Alerts {
            self.seen = None;
        }
        if self.stage == Stage::Live {
            vec![Action::Say(ClientMessage::Unsubscribe { topic })]
        } else {
            Vec::new()
        }
    }
}

#[cfg(test)]
mod tests;
