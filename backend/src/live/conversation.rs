//! What a client's messages mean, one after the other; never how they arrive.

use common::live::{ClientMessage, CloseCode, ServerMessage, Topic};
use tokio::time::Instant;

use super::hub::Guest;
use super::limits::{Allowance, Limits};
use super::queue::Next;
use super::refusal;
use super::sources::{Credential, Viewer};
use super::subject::Subject;
use super::subscribe::Refused;
use super::wire::{End, Wire};

/// One client's side of the talk: who it is and how much it may still say.
pub(super) struct Conversation {
    guest: Guest,
    viewer: Option<Viewer>,
    allowance: Allowance,
}

impl Conversation {
    /// A client that has not said anything yet.
    pub(super) fn new(guest: Guest) -> Self {
        let allowance = Allowance::new(&guest.hub.shared.settings.limits, Instant::now());
        Self {
            guest,
            viewer: None,
            allowance,
        }
    }

    pub(super) fn limits(&self) -> Limits {
        self.guest.hub.shared.settings.limits
    }

    pub(super) fn welcome(&self) -> ServerMessage {
        self.guest.hub.welcome()
    }

    pub(super) fn is_authenticated(&self) -> bool {
        self.viewer.is_some()
    }

    /// Counts one frame; `false` when it was one too many.
    pub(super) fn may_speak(&mut self) -> bool {
        self.allowance.take(Instant::now())
    }

    /// What waits for this client.
    pub(super) async fn next(&self) -> Next {
        self.guest.queue.next().await
    }

    /// Understands one message and answers it.
    pub(super) async fn hear(&mut self, wire: &mut Wire, bytes: &[u8]) -> Result<(), End> {
        let message = match wire.encoding().decode(bytes) {
            Ok(message) => message,
            Err(error) => {
                let problem = refusal::unreadable(&error);
                return wire.say(ServerMessage::Error { problem }).await;
            }
        };
        match message {
            ClientMessage::Authenticate { token, ticket } => {
                self.authenticate(wire, token, ticket).await
            }
            ClientMessage::Ping { nonce } => wire.say(ServerMessage::Pong { nonce }).await,
            ClientMessage::Subscribe { topic, since } => self.subscribe(wire, topic, since).await,
            ClientMessage::Unsubscribe { topic } => self.unsubscribe(wire, topic).await,
        }
    }

    async fn authenticate(
        &mut self,
        wire: &mut Wire,
        token: Option<String>,
        ticket: Option<String>,
    ) -> Result<(), End> {
        let credential = match (token, ticket) {
            (Some(token), None) => Credential::Token(token),
            (None, Some(ticket)) => Credential::Ticket(ticket),
            (Some(_), Some(_)) | (None, None) => {
                let problem = refusal::one_credential();
                return wire.say(ServerMessage::Error { problem }).await;
            }
        };
        let sources = &self.guest.hub.shared.sources;
        let viewer = match sources.authenticate(credential).await {
            Ok(viewer) => viewer,
            Err(problem) => {
                wire.say(ServerMessage::Error { problem }).await?;
                return Err(End::Close(CloseCode::NotAuthenticated));
            }
        };
        if let Some(known) = &self.viewer
            && known.session != viewer.session
        {
            let problem = refusal::other_session();
            return wire.say(ServerMessage::Error { problem }).await;
        }
        if let Some(known) = &self.viewer
            && known.scope != viewer.scope
        {
            return Err(End::Close(CloseCode::NotAllowed));
        }
        self.guest.belongs(&viewer).map_err(End::Close)?;
        let username = viewer.username.clone();
        self.viewer = Some(viewer);
        wire.say(ServerMessage::Authenticated { username }).await
    }

    async fn subscribe(
        &mut self,
        wire: &mut Wire,
        topic: Topic,
        since: Option<u64>,
    ) -> Result<(), End> {
        let viewer = self.viewer()?;
        match self.guest.subscribe(viewer, topic, since).await {
            Ok(()) => wire.say(ServerMessage::Subscribed { topic }).await,
            Err(Refused::Closed(code)) => Err(End::Close(code)),
            Err(Refused::Told(problem)) => {
                let problem = *problem;
                wire.say(ServerMessage::Error { problem }).await
            }
        }
    }

    async fn unsubscribe(&mut self, wire: &mut Wire, topic: Topic) -> Result<(), End> {
        let subject = Subject::of(topic, self.viewer()?);
        self.guest.unsubscribe(&subject);
        wire.say(ServerMessage::Unsubscribed { topic }).await
    }

    /// Who speaks; before `authenticate` nobody may say more.
    fn viewer(&self) -> Result<&Viewer, End> {
        self.viewer
            .as_ref()
            .ok_or(End::Close(CloseCode::NotAuthenticated))
    }
}
