//! A message that many clients get: encoded when the first needs it, once per encoding, then shared.

use std::sync::{Arc, OnceLock};

use bytes::Bytes;
use common::live::{Encoding, ServerMessage};

/// One message, ready for any number of clients.
#[derive(Debug, Clone)]
pub(super) struct Frame(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    message: ServerMessage,
    json: OnceLock<Option<Bytes>>,
    postcard: OnceLock<Option<Bytes>>,
}

impl Frame {
    /// Takes a message; nothing is encoded yet.
    pub(super) fn new(message: ServerMessage) -> Self {
        Self(Arc::new(Shared {
            message,
            json: OnceLock::new(),
            postcard: OnceLock::new(),
        }))
    }

    /// The message, for tests.
    #[cfg(test)]
    pub(super) fn message(&self) -> &ServerMessage {
        &self.0.message
    }

    /// The message in an encoding; `None` when it cannot be written in it.
    pub(super) fn bytes(&self, encoding: Encoding) -> Option<Bytes> {
        let written = match encoding {
            Encoding::Json => &self.0.json,
            Encoding::Postcard => &self.0.postcard,
        };
        written
            .get_or_init(|| match encoding.encode(&self.0.message) {
                Ok(bytes) => Some(bytes.into()),
                Err(error) => {
                    tracing::error!(%error, ?encoding, "a live message cannot be encoded");
                    None
                }
            })
            .clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clones_share_what_was_encoded() {
        let frame = Frame::new(ServerMessage::Pong { nonce: Some(1) });
        for encoding in Encoding::ALL {
            let (first, second) = (frame.bytes(encoding), frame.clone().bytes(encoding));
            assert_eq!(first.unwrap().as_ptr(), second.unwrap().as_ptr());
        }
        assert_eq!(frame.message(), &ServerMessage::Pong { nonce: Some(1) });
    }
}
