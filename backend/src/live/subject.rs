//! Topics with the person put in, and what one must be allowed for each; never who listens.

use common::access::Permission;
use common::ids::{ServerId, UserId};
use common::live::Topic;

/// A topic as the hub tells them apart: each person's inbox is one of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Subject {
    /// All servers.
    Fleet,
    /// One server.
    Server(ServerId),
    /// All alerts.
    Alerts,
    /// One person's inbox.
    Inbox(UserId),
}

impl Subject {
    /// What this person means by a topic.
    pub(super) fn of(topic: Topic, user: UserId) -> Self {
        match topic {
            Topic::Fleet => Self::Fleet,
            Topic::Server(server) => Self::Server(server),
            Topic::Alerts => Self::Alerts,
            Topic::Inbox => Self::Inbox(user),
        }
    }

    /// The topic as clients name it.
    pub(super) fn topic(self) -> Topic {
        match self {
            Self::Fleet => Topic::Fleet,
            Self::Server(server) => Topic::Server(server),
            Self::Alerts => Topic::Alerts,
            Self::Inbox(_) => Topic::Inbox,
        }
    }

    /// The permission that it takes; `None` for one's own things.
    pub(super) fn needs(self) -> Option<Permission> {
        match self {
            Self::Fleet => Some(Permission::ServersRead),
            Self::Server(_) => Some(Permission::MetricsRead),
            Self::Alerts => Some(Permission::AlertsRead),
            Self::Inbox(_) => None,
        }
    }
}
