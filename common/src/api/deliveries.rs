//! The log of deliveries: what went where, and how; never a message's text.

use serde::{Deserialize, Serialize};

use crate::ids::{AlertId, ChannelId, DeliveryId, TemplateId, UserId};
use crate::time::UnixMs;

/// Where a delivery stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum DeliveryState {
    /// It is or will be tried.
    Due,
    /// The receiver has it.
    Delivered,
    /// It was refused, or tried for a day: a dead letter.
    Dead,
    /// It was not tried: its channel was disabled or is gone.
    Dropped,
}

/// How an attempt went.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum AttemptOutcome {
    /// The receiver has it.
    Delivered,
    /// It may go better the next time.
    Failed,
    /// It will not go better.
    Refused,
    /// The receiver wants no more messages at all.
    Gone,
}

/// A message to one channel.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Delivery {
    /// Its id; the receiver gets it as the key that is the same on each attempt.
    pub id: DeliveryId,
    /// The channel; `None`: the inboxes.
    pub channel: Option<ChannelId>,
    /// The channel's name at that time.
    pub channel_name: Option<String>,
    /// Where it stands.
    pub state: DeliveryState,
    /// How often it was tried.
    pub attempts: u32,
    /// The alerts it is about.
    pub alerts: Vec<AlertId>,
    /// When the first of them changed.
    pub changed_at: UnixMs,
    /// When it was composed.
    pub created_at: UnixMs,
    /// When it is tried next; `None` when it is over.
    pub next_at: Option<UnixMs>,
    /// When it was over.
    pub ended_at: Option<UnixMs>,
    /// Why it is not there yet, was dropped or is dead.
    pub reason: Option<String>,
    /// Whether it brings what another channel refused.
    pub is_fallback: bool,
}

/// A delivery with its attempts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DeliveryDetail {
    /// The delivery.
    #[serde(flatten)]
    pub delivery: Delivery,
    /// Its attempts, the first first; of very many the first and the last ones.
    pub log: Vec<DeliveryAttempt>,
}

/// One attempt.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DeliveryAttempt {
    /// From 1.
    pub number: u32,
    /// When it began.
    pub at: UnixMs,
    /// Milliseconds until the answer.
    pub duration_ms: u64,
    /// How it went.
    pub outcome: AttemptOutcome,
    /// The provider's status, of HTTP or SMTP; `None` when there was no answer.
    pub status: Option<i32>,
    /// How its answer begins, or why there was none.
    pub answer: String,
    /// What else there is to know, such as a template that failed.
    pub note: Option<String>,
}

/// Which deliveries a list shows.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams))]
#[cfg_attr(feature = "openapi", into_params(parameter_in = Query))]
pub struct DeliveryFilter {
    /// To this channel.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub channel: Option<ChannelId>,
    /// In this state.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", param(inline))]
    pub state: Option<DeliveryState>,
    /// About this alert.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub alert: Option<AlertId>,
}

/// How a channel did, the inboxes among them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ChannelStatistics {
    /// The channel; `None`: the inboxes.
    pub channel: Option<ChannelId>,
    /// Its name at the last delivery.
    pub channel_name: Option<String>,
    /// How they fared.
    #[serde(flatten)]
    pub figures: DeliveryFigures,
    /// The last attempt; `None` when nothing was tried, and for who does not see all servers.
    pub last: Option<DeliveryAttempt>,
}

/// How the messages of a template did.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TemplateStatistics {
    /// The template; one that was removed meanwhile has no name.
    pub template: TemplateId,
    /// Its name now.
    pub template_name: Option<String>,
    /// How they fared.
    #[serde(flatten)]
    pub figures: DeliveryFigures,
}

/// How the messages did that went to channels for a person alone.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PersonStatistics {
    /// The person.
    pub person: UserId,
    /// As others see them now; null for who was removed.
    pub person_name: Option<String>,
    /// How they fared. What counts as taken was taken by the person.
    #[serde(flatten)]
    pub figures: DeliveryFigures,
}

/// How deliveries fared.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DeliveryFigures {
    /// Deliveries that were composed.
    pub sent: u32,
    /// Those that arrived.
    pub delivered: u32,
    /// Those that are dead letters.
    pub failed: u32,
    /// Those that were not tried.
    pub dropped: u32,
    /// Those that are still tried.
    pub waiting: u32,
    /// Half of what arrived was there so many milliseconds after the alert changed.
    pub delay_p50_ms: Option<i64>,
    /// All but the slowest hundredth was.
    pub delay_p99_ms: Option<i64>,
    /// Half of the alerts that fired and were taken were taken so many seconds after they arrived.
    pub acknowledged_p50_seconds: Option<f64>,
}

/// `POST /notifications/deliveries/resend`: which dead letters are tried again.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ResendDeliveries {
    /// Those of this channel alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub channel: Option<ChannelId>,
}

/// How many dead letters are tried again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Resent {
    /// So many, at most 1,000 at once.
    pub resent: u32,
    /// Whether there are more.
    pub more: bool,
}

/// Over which time statistics are made.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams))]
#[cfg_attr(feature = "openapi", into_params(parameter_in = Query))]
pub struct StatisticsSpan {
    /// The last so many days: 1 to 90, usually 7.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", param(minimum = 1, maximum = 90, default = 7))]
    pub days: Option<u32>,
}
