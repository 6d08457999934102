//! The sentences about an alert; never in another language than the product's first.

use common::alert::{Combine, Comparison, RuleInput, RuleKind, Severity};
use common::metric::Metric;
use common::series::Labels;
use common::units::{GIB, KIB, MIB, Unit};

use crate::rules::{Flaps, Step, Transition};

/// "Low disk on web-1 (mountpoint="/"): 96.2 % is at or above 95.0 %."
pub(super) fn sentence(
    rule: &RuleInput,
    server: &str,
    labels: &Labels,
    transition: &Transition,
) -> String {
    let place = if labels.is_empty() {
        format!("{} on {server}", rule.name)
    } else {
        format!("{} on {server} ({labels})", rule.name)
    };
    let is_over = transition.step == Step::Resolved;
    match (rule.kind, transition.value, transition.threshold) {
        (RuleKind::Absence, ..) if is_over => format!("{place}: samples come again."),
        (RuleKind::Absence, ..) => format!("{place}: no samples come."),
        (RuleKind::Composite, ..) if is_over => format!("{place} is over."),
        (RuleKind::Composite, ..) => {
            format!("{place}: {}.", conditions(rule, transition.severity))
        }
        (_, Some(value), _) if is_over => format!("{place} is over: {}.", shown(rule, value)),
        (_, None, _) if is_over => format!("{place} is over."),
        (_, Some(value), Some(threshold)) => format!(
            "{place}: {} is {}{} {}.",
            shown(rule, value),
            // What became milder may be better than both thresholds and not yet for long enough.
            if rule.comparison.crosses(value, threshold) {
                ""
            } else {
                "no longer "
            },
            relation(rule.comparison),
            shown(rule, threshold)
        ),
        (RuleKind::Promql, Some(value), None) => {
            format!("{place}: the expression gives {}.", plain(value))
        }
        _ => format!("{place}."),
    }
}

/// What stands in the place of an alert's changes while there are too many of them.
pub(super) fn flapping(sentence: &str, flaps: Flaps) -> String {
    format!(
        "{sentence} It changed in {} of the last {} minutes: its changes are not told until it is calm.",
        flaps.changed_minutes(),
        Flaps::minutes()
    )
}

/// A value as the rule means it: a rate is told a second.
fn shown(rule: &RuleInput, value: f64) -> String {
    match rule.kind {
        RuleKind::Rate => counted(unit_of_rate(&rule.metric), value),
        _ => amount(&rule.metric, value),
    }
}

/// `host_cpu_usage_percent at or above 90.0 % and not backup_running above 0`
fn conditions(rule: &RuleInput, severity: Severity) -> String {
    let texts = rule.conditions.iter().map(|condition| {
        let level = match severity {
            Severity::Warning => condition.warning.or(condition.critical),
            Severity::Critical => condition.critical.or(condition.warning),
        };
        format!(
            "{}{} {} {}",
            if condition.not { "not " } else { "" },
            condition.metric,
            relation(condition.comparison),
            level.map_or_else(String::new, |level| amount(&condition.metric, level)),
        )
    });
    let joint = match rule.combine {
        Combine::All => " and ",
        Combine::Any => " or ",
    };
    texts.collect::<Vec<_>>().join(joint)
}

const fn relation(comparison: Comparison) -> &'static str {
    match comparison {
        Comparison::Above => "above",
        Comparison::AtLeast => "at or above",
        Comparison::Below => "below",
        Comparison::AtMost => "at or below",
        Comparison::Equal => "equal to",
        Comparison::NotEqual => "not equal to",
    }
}

/// A value with its unit.
fn amount(metric: &str, value: f64) -> String {
    counted(unit_of(metric), value)
}

fn counted(unit: Unit, value: f64) -> String {
    match unit {
        Unit::Percent => format!("{value:.1} %"),
        Unit::Bytes => bytes(value),
        Unit::BytesPerSecond => format!("{}/s", bytes(value)),
        Unit::Seconds => format!("{} s", plain(value)),
        Unit::PerSecond => format!("{}/s", plain(value)),
        Unit::Celsius => format!("{value:.1} °C"),
        Unit::Hertz => format!("{} Hz", plain(value)),
        Unit::None => plain(value),
    }
}

