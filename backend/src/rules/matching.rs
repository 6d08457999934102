//! Which series a rule looks at; never their values.

use common::alert::{RuleInput, RuleScope};
use common::ids::ServerId;
use common::series::Labels;

/// The metric name of an absence rule that looks at samples of any kind: whether the server reports.
pub const REPORTING: &str = "up";

/// Whether a rule looks at a server: enabled, and in its scope.
pub fn watches(rule: &RuleInput, server: ServerId, group: Option<&str>) -> bool {
    let scope: &RuleScope = &rule.scope;
    rule.enabled && scope.covers(server, group)
}

/// Whether a series has all the labels that the rule asks for; an empty value asks for their absence.
pub fn matches_labels(rule: &RuleInput, labels: &Labels) -> bool {
    rule.matchers
        .iter()
        .all(|(name, value)| labels.get(name).unwrap_or_default() == value)
}
