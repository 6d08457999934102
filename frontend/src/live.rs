//! The only WebSocket of the page: carries out what the state machine says; never what a message means.

pub mod backoff;
mod link;
mod machine;
mod socket;

use std::rc::Rc;
use std::time::Duration;

use common::live::{ServerMessage, Topic};
use leptos::prelude::*;

pub use link::Link;
use machine::{Action, Input, Machine};
use socket::{Heard, Socket};

use crate::api::{ApiError, Client};
use crate::browser;
use crate::reactive::{effect, spawn};
use crate::state::session::use_session;

type Watcher = (u32, Topic, Rc<dyn Fn(&ServerMessage)>);

#[derive(Default)]
struct Inner {
    machine: Machine,
    socket: Option<Socket>,
    watchers: Vec<Watcher>,
    next_watcher: u32,
    /// The newest sample of each watched server, for whoever comes second.
    newest: Vec<(Topic, ServerMessage)>,
}

/// The live connection.
#[derive(Clone, Copy)]
pub struct Live {
    inner: StoredValue<Inner, LocalStorage>,
    client: Client,
    link: RwSignal<Link>,
    resumed: RwSignal<u32>,
}

impl Live {
    /// Makes it known to all components; it opens while a session is there or being taken up.
    pub fn provide() {
        let session = use_session();
        let live = Self {
            inner: StoredValue::new_local(Inner::default()),
            client: expect_context(),
            link: RwSignal::new(Link::Connecting),
            resumed: RwSignal::new(0),
        };
        provide_context(live);
        effect(move || live.feed(Input::Wanted(session.is_likely())));
        let client = live.client;
        effect(move || {
            client.granted().track();
            live.feed(Input::Token(client.token()));
        });
        let every_second =
            set_interval_with_handle(move || live.feed(Input::Tick), Duration::from_secs(1));
        let online = window_event_listener(leptos::ev::online, move |_| live.feed(Input::Retry));
        on_cleanup(move || {
            if let Ok(every_second) = every_second {
                every_second.clear();
            }
            online.remove();
        });
    }

    /// How it stands.
    pub fn link(self) -> ReadSignal<Link> {
        self.link.read_only()
    }

    /// Grows each time the connection is back after a loss: what was missed can be read now.
    pub fn resumed(self) -> ReadSignal<u32> {
        self.resumed.read_only()
    }

    /// Hands each message of `topic` to `take` until the present component is gone.
    /// For the stores in `state/`: pages get signals from them.
    pub fn watch(self, topic: Topic, take: impl Fn(&ServerMessage) + 'static) {
        let take: Rc<dyn Fn(&ServerMessage)> = Rc::new(take);
        let mut newest = None;
        let mut id = 0;
        self.inner.update_value(|inner| {
            id = inner.next_watcher;
            inner.next_watcher += 1;
            inner.watchers.push((id, topic, Rc::clone(&take)));
            newest = inner
                .newest
                .iter()
                .find(|(of, _)| *of == topic)
                .map(|(_, message)| message.clone());
        });
        if let Some(newest) = newest {
            take(&newest);
        }
        self.feed(Input::Watch(topic));
        on_cleanup(move || self.unwatch(id, topic));
    }

    fn unwatch(self, id: u32, topic: Topic) {
        self.inner.try_update_value(|inner| {
            inner.watchers.retain(|(of, ..)| *of != id);
            if !inner.watchers.iter().any(|(_, of, _)| *of == topic) {
                inner.newest.retain(|(of, _)| *of != topic);
            }
        });
        self.feed(Input::Unwatch(topic));
    }

    fn feed(self, input: Input) {
        let actions = self.inner.try_update_value(|inner| {
            inner
                .machine
                .feed(input, browser::monotonic_ms(), browser::chance())
        });
        for action in actions.unwrap_or_default() {
            self.perform(action);
        }
    }

    fn perform(self, action: Action) {
        match action {
            Action::Open => self.open(),
            Action::Close => {
                let closed = self.inner.try_update_value(|inner| inner.socket.take());
                drop(closed);
            }
            Action::GetToken { refused } => self.get_token(refused),
            Action::Say(message) => {
                self.inner.try_with_value(|inner| {
                    if let Some(socket) = &inner.socket {
                        socket.say(&message);
                    }
                });
            }
            Action::Deliver(message) => self.deliver(&message),
            Action::Wait(wait) => set_timeout(move || self.feed(Input::Retry), wait),
            Action::Align(server_time) => browser::align(server_time),
            Action::Reload => browser::reload(),
            Action::Show(link) => {
                if self.link.get_untracked() != link {
                    self.link.set(link);
                }
            }
            Action::Resumed => self.resumed.update(|count| *count += 1),
        }
    }

    fn open(self) {
        let opened = Socket::open(move |heard| match heard {
            Heard::Message(message) => self.feed(Input::Heard(message)),
            Heard::Closed(code) => self.feed(Input::Closed(code)),
        });
        match opened {
            Some(socket) => {
                self.inner.update_value(|inner| inner.socket = Some(socket));
            }
            None => self.feed(Input::Closed(0)),
        }
    }

    fn get_token(self, refused: bool) {
        let client = self.client;
        // Without one yet, the token of the session that is being taken up comes by `granted`.
        let Some(present) = client.token() else {
            return;
        };
        spawn(async move {
            let token = if refused {
                client.renew(Some(&present)).await
            } else {
                client.fresh_token().await
            };
            match token {
                Ok(token) => self.feed(Input::Token(Some(token))),
                // The session's end is shown by the login; everything else is tried again.
                Err(ApiError::LoggedOut) => {}
                Err(_) => self.feed(Input::Closed(0)),
            }
        });
    }

    fn deliver(self, message: &ServerMessage) {
        let Some(topic) = topic_of(message) else {
            return;
        };
        let mut takers = Vec::new();
        self.inner.try_update_value(|inner| {
            for (_, of, take) in &inner.watchers {
                if *of == topic {
                    takers.push(Rc::clone(take));
                }
            }
            if let (ServerMessage::Sample { .. }, false) = (message, takers.is_empty()) {
                inner.newest.retain(|(of, _)| *of != topic);
                inner.newest.push((topic, message.clone()));
            }
        });
        for take in takers {
            take(message);
        }
    }
}

/// The live connection.
pub fn use_live() -> Live {
    expect_context()
}

fn topic_of(message: &ServerMessage) -> Option<Topic> {
    match message {
        ServerMessage::Sample { server, .. } => Some(Topic::Server(*server)),
        ServerMessage::Fleet { .. } => Some(Topic::Fleet),
        ServerMessage::Alerts { .. } | ServerMessage::Alert { .. } => Some(Topic::Alerts),
        ServerMessage::Inbox { .. } => Some(Topic::Inbox),
        ServerMessage::Lagged { topic } => Some(*topic),
        ServerMessage::Welcome { .. }
        | ServerMessage::Authenticated { .. }
        | ServerMessage::Subscribed { .. }
        | ServerMessage::Unsubscribed { .. }
        | ServerMessage::Error { .. }
        | ServerMessage::Pong { .. } => None,
    }
}