/// The unit of a metric: what the catalogue says, for others what the end of the name says.
pub(super) fn unit_of(metric: &str) -> Unit {
    Metric::find(metric).map_or_else(|| unit_by_name(metric), |metric| metric.unit)
}

/// The unit of what a metric changes a second.
pub(super) fn unit_of_rate(metric: &str) -> Unit {
    if metric.trim_end_matches("_total").ends_with("_bytes") {
        Unit::BytesPerSecond
    } else {
        Unit::PerSecond
    }
}

fn unit_by_name(metric: &str) -> Unit {
    [
        ("_percent", Unit::Percent),
        ("_bytes_per_second", Unit::BytesPerSecond),
        ("_bytes", Unit::Bytes),
        ("_seconds", Unit::Seconds),
        ("_celsius", Unit::Celsius),
    ]
    .into_iter()
    .find(|(end, _)| metric.ends_with(end))
    .map_or(Unit::None, |(_, unit)| unit)
}

fn bytes(value: f64) -> String {
    match value.abs() {
        size if size >= GIB => format!("{:.1} GiB", value / GIB),
        size if size >= MIB => format!("{:.1} MiB", value / MIB),
        size if size >= KIB => format!("{:.1} KiB", value / KIB),
        _ => format!("{value:.0} B"),
    }
}

/// Up to two decimals, none that say nothing.
fn plain(value: f64) -> String {
    let text = format!("{value:.2}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

#[cfg(test)]
mod tests {
    use common::time::UnixMs;

    use super::*;
    use crate::rules::default_rules;

    fn told(rule: &RuleInput, labels: &Labels, step: Step, values: Option<(f64, f64)>) -> String {
        let transition = Transition {
            step,
            severity: Severity::Critical,
            at: UnixMs(0),
            since: UnixMs(0),
            value: values.map(|(value, _)| value),
            threshold: values.map(|(_, threshold)| threshold),
        };
        sentence(rule, "web-1", labels, &transition)
    }

    #[test]
    fn what_became_milder_says_where_it_stands() {
        let [cpu, ..] = default_rules();
        for (value, expected) in [
            (78.2, "High CPU on web-1: 78.2 % is at or above 70.0 %."),
            (
                38.9,
                "High CPU on web-1: 38.9 % is no longer at or above 70.0 %.",
            ),
        ] {
            let values = Some((value, 70.0));
            let sentence = told(&cpu, &Labels::none(), Step::Deescalated, values);
            assert_eq!(sentence, expected);
        }
    }

    #[test]
    fn sentences_name_place_value_and_threshold() {
        let [cpu, _, disk, absence, load] = default_rules();
        let root = Labels::one("mountpoint", "/");
        let custom = RuleInput {
            name: "Backlog".to_owned(),
            metric: "queue_bytes".to_owned(),
            comparison: Comparison::Above,
            ..cpu.clone()
        };
        for (rule, labels, step, values, expected) in [
            (
                &cpu,
                Labels::none(),
                Step::Fired,
                Some((93.14, 90.0)),
                "High CPU on web-1: 93.1 % is at or above 90.0 %.",
            ),
            (
                &disk,
                root,
                Step::Escalated,
                Some((96.2, 95.0)),
                "Low disk on web-1 (mountpoint=\"/\"): 96.2 % is at or above 95.0 %.",
            ),
            (
                &load,
                Labels::none(),
                Step::Resolved,
                Some((1.204, 1.5)),
                "High load on web-1 is over: 1.2.",
            ),
            (
                &absence,
                Labels::none(),
                Step::Fired,
                None,
                "Server unreachable on web-1: no samples come.",
            ),
            (
                &custom,
                Labels::none(),
                Step::Fired,
                Some((3.0 * MIB, 2_000.0)),
                "Backlog on web-1: 3.0 MiB is above 2.0 KiB.",
            ),
        ] {
            assert_eq!(told(rule, &labels, step, values), expected);
        }
    }
}
