//! What a client says; never what it may.

use super::Topic;
use super::wire::wire_enum;

wire_enum! {
    /// A message from a client.
    pub enum ClientMessage {
        /// Must come within 5 s: one of the two.
        Authenticate {
            /// An access token.
            token: Option<String>,
            /// A one-use ticket of `POST /auth/ws-ticket`.
            ticket: Option<String>,
        },
        /// Send this topic from now on.
        Subscribe {
            /// Which.
            topic: Topic,
            /// The last alert sequence number that the client has seen.
            since: Option<u64>,
        },
        /// Stop sending this topic.
        Unsubscribe {
            /// Which.
            topic: Topic,
        },
        /// Answered by `pong` with the same number.
        Ping {
            /// Any number.
            nonce: Option<u64>,
        },
    }
}
