//! Requests and answers around alerts; the alert itself stands in `common::alert`.

use serde::{Deserialize, Serialize};

use crate::alert::{
    Alert, AlertChange, AlertComment, AlertEvent, AlertSnapshot, AlertState, RuleInput, Severity,
};
use crate::api::servers::ProcessList;
use crate::ids::{AlertId, RuleId, ServerId, UserId};
use crate::problem::Problem;
use crate::series::Labels;
use crate::time::UnixMs;

/// Body of `POST /alerts/{id}/acknowledge` and `/resolve`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct AlertAction {
    /// What the person says to it, up to 2,000 characters.
    #[serde(default)]
    pub comment: Option<String>,
}

/// Body of `POST /alerts/{id}/comments`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct AlertSaying {
    /// What the person says, 1 to 2,000 characters.
    pub comment: String,
}

/// Body of `POST /alerts/{id}/assign`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct AlertAssignment {
    /// Who looks after it from now on; null: nobody.
    #[serde(deserialize_with = "nullable")]
    #[cfg_attr(feature = "openapi", schema(required))]
    pub user_id: Option<UserId>,
    /// What the person says to it, up to 2,000 characters.
    #[serde(default)]
    pub comment: Option<String>,
}

/// A field that may be null and has to be there.
fn nullable<'de, D: serde::Deserializer<'de>>(value: D) -> Result<Option<UserId>, D::Error> {
    Option::deserialize(value)
}

/// What is done to several alerts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum BulkAction {
    /// They are taken.
    Acknowledge,
    /// They are ended.
    Resolve,
    /// The comment is said to each.
    Comment,
    /// They are given to `user_id`, or to nobody.
    Assign,
}

/// Body of `POST /alerts/bulk`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct BulkRequest {
    /// The alerts, at most 500.
    pub ids: Vec<AlertId>,
    /// What is done to each.
    pub action: BulkAction,
    /// What the person says to it, up to 2,000 characters; `comment` needs it.
    #[serde(default)]
    pub comment: Option<String>,
    /// For `assign`: who looks after them; null or left out: nobody.
    #[serde(default)]
    pub user_id: Option<UserId>,
}

/// What became of one alert of a `POST /alerts/bulk`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct BulkResult {
    /// The alert.
    pub id: AlertId,
    /// What its own request would have been answered with: 200, 404, 409, 503.
    pub status: u16,
    /// The alert afterwards; null when it was refused.
    pub alert: Option<Alert>,
    /// Why it was refused; null when it was not.
    pub problem: Option<Problem>,
}

/// Answer of `POST /alerts/bulk`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct BulkAnswer {
    /// One for each alert, in the order of the request.
    pub items: Vec<BulkResult>,
}

/// Filter of the lists of alerts.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams))]
#[cfg_attr(feature = "openapi", into_params(parameter_in = Query))]
pub struct AlertFilter {
    /// Only this state.
    #[serde(default)]
    pub state: Option<AlertState>,
    /// Only this severity.
    #[serde(default)]
    pub severity: Option<Severity>,
    /// Only this server.
    #[serde(default)]
    pub server: Option<ServerId>,
    /// Only this rule.
    #[serde(default)]
    pub rule: Option<RuleId>,
    /// Only what this person looks after.
    #[serde(default)]
    pub assignee: Option<UserId>,
    /// Only what began at this moment or later.
    #[serde(default)]
    pub from: Option<UnixMs>,
    /// Only what began before this moment.
    #[serde(default)]
    pub to: Option<UnixMs>,
    /// Only alerts in whose rule's name, server's name, labels or sentence this stands, whatever
    /// the case of its letters.
    #[serde(default)]
    pub text: Option<String>,
}

/// `GET /alerts/{id}`: the alert and what happened to it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AlertDetail {
    /// The alert.
    #[serde(flatten)]
    pub alert: Alert,
    /// Its steps, oldest first.
    pub history: Vec<AlertEvent>,
    /// What was said to it, oldest first; the same stands in its steps.
    pub comments: Vec<AlertComment>,
    /// What the server looked like when it fired; null when nothing of it was known then.
    pub snapshot: Option<AlertSnapshot>,
    /// Whether its picture from when it fired is kept: `GET /alerts/{id}/picture.png?kept=true`.
    pub has_picture: bool,
}

/// `GET /alerts/engine`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct EngineStatus {
    /// Whether rules are being evaluated.
    pub status: EngineState,
    /// Enabled rules.
    pub active_rules: u32,
    /// Alerts that are pending.
    pub pending: u32,
    /// Alerts that fire, acknowledged included.
    pub firing: u32,
}

