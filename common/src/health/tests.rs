//! Scores by the default weights and by others, and which weights there may be.

use super::{HealthBand, HealthWeights, score};
use crate::alert::AlertCounts;

fn counts(warning: u32, critical: u32) -> AlertCounts {
    AlertCounts { warning, critical }
}

#[test]
fn the_formula_and_its_bands() {
    use HealthBand::{Critical, Degraded, Healthy, Unknown, Warning};
    for (cpu, memory, disk, (warning, critical), expected, band) in [
        (Some(0.0), Some(0.0), Some(0.0), (0, 0), 100.0, Healthy),
        (Some(10.0), Some(10.0), Some(20.0), (0, 0), 90.0, Healthy),
        (Some(10.1), Some(10.0), Some(20.0), (0, 0), 89.97, Degraded),
        (Some(50.0), Some(50.0), None, (0, 0), 70.0, Degraded),
        (Some(50.0), Some(50.0), None, (1, 0), 65.0, Warning),
        (Some(0.0), None, None, (10, 0), 50.0, Warning),
        (None, Some(0.0), None, (0, 4), 40.0, Critical),
        (Some(94.0), Some(88.0), Some(92.0), (1, 1), 7.0, Critical),
        (Some(100.0), Some(100.0), Some(100.0), (0, 9), 0.0, Critical),
        (None, None, Some(50.0), (0, 0), 90.0, Unknown),
        (Some(f64::NAN), None, None, (0, 0), 100.0, Unknown),
    ] {
        let weights = HealthWeights::default();
        let health = score(cpu, memory, disk, counts(warning, critical), &weights);
        assert!((health.score - expected).abs() < 1e-9, "{health:?}");
        assert_eq!(health.band, band, "{health:?}");
        assert_eq!(health.known_score().is_some(), band != Unknown);
    }
}

/// The weights of which only these differ from the default.
fn weights(json: &str) -> HealthWeights {
    serde_json::from_str(json).unwrap()
}

#[test]
fn settings_weigh_the_score() {
    let free = r#"{"cpu_weight":0,"memory_weight":0,"disk_weight":0}"#;
    let comfort =
        r#"{"cpu_comfort_percent":20,"memory_comfort_percent":50,"disk_comfort_percent":80}"#;
    let heavy = r#"{"cpu_weight":100,"memory_weight":100}"#;
    let alerts = r#"{"warning_cost":0.5,"critical_cost":100}"#;
    for (settings, [cpu, memory, disk], (warning, critical), expected) in [
        ("{}", [Some(50.0), Some(50.0), Some(50.0)], (1, 1), 40.0),
        (free, [Some(90.0), Some(90.0), Some(90.0)], (0, 0), 100.0),
        (free, [Some(90.0), Some(90.0), Some(90.0)], (1, 1), 80.0),
        // At the comfort level a reading costs nothing, below it brings nothing.
        (comfort, [Some(20.0), Some(50.0), Some(80.0)], (0, 0), 100.0),
        (comfort, [Some(0.0), Some(0.0), Some(0.0)], (0, 0), 100.0),
        (comfort, [Some(30.0), Some(60.0), Some(90.0)], (0, 0), 92.0),
        (comfort, [Some(30.0), None, Some(70.0)], (1, 0), 92.0),
        (
            r#"{"cpu_weight":1}"#,
            [Some(30.0), None, None],
            (0, 0),
            70.0,
        ),
        (heavy, [Some(0.5), Some(0.25), None], (0, 0), 25.0),
        (heavy, [Some(50.0), Some(50.0), None], (0, 0), 0.0),
        (alerts, [Some(0.0), None, None], (3, 0), 98.5),
        (alerts, [Some(0.0), None, None], (0, 2), 0.0),
    ] {
        let weights = weights(settings);
        let health = score(cpu, memory, disk, counts(warning, critical), &weights);
        assert!(
            (health.score - expected).abs() < 1e-9,
            "{settings}: {health:?}"
        );
    }
}

#[test]
fn weights_have_bounds() {
    for (json, said) in [
        (r#"{"cpu_weight":-0.1}"#, "-0.1 is not between 0 and 100"),
        (r#"{"disk_weight":1e300}"#, "is not between 0 and 100"),
        (
            r#"{"critical_cost":100.5}"#,
            "100.5 is not between 0 and 100",
        ),
        (
            r#"{"memory_comfort_percent":101}"#,
            "101 is not between 0 and 100",
        ),
        (r#"{"swap_weight":1}"#, "unknown field `swap_weight`"),
        (r#"{"cpu_weight":null}"#, "expected f64"),
    ] {
        let refused = serde_json::from_str::<HealthWeights>(json).unwrap_err();
        assert!(refused.to_string().contains(said), "{json}: {refused}");
    }
    let bounds = r#"{"cpu_weight":0,"warning_cost":100,"cpu_comfort_percent":100}"#;
    let taken = weights(bounds);
    let again = serde_json::to_string(&taken).unwrap();
    assert_eq!(weights(&again), taken);
}

#[test]
fn the_sum_is_explained() {
    let free = r#"{"memory_weight":0,"disk_comfort_percent":80}"#;
    for (settings, readings, (warning, critical), expected) in [
        (
            "{}",
            [Some(94.0), Some(88.0), Some(92.0)],
            (1, 1),
            "100 − 28.2 CPU − 26.4 memory − 18.4 disk − 20 one critical, one warning = 7.0",
        ),
        (
            "{}",
            [Some(10.0), Some(20.0), None],
            (0, 0),
            "100 − 3.0 CPU − 6.0 memory − – disk = 91.0",
        ),
        (
            "{}",
            [None, None, Some(50.0)],
            (12, 2),
            "100 − – CPU − – memory − 10.0 disk − 90 two criticals, 12 warnings = –",
        ),
        (
            free,
            [Some(10.0), Some(20.0), Some(90.0)],
            (0, 0),
            "100 − 3.0 CPU − 0.0 memory − 2.0 disk = 95.0",
        ),
        (
            r#"{"warning_cost":0.5}"#,
            [Some(10.0), Some(20.0), None],
            (1, 0),
            "100 − 3.0 CPU − 6.0 memory − – disk − 0.5 one warning = 90.5",
        ),
    ] {
        let [cpu, memory, disk] = readings;
        let weights = weights(settings);
        let health = score(cpu, memory, disk, counts(warning, critical), &weights);
        assert_eq!(health.explain(), expected);
    }
}
