//! The five rules that every installation begins with; never what a person made of them.

use super::matching::REPORTING;
use common::alert::{Comparison, RuleInput, RuleKind};

/// High CPU, high memory, low disk, server unreachable, high load.
pub fn default_rules() -> [RuleInput; 5] {
    let percent = |name: &str, metric: &str, warning: f64, critical: f64| RuleInput {
        warning: Some(warning),
        critical: Some(critical),
        clear_margin: 5.0,
        clear_for_seconds: 60,
        for_seconds: 60,
        ..plain(name, metric)
    };
    [
        percent("High CPU", "host_cpu_usage_percent", 70.0, 90.0),
        percent("High memory", "host_memory_usage_percent", 75.0, 90.0),
        percent("Low disk", "host_filesystem_usage_percent", 80.0, 95.0),
        RuleInput {
            kind: RuleKind::Absence,
            for_seconds: 15,
            ..plain("Server unreachable", REPORTING)
        },
        RuleInput {
            warning: Some(1.5),
            critical: Some(3.0),
            clear_margin: 0.2,
            clear_for_seconds: 60,
            for_seconds: 300,
            ..plain("High load", "host_load_per_core")
        },
    ]
}

fn plain(name: &str, metric: &str) -> RuleInput {
    RuleInput::plain(name, metric, Comparison::AtLeast)
}

#[cfg(test)]
mod tests {
    use super::default_rules;
    use crate::rules::check;

    #[test]
    fn the_defaults_are_valid_rules() {
        for rule in default_rules() {
            assert_eq!(check(&rule), [], "{}", rule.name);
        }
    }
}
