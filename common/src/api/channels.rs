//! Channels, the ways to tell people; never their secrets, which go in only.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::api::patch::Patch;
use crate::ids::{ChannelId, TemplateId};
use crate::time::UnixMs;

/// What a channel speaks to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum ChannelKind {
    /// Any server that takes a signed `POST`.
    Webhook,
    /// A mail server.
    Email,
    /// An incoming webhook of Slack.
    Slack,
    /// A webhook of Discord.
    Discord,
    /// A workflow of Microsoft Teams.
    Teams,
    /// A bot of Telegram.
    Telegram,
    /// The events of `PagerDuty`.
    Pagerduty,
    /// A topic of ntfy.
    Ntfy,
    /// A server of Gotify.
    Gotify,
    /// Pushover.
    Pushover,
    /// A room of Matrix.
    Matrix,
    /// Short messages by Twilio.
    Twilio,
    /// E-mail by `SendGrid`.
    Sendgrid,
    /// E-mail by Amazon SES.
    Ses,
    /// The browsers that asked for it.
    WebPush,
}

impl ChannelKind {
    /// Every kind, in the order that a menu shows them.
    pub const ALL: [Self; 15] = [
        Self::Webhook,
        Self::Email,
        Self::Slack,
        Self::Discord,
        Self::Teams,
        Self::Telegram,
        Self::Pagerduty,
        Self::Ntfy,
        Self::Gotify,
        Self::Pushover,
        Self::Matrix,
        Self::Twilio,
        Self::Sendgrid,
        Self::Ses,
        Self::WebPush,
    ];
}

/// A channel as people write it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ChannelInput {
    /// Unique; 1 to 100 characters.
    pub name: String,
    /// What it speaks to. It stays what it is.
    pub kind: ChannelKind,
    /// What that kind needs. A secret that is left out stays as it was; `null` removes it.
    #[cfg_attr(feature = "openapi", schema(value_type = Object))]
    pub config: Map<String, Value>,
    /// A disabled channel is kept and gets nothing.
    #[serde(default = "enabled_by_default")]
    pub enabled: bool,
    /// The channel that gets what this one refuses.
    #[serde(default)]
    pub fallback: Option<ChannelId>,
    /// What its messages say; `None`: what the server says by itself.
    #[serde(default)]
    pub template: Option<TemplateId>,
}

const fn enabled_by_default() -> bool {
    true
}

/// A channel as the server keeps it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Channel {
    /// Its id.
    pub id: ChannelId,
    /// Counts its changes, from 1.
    pub version: i64,
    /// Unique.
    pub name: String,
    /// What it speaks to.
    pub kind: ChannelKind,
    /// What that kind needs, without secrets.
    #[cfg_attr(feature = "openapi", schema(value_type = Object))]
    pub config: Map<String, Value>,
    /// The names of the secrets that are set.
    pub secrets: Vec<String>,
    /// Whether it gets messages.
    pub enabled: bool,
    /// Why the server disabled it by itself; `None` when it did not.
    pub disabled_because: Option<String>,
    /// The channel that gets what this one refuses.
    pub fallback: Option<ChannelId>,
    /// What its messages say; `None`: what the server says by itself.
    pub template: Option<TemplateId>,
    /// When it was made.
    pub created_at: UnixMs,
    /// When it was last changed.
    pub updated_at: UnixMs,
}

/// Fields of a channel that change; those left out stay.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ChannelPatch {
    /// Unique; 1 to 100 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Replaces what the kind needs, but for secrets that are left out.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<Object>))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub config: Option<Map<String, Value>>,
    /// Whether it gets messages.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub enabled: Option<bool>,
    /// The channel that gets what this one refuses.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<ChannelId>))]
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    pub fallback: Patch<ChannelId>,
    /// What its messages say; `null`: what the server says by itself.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<TemplateId>))]
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    pub template: Patch<TemplateId>,
}

impl ChannelPatch {
    /// The channel with these changes.
    #[must_use]
    pub fn apply(self, before: Channel) -> ChannelInput {
        ChannelInput {
            name: self.name.unwrap_or(before.name),
            kind: before.kind,
            config: self.config.unwrap_or(before.config),
            enabled: self.enabled.unwrap_or(before.enabled),
            fallback: self.fallback.over(before.fallback),
            template: self.template.over(before.template),
        }
    }
}

/// How a trial of a channel went.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ChannelTest {
    /// Whether the provider took the message.
    pub ok: bool,
    /// How that counts.
    pub outcome: super::deliveries::AttemptOutcome,
    /// The provider's status, of HTTP or SMTP; `None` when there was no answer.
    pub status: Option<i32>,
    /// How its answer begins, or why there was none.
    pub answer: String,
    /// Milliseconds until the answer.
    pub duration_ms: u64,
    /// What else there is to know, such as a template that failed.
    pub note: Option<String>,
}