/// Whether rules are being evaluated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum EngineState {
    /// Samples are evaluated as they come.
    Running,
    /// The last evaluation could not be written down.
    Failing,
}

/// `GET /alerts/{id}/replay`: what was decided about an alert, evaluated again.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AlertReplay {
    /// Whether every decision came out the same, byte for byte.
    pub identical: bool,
    /// The decisions, oldest first, at most 200.
    pub items: Vec<ReplayedDecision>,
}

/// A decision of a rule, as it was and evaluated again.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ReplayedDecision {
    /// Grows with every decision about every alert.
    pub id: u64,
    /// The step of the alert's history that came of it; null when none did.
    pub seq: Option<u64>,
    /// When.
    pub at: UnixMs,
    /// The rule's version then.
    pub rule_version: u32,
    /// The rule as it was then.
    pub rule: RuleInput,
    /// What was evaluated: the observation and the rule's state before it.
    #[cfg_attr(feature = "openapi", schema(value_type = Object))]
    pub input: serde_json::Value,
    /// What came of it then: the state after it, and what changed.
    #[cfg_attr(feature = "openapi", schema(value_type = Object))]
    pub stored: serde_json::Value,
    /// What comes of it now.
    #[cfg_attr(feature = "openapi", schema(value_type = Object))]
    pub replayed: serde_json::Value,
    /// Whether both are the same, byte for byte.
    pub identical: bool,
}

/// `GET /alerts/{id}/recording`: what the server did around the firing.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AlertRecording {
    /// When the alert fired.
    pub fired_at: UnixMs,
    /// The first moment of it, ten minutes before the firing or more.
    pub from: UnixMs,
    /// The moment after its last, ten minutes after the firing or more.
    pub to: UnixMs,
    /// The main series of the server and the alert's own, by metric and labels; units of systemd are
    /// there when they had failed.
    pub series: Vec<RecordedSeries>,
    /// The busiest processes, a list a minute.
    pub processes: Vec<ProcessList>,
}

/// A series with its samples.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RecordedSeries {
    /// Its metric.
    pub metric: String,
    /// Its labels.
    #[cfg_attr(feature = "openapi", schema(value_type = std::collections::BTreeMap<String, String>))]
    pub labels: Labels,
    /// Milliseconds since 1970 and the value, by time.
    pub points: Vec<(i64, f64)>,
}

/// `GET /alerts/{id}/explain`: why there is this alert, and who was told of it and why not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AlertExplanation {
    /// What happened, in its order.
    pub trace: Vec<ExplainedStep>,
    /// What the asking person was told, step by step, and why not.
    pub you: Vec<ToldYou>,
}

/// A line of an explanation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ExplainedStep {
    /// When.
    pub at: UnixMs,
    /// What kind of line it is.
    pub kind: ExplainedKind,
    /// What a person reads.
    pub text: String,
    /// The step of the alert's history that it is about; null before the first.
    pub seq: Option<u64>,
    /// Who did it; null when no person did.
    pub by: Option<UserId>,
    /// What decided: silences, windows, alerts that hold it back; routes, policies, channels, people.
    #[cfg_attr(feature = "openapi", schema(value_type = Vec<String>, format = Uuid))]
    pub objects: Vec<uuid::Uuid>,
}

/// What a line of an explanation is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum ExplainedKind {
    /// The condition became true.
    Crossed,
    /// It had to be true for a time.
    Waited,
    /// It was true for long enough, and the cooldown of an earlier firing held it back.
    Cooldown,
    /// A step of the alert by its rule.
    Step,
    /// A step of the alert by a person.
    Person,
    /// A step that nobody was told of, or not yet.
    Held,
    /// To whom a step goes, when, and with which others.
    Decided,
    /// A step waits to be told.
    Waiting,
    /// A step was given to inboxes and channels.
    Told,
    /// What became of a step at a channel.
    Answered,
}

/// Whether the asking person was told of a step.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ToldYou {
    /// The step of the alert's history.
    pub seq: u64,
    /// What happened then.
    pub change: AlertChange,
    /// When the message came into the person's inbox; null when none did.
    pub told_at: Option<UnixMs>,
    /// Why there is no message; null when there is one.
    pub why_not: Option<WhyNot>,
}

/// Why a person was not told of a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum WhyNot {
    /// The person did it.
    DoneByYou,
    /// What is said and who looks after an alert is nobody's message.
    NeverTold,
    /// The alert was flapping.
    Flapping,
    /// A silence, a maintenance window or another alert held it back.
    HeldBack,
    /// It waits to be told.
    Waiting,
    /// It went out without this person: nobody with that login and that permission was there then.
    NotThere,
}
