//! What rules would have done: requests and answers; the rule itself stands in `common::alert`.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::alert::{Rule, RuleInput, Severity};
use crate::ids::ServerId;
use crate::time::UnixMs;

/// Intervals that an answer lists at most; the counts are of all.
pub const MAX_INTERVALS: usize = 5_000;

/// Body of `POST /alerts/rules/preview`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PreviewRequest {
    /// The rule as it would be saved; it is tried even when it is disabled.
    pub rule: RuleInput,
    /// The first moment that is looked at.
    pub from: UnixMs,
    /// The moment after the last, 31 days after the first at most.
    pub to: UnixMs,
}

/// What a rule would have done.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Preview {
    /// The alerts by their start, the first 5,000.
    pub intervals: Vec<PreviewInterval>,
    /// How many alerts there would have been, those that are not listed included.
    pub fired: u64,
    /// For how many seconds alerts would have fired, those of several series added up.
    pub firing_seconds: f64,
    /// What would have been told: firings that no cooldown held back, changes of severity, recoveries;
    /// while an alert flaps, that alone, and that it is calm again.
    pub notifications: u64,
    /// Values that were looked at.
    pub evaluated_points: u64,
}

/// One alert that there would have been.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PreviewInterval {
    /// The server it would have been about.
    pub server_id: ServerId,
    /// That server's name.
    pub server: String,
    /// Labels of the series and of the rule.
    pub labels: BTreeMap<String, String>,
    /// The worst that it reached.
    pub severity: Severity,
    /// When it fires, after the for-duration.
    pub started_at: UnixMs,
    /// When it is over; `None` when it still fires at the end.
    pub ended_at: Option<UnixMs>,
    /// Its severities; the first stands at its start.
    pub steps: Vec<PreviewStep>,
}

/// From when on an alert has a severity.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PreviewStep {
    /// From when on.
    pub at: UnixMs,
    /// How bad.
    pub severity: Severity,
}

/// How the evaluation of a rule goes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RuleEvaluation {
    /// Whether it goes.
    pub status: EvaluationStatus,
    /// When it was last evaluated: the time of the newest value that it saw, or of its last turn.
    pub last_at: Option<UnixMs>,
    /// Why it could not be evaluated.
    pub error: Option<String>,
    /// Series that it looks at; of an expression, those of its result.
    pub series: u64,
}

/// Whether a rule can be evaluated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum EvaluationStatus {
    /// It is.
    Ok,
    /// There is nothing that it could look at, or nothing came in the last five minutes; of an
    /// expression: its result is empty.
    NoData,
    /// It ends with an error.
    Failing,
    /// The rule is disabled.
    Off,
}

/// Body of `POST /alerts/rules/advise`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct AdviseRequest {
    /// A threshold rule; its thresholds are the ones that were chosen so far and may be missing.
    pub rule: RuleInput,
    /// The first moment that is looked at.
    pub from: UnixMs,
    /// The moment after the last, 31 days after the first at most.
    pub to: UnixMs,
}

/// What other thresholds would have done.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Advice {
    /// What was observed; `None` when there is no sample.
    pub observed: Option<Observed>,
    /// Thresholds from the mildest to the strictest, those of the rule included.
    pub candidates: Vec<Candidate>,
    /// The warning threshold to take.
    pub warning: Option<Recommendation>,
    /// The critical threshold to take.
    pub critical: Option<Recommendation>,
}

/// What the values of the series were like.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Observed {
    /// How many series there are.
    pub series: u64,
    /// How many samples they have.
    pub samples: u64,
    /// The smallest value.
    pub min: f64,
    /// The middle one, approximately.
    pub median: f64,
    /// Above 95 of 100, approximately.
    pub p95: f64,
    /// Above 99 of 100, approximately.
    pub p99: f64,
    /// The largest.
    pub max: f64,
}

/// One threshold, as the rule's only one.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Candidate {
    /// The threshold.
    pub value: f64,
    /// How often it fires, all series together.
    pub firings: u64,
    /// For how many seconds, all series together.
    pub firing_seconds: f64,
    /// Whether it is a threshold of the rule, and which.
    pub chosen: Option<Severity>,
}

/// A threshold to take.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Recommendation {
    /// The threshold.
    pub value: f64,
    /// Why this one, in one sentence.
    pub why: String,
}

/// The version of rule files that is written and read.
pub const RULE_FILE_VERSION: u32 = 1;

/// Rules as a file, in TOML or JSON.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct RuleFile {
    /// 1.
    pub version: u32,
    /// The rules, by name.
    pub rules: Vec<RuleInput>,
}

/// What becomes of a rule of a file when another has its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum OnExisting {
    /// Nothing of the file is taken.
    #[default]
    Refuse,
    /// The rule that is there stays.
    Skip,
    /// It replaces the rule that is there.
    Replace,
}

/// What `POST /alerts/rules/import` did, or would do.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Imported {
    /// Nothing was changed.
    pub dry_run: bool,
    /// Names of rules that are new.
    pub added: Vec<String>,
    /// Names of rules that were replaced.
    pub replaced: Vec<String>,
    /// Names of rules that stay as they are.
    pub unchanged: Vec<String>,
    /// What is in the file and no rule of ours.
    pub left_out: Vec<LeftOut>,
    /// What was changed on the way.
    pub warnings: Vec<String>,
}

/// Something in a file that is no rule of ours.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LeftOut {
    /// Where it stands: `groups[0].rules[1]`.
    pub place: String,
    /// Its name.
    pub name: String,
    /// Why it was left out.
    pub why: String,
}

/// A rule, and how its evaluation goes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct EvaluatedRule {
    /// The rule.
    #[serde(flatten)]
    pub rule: Rule,
    /// How its evaluation goes.
    pub evaluation: RuleEvaluation,
}

/// A rule that was saved, and what the person should know about it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SavedRule {
    /// The rule.
    #[serde(flatten)]
    pub rule: Rule,
    /// What it will not find.
    pub warnings: Vec<String>,
}
