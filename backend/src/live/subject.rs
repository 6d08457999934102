//! Topics with the person or the person's scope put in, and what one must be allowed for each; never who listens.

use common::access::Permission;
use common::ids::{ServerId, UserId};
use common::live::Topic;

use super::sources::Viewer;
use crate::auth::Scope;

/// A topic as the hub tells them apart: each person's inbox is one of its own, and so is what each
/// scope of groups sees of servers and alerts.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum Subject {
    /// All servers that are seen.
    Fleet(Scope),
    /// One server.
    Server(ServerId),
    /// All alerts that are seen.
    Alerts(Scope),
    /// One person's inbox.
    Inbox(UserId),
}

impl Subject {
    /// What this person means by a topic.
    pub(super) fn of(topic: Topic, viewer: &Viewer) -> Self {
        match topic {
            Topic::Fleet => Self::Fleet(viewer.scope.clone()),
            Topic::Server(server) => Self::Server(server),
            Topic::Alerts => Self::Alerts(viewer.scope.clone()),
            Topic::Inbox => Self::Inbox(viewer.user),
        }
    }

    /// The topic as clients name it.
    pub(super) fn topic(&self) -> Topic {
        match self {
            Self::Fleet(_) => Topic::Fleet,
            Self::Server(server) => Topic::Server(*server),
            Self::Alerts(_) => Topic::Alerts,
            Self::Inbox(_) => Topic::Inbox,
        }
    }

    /// Whether what comes is kept in its order, and not only the newest.
    pub(super) fn has_events(&self) -> bool {
        matches!(self, Self::Alerts(_) | Self::Inbox(_))
    }

    /// The permission that it takes; `None` for one's own things.
    pub(super) fn needs(&self) -> Option<Permission> {
        match self {
            Self::Fleet(_) => Some(Permission::ServersRead),
            Self::Server(_) => Some(Permission::MetricsRead),
            Self::Alerts(_) => Some(Permission::AlertsRead),
            Self::Inbox(_) => None,
        }
    }
}
