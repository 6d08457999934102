//! What the server says; never when.

use super::Topic;
use super::wire::wire_enum;
use crate::alert::{Alert, AlertChange};
use crate::api::inbox::InboxItem;
use crate::api::status::RealtimeStatus;
use crate::host::HostSample;
use crate::ids::ServerId;
use crate::problem::Problem;
use crate::time::UnixMs;

wire_enum! {
    /// A message from the server.
    pub enum ServerMessage {
        /// The first message on every connection.
        Welcome {
            /// `common::live::PROTOCOL` of the server.
            protocol: u32,
            /// The dashboard's build that the server carries: another one must reload.
            build: String,
            /// The server's clock.
            server_time: UnixMs,
        },
        /// The credential was good.
        Authenticated {
            /// The person's name.
            username: String,
        },
        /// The topic's newest state follows at once, then each new one.
        Subscribed {
            /// Which.
            topic: Topic,
        },
        /// The topic is not sent any more.
        Unsubscribed {
            /// Which.
            topic: Topic,
        },
        /// Topic `server:<id>`: one sample.
        Sample {
            /// Of which server.
            server: ServerId,
            /// When it was taken.
            at: UnixMs,
            /// Whether it is the newest known at subscription rather than a new one.
            snapshot: bool,
            /// The readings.
            sample: Box<HostSample>,
        },
        /// Topic `fleet`: one line for each server.
        Fleet {
            /// When it was put together.
            at: UnixMs,
            /// Whether it is the state at subscription.
            snapshot: bool,
            /// The servers, by name.
            items: Vec<RealtimeStatus>,
        },
        /// Topic `alerts` at subscription, and after a lag: all that fire.
        Alerts {
            /// Always true.
            snapshot: bool,
            /// The sequence number of the last change in it.
            seq: u64,
            /// Firing and acknowledged alerts, in no order.
            items: Vec<Alert>,
        },
        /// Topic `alerts`: one change.
        Alert {
            /// Grows by one a change.
            seq: u64,
            /// What happened.
            change: AlertChange,
            /// The alert after it.
            alert: Box<Alert>,
        },
        /// Topic `inbox`: new or re-counted messages of this person.
        Inbox {
            /// Whether it is the state at subscription.
            snapshot: bool,
            /// How many are unread in all.
            unread: u32,
            /// The newest at subscription, the new ones after it; newest first.
            items: Vec<InboxItem>,
        },
        /// Changes of this topic were dropped: read it from the API.
        Lagged {
            /// Which.
            topic: Topic,
        },
        /// A message was refused; the connection stays.
        Error {
            /// Why.
            problem: Problem,
        },
        /// The answer to `ping`.
        Pong {
            /// The number of the ping.
            nonce: Option<u64>,
        },
    }
}
