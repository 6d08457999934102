//! Readings against the thresholds of the first rules; pure, never an alert.

use common::api::infrastructure::{Crossing, Reading, ThresholdCheck, Thresholds};
use common::health::HealthBand;

use crate::rules::default_rules;

/// Processor, memory and disk in percent against their thresholds.
pub(super) fn check(readings: [Option<f64>; 3], status: HealthBand) -> ThresholdCheck {
    let thresholds = thresholds();
    let (warnings, critical) = crossings(readings, &thresholds);
    ThresholdCheck {
        status,
        warnings,
        critical,
        thresholds,
    }
}

/// The thresholds of the rules that every installation begins with.
fn thresholds() -> Thresholds {
    let rules = default_rules();
    let of = |metric: &str| {
        let rule = rules.iter().find(|rule| rule.metric == metric);
        rule.map_or((None, None), |rule| (rule.warning, rule.critical))
    };
    let (cpu_warning, cpu_critical) = of("host_cpu_usage_percent");
    let (memory_warning, memory_critical) = of("host_memory_usage_percent");
    let (disk_warning, disk_critical) = of("host_filesystem_usage_percent");
    Thresholds {
        cpu_warning,
        cpu_critical,
        memory_warning,
        memory_critical,
        disk_warning,
        disk_critical,
    }
}

/// Warnings, and what is critical.
fn crossings(
    [cpu, memory, disk]: [Option<f64>; 3],
    limits: &Thresholds,
) -> (Vec<Crossing>, Vec<Crossing>) {
    let (mut warnings, mut critical) = (Vec::new(), Vec::new());
    for (metric, value, warning_at, critical_at) in [
        (Reading::Cpu, cpu, limits.cpu_warning, limits.cpu_critical),
        (
            Reading::Memory,
            memory,
            limits.memory_warning,
            limits.memory_critical,
        ),
        (
            Reading::Disk,
            disk,
            limits.disk_warning,
            limits.disk_critical,
        ),
    ] {
        let Some(value) = value else { continue };
        let reached = |limit: Option<f64>| limit.filter(|limit| value >= *limit);
        let crossing = |threshold| Crossing {
            metric,
            value,
            threshold,
        };
        if let Some(threshold) = reached(critical_at) {
            critical.push(crossing(threshold));
        } else if let Some(threshold) = reached(warning_at) {
            warnings.push(crossing(threshold));
        }
    }
    (warnings, critical)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn readings_are_put_to_their_thresholds() {
        use Reading::{Cpu, Disk, Memory};
        for (readings, warn, crit) in [
            ([Some(69.9), Some(74.9), Some(79.9)], vec![], vec![]),
            (
                [Some(70.0), Some(75.0), Some(80.0)],
                vec![Cpu, Memory, Disk],
                vec![],
            ),
            ([Some(90.0), None, Some(95.0)], vec![], vec![Cpu, Disk]),
            ([None, Some(89.9), None], vec![Memory], vec![]),
        ] {
            let (warnings, critical) = crossings(readings, &thresholds());
            let metrics = |list: &[Crossing]| list.iter().map(|one| one.metric).collect::<Vec<_>>();
            assert_eq!(metrics(&warnings), warn, "{readings:?}");
            assert_eq!(metrics(&critical), crit, "{readings:?}");
        }
    }
}
