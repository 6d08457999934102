//! The closed set of topics; never who may subscribe.

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::ids::ServerId;

/// What a client can subscribe to; on the wire the text in the doc line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Topic {
    /// `fleet`: one line a server, each second.
    Fleet,
    /// `server:<id>`: whole samples of one server.
    Server(ServerId),
    /// `alerts`: every change of every alert.
    Alerts,
    /// `inbox`: the person's own inbox.
    Inbox,
}

impl std::fmt::Display for Topic {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Fleet => f.write_str("fleet"),
            Self::Server(id) => write!(f, "server:{id}"),
            Self::Alerts => f.write_str("alerts"),
            Self::Inbox => f.write_str("inbox"),
        }
    }
}

impl std::str::FromStr for Topic {
    type Err = UnknownTopic;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "fleet" => Ok(Self::Fleet),
            "alerts" => Ok(Self::Alerts),
            "inbox" => Ok(Self::Inbox),
            _ => text
                .strip_prefix("server:")
                .and_then(|id| id.parse().ok())
                .map(Self::Server)
                .ok_or(UnknownTopic),
        }
    }
}

/// The text names no topic.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UnknownTopic;

impl std::fmt::Display for UnknownTopic {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("unknown topic: expected fleet, server:<id>, alerts or inbox")
    }
}

impl Serialize for Topic {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Topic {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(de::Error::custom)
    }
}
