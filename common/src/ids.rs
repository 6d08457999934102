//! Identifiers as types of their own, so that a server is never taken for a user; never generated here.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident)*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }

        impl std::str::FromStr for $name {
            type Err = uuid::Error;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Uuid::parse_str(text).map(Self)
            }
        }

        impl From<Uuid> for $name {
            fn from(id: Uuid) -> Self {
                Self(id)
            }
        }

        impl From<$name> for Uuid {
            fn from(id: $name) -> Self {
                id.0
            }
        }
    )*};
}

ids! {
    /// A watched server (UUID v7).
    ServerId
    /// A person with a login (UUID v7).
    UserId
    /// A login of a person on one device (UUID v7).
    SessionId
    /// An API key of a person (UUID v7).
    ApiKeyId
    /// An alert rule (UUID v7).
    RuleId
    /// One alert: an episode of one rule on one series (UUID v7).
    AlertId
    /// A scheduled job (UUID v7).
    JobId
    /// A silence (UUID v7).
    SilenceId
    /// A maintenance window (UUID v7).
    WindowId
    /// An inhibition rule (UUID v7).
    InhibitionId
    /// A route of notifications (UUID v7).
    RouteId
    /// An escalation policy (UUID v7).
    PolicyId
    /// An on-call schedule (UUID v7).
    ScheduleId
    /// A message in a person's in-app inbox (UUID v7).
    InboxItemId
    /// A channel that messages go to (UUID v7).
    ChannelId
    /// What messages of a kind of channel say (UUID v7).
    TemplateId
    /// A message on its way to a channel (UUID v7).
    DeliveryId
    /// A browser that asked to be told (UUID v7).
    PushSubscriptionId
    /// That a person wanted to be told by something (UUID v7).
    ConsentId
}
