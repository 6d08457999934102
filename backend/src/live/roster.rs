//! Who is connected and who listens to what; never a message's content.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use common::ids::SessionId;
use common::live::{CloseCode, Topic};

use super::frame::Frame;
use super::queue::Queue;
use super::subject::Subject;
use crate::auth::Scope;

/// Tells connections apart; never used twice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct ClientId(u64);

/// All connections.
#[derive(Debug, Default)]
pub(super) struct Roster {
    entered: u64,
    closed: bool,
    clients: HashMap<ClientId, Client>,
    sessions: HashMap<SessionId, usize>,
    listeners: HashMap<Subject, HashMap<ClientId, Arc<Queue>>>,
}

#[derive(Debug)]
struct Client {
    queue: Arc<Queue>,
    /// Whose it is, and the scope that it lives as long as.
    session: Option<(SessionId, Scope)>,
    subjects: HashSet<Subject>,
}

impl Roster {
    /// Takes a connection in, at most `most` of them.
    pub(super) fn enter(&mut self, queue: Arc<Queue>, most: usize) -> Result<ClientId, CloseCode> {
        if self.closed {
            return Err(CloseCode::GoingAway);
        }
        if self.clients.len() >= most {
            return Err(CloseCode::TooMany);
        }
        self.entered += 1;
        let id = ClientId(self.entered);
        let client = Client {
            queue,
            session: None,
            subjects: HashSet::new(),
        };
        self.clients.insert(id, client);
        Ok(id)
    }

    /// How many connections there are.
    pub(super) fn len(&self) -> usize {
        self.clients.len()
    }

    /// Notes whose connection it is, at most `most` of one session.
    pub(super) fn belongs(
        &mut self,
        id: ClientId,
        (session, scope): (SessionId, Scope),
        most: usize,
    ) -> Result<(), CloseCode> {
        let Some(client) = self.clients.get_mut(&id) else {
            return Err(CloseCode::GoingAway);
        };
        if client.session.is_some() {
            return Ok(());
        }
        let connections = self.sessions.entry(session).or_default();
        if *connections >= most {
            return Err(CloseCode::TooMany);
        }
        *connections += 1;
        client.session = Some((session, scope));
        Ok(())
    }

    /// The connection is over; what it listened to.
    pub(super) fn leave(&mut self, id: ClientId) -> HashSet<Subject> {
        let Some(client) = self.clients.remove(&id) else {
            return HashSet::new();
        };
        if let Some((session, _)) = client.session
            && let Some(connections) = self.sessions.get_mut(&session)
        {
            *connections -= 1;
            if *connections == 0 {
                self.sessions.remove(&session);
            }
        }
        for subject in &client.subjects {
            self.drop_listener(subject, id);
        }
        client.subjects
    }

    /// Starts to listen; the client's queue, and whether it is new to the subject.
    /// `None` when the connection is over.
    pub(super) fn listen(&mut self, id: ClientId, subject: Subject) -> Option<(Arc<Queue>, bool)> {
        let client = self.clients.get_mut(&id)?;
        let queue = Arc::clone(&client.queue);
        let new = client.subjects.insert(subject.clone());
        if new {
            let listeners = self.listeners.entry(subject).or_default();
            listeners.insert(id, Arc::clone(&queue));
        }
        Some((queue, new))
    }

    /// Stops to listen; whether it did.
    pub(super) fn unlisten(&mut self, id: ClientId, subject: &Subject) -> bool {
        let Some(client) = self.clients.get_mut(&id) else {
            return false;
        };
        let did = client.subjects.remove(subject);
        client.queue.forget(subject.topic());
        self.drop_listener(subject, id);
        did
    }

    /// How many connections there are.
    #[cfg(test)]
    pub(super) fn connections(&self) -> usize {
        self.clients.len()
    }

    /// Whether anybody listens.
    pub(super) fn has_listeners(&self, subject: &Subject) -> bool {
        self.listeners.contains_key(subject)
    }

    /// All that anybody listens to.
    pub(super) fn subjects(&self) -> impl Iterator<Item = &Subject> {
        self.listeners.keys()
    }

    /// A new state for all who listen.
    pub(super) fn put_state(&self, subject: &Subject, frame: &Frame) {
        for queue in self.queues(subject) {
            queue.put_state(subject.topic(), frame.clone());
        }
    }

    /// A new event for all who listen.
    pub(super) fn put_event(&self, subject: &Subject, frame: &Frame) {
        for queue in self.queues(subject) {
            queue.put_event(subject.topic(), frame.clone());
        }
    }

    /// Events of alerts and inboxes were lost: all who listen have to read again.
    pub(super) fn lag_events(&self) {
        for (subject, listeners) in &self.listeners {
            if subject.has_events() {
                for queue in listeners.values() {
                    queue.lag(subject.topic());
                }
            }
        }
    }

    /// Who listens to a topic has to read it again.
    pub(super) fn lag(&self, topic: Topic) {
        for (subject, listeners) in &self.listeners {
            if subject.topic() == topic {
                for queue in listeners.values() {
                    queue.lag(topic);
                }
            }
        }
    }

    /// Servers may have come into groups or left them: who is limited to some has to read alerts and
    /// messages again.
    pub(super) fn lag_limited(&self) {
        for client in self.clients.values() {
            if matches!(client.session, Some((_, Scope::Groups(_)))) {
                let subjects = client.subjects.iter().filter(|it| it.has_events());
                subjects.for_each(|subject| client.queue.lag(subject.topic()));
            }
        }
    }

    /// Closes each connection whose session does not allow its scope or its subjects any more.
    pub(super) fn keep_only(&self, allowed: impl Fn(SessionId, &Scope, &HashSet<Subject>) -> bool) {
        for client in self.clients.values() {
            if let Some((session, scope)) = &client.session
                && !allowed(*session, scope, &client.subjects)
            {
                client.queue.close(CloseCode::NotAllowed);
            }
        }
    }

    /// Closes all, and lets nobody in any more.
    pub(super) fn close(&mut self) {
        self.closed = true;
        for client in self.clients.values() {
            client.queue.close(CloseCode::GoingAway);
        }
    }

    fn queues(&self, subject: &Subject) -> impl Iterator<Item = &Arc<Queue>> {
        self.listeners
            .get(subject)
            .into_iter()
            .flat_map(HashMap::values)
    }

    fn drop_listener(&mut self, subject: &Subject, id: ClientId) {
        if let Some(listeners) = self.listeners.get_mut(subject) {
            listeners.remove(&id);
            if listeners.is_empty() {
                self.listeners.remove(subject);
            }
        }
    }
}
