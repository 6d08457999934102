//! A step of relabelling as Prometheus's configuration has it; never a label it is done to.

use serde::{Deserialize, Serialize};

use super::pattern::Pattern;

/// One step: the values of some labels, joined, are compared with a pattern, and something is done.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Step {
    /// Labels whose values are joined, in this order.
    pub source_labels: Vec<String>,
    /// What stands between them.
    pub separator: String,
    /// What they are compared with; all of it has to fit. Left out it fits anything.
    pub regex: Option<Pattern>,
    /// The label that `replace` sets.
    pub target_label: Option<String>,
    /// What it becomes; `$1`, `${name}` stand for groups of the pattern.
    pub replacement: String,
    /// What is done.
    pub action: Action,
}

/// What a step does.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Action {
    /// Where the pattern fits, `target_label` becomes `replacement`; an empty one is removed.
    #[default]
    Replace,
    /// Drops what the pattern does not fit.
    Keep,
    /// Drops what it fits.
    Drop,
    /// Labels whose names fit are copied to the name that `replacement` gives.
    LabelMap,
    /// Labels whose names fit are removed.
    LabelDrop,
    /// All other labels are removed.
    LabelKeep,
}

impl Default for Step {
    fn default() -> Self {
        Self {
            source_labels: Vec::new(),
            separator: ";".to_owned(),
            regex: None,
            target_label: None,
            replacement: "$1".to_owned(),
            action: Action::Replace,
        }
    }
}
