//! Rules, severities, states and alerts as they cross a wire; never how a rule is evaluated.

mod alert_view;
mod condition;
mod hold;
mod label_match;
mod on_call;
mod route;
mod rule;
mod rule_kind;
mod rule_patch;
mod severity;
mod snapshot;

pub use alert_view::{Alert, AlertChange, AlertComment, AlertEvent, AlertState};
pub use condition::{Combine, Condition};
pub use hold::{
    Inhibition, InhibitionInput, MaintenanceWindow, Silence, SilenceInput, SilenceState,
    WindowInput, WindowSchedule,
};
pub use label_match::LabelMatch;
pub use on_call::{Gap, Layer, OnCallSchedule, Override, Rotation, ScheduleInput, Turn};
pub use route::{Policy, PolicyInput, PolicyStep, Route, RouteInput, Target};
pub use rule::{Comparison, Rule, RuleInput, RuleScope};
pub use rule_kind::RuleKind;
pub use rule_patch::RulePatch;
pub use severity::{AlertCounts, Severity};
pub use snapshot::{AlertSnapshot, SnapshotHealth};
