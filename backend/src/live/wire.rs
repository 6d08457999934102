//! One client's socket for writing: every write and the close have a time limit; never waits longer.

use std::time::Duration;

use actix_ws::{CloseReason, Message, Session};
use bytes::Bytes;
use common::live::{CloseCode, Encoding, ServerMessage};
use futures_util::SinkExt;
use tokio::time::timeout;

use super::frame::Frame;

/// How a connection ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    /// We close it and say why.
    Close(CloseCode),
    /// The client is gone or went.
    Gone,
}

/// The writing half of a connection.
pub(super) struct Wire {
    session: Session,
    encoding: Encoding,
    within: Duration,
}

impl Wire {
    /// Writes to `session`, each time for at most `within`.
    pub(super) fn new(session: Session, encoding: Encoding, within: Duration) -> Self {
        Self {
            session,
            encoding,
            within,
        }
    }

    /// How messages are written here.
    pub(super) fn encoding(&self) -> Encoding {
        self.encoding
    }

    /// Writes a message for this client alone.
    pub(super) async fn say(&mut self, message: ServerMessage) -> Result<(), End> {
        self.send(&Frame::new(message)).await
    }

    /// Writes a message that is shared with others.
    pub(super) async fn send(&mut self, frame: &Frame) -> Result<(), End> {
        let Some(bytes) = frame.bytes(self.encoding) else {
            return Ok(());
        };
        let message = match self.encoding {
            Encoding::Postcard => Message::Binary(bytes),
            Encoding::Json => match bytes.try_into() {
                Ok(text) => Message::Text(text),
                Err(_) => return Ok(()),
            },
        };
        self.write(message).await
    }

    /// Asks the client for a sign of life.
    pub(super) async fn ping(&mut self) -> Result<(), End> {
        self.write(Message::Ping(Bytes::new())).await
    }

    /// Gives a sign of life.
    pub(super) async fn pong(&mut self, of: Bytes) -> Result<(), End> {
        self.write(Message::Pong(of)).await
    }

    /// Says why and closes; `false` when the client does not take it in time.
    pub(super) async fn close(self, code: CloseCode) -> bool {
        let reason = CloseReason {
            code: code.code().into(),
            description: Some(code.reason().to_owned()),
        };
        timeout(self.within, self.session.close(Some(reason)))
            .await
            .is_ok()
    }

    async fn write(&mut self, message: Message) -> Result<(), End> {
        match timeout(self.within, self.session.send(message)).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(_)) => Err(End::Gone),
            Err(_) => Err(End::Close(CloseCode::TooSlow)),
        }
    }
}
