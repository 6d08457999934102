//! The health score of a server and the terms it is made of; never where its readings come from.

use crate::alert::AlertCounts;
use serde::{Deserialize, Serialize};

/// What a percent of busy processor costs.
const CPU_WEIGHT: f64 = 0.3;
/// What a percent of used memory costs.
const MEMORY_WEIGHT: f64 = 0.3;
/// What a percent of the fullest filesystem costs.
const DISK_WEIGHT: f64 = 0.2;
/// What a firing warning costs.
const WARNING_COST: f64 = 5.0;
/// What a firing critical alert costs.
const CRITICAL_COST: f64 = 15.0;

/// The word for a score.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum HealthBand {
    /// 90 and above.
    Healthy,
    /// 70 and above.
    Degraded,
    /// 50 and above.
    Warning,
    /// Below 50.
    Critical,
    /// Processor and memory are both without a reading.
    Unknown,
}

impl HealthBand {
    /// The band of a known score.
    pub fn of(score: f64) -> Self {
        match score {
            score if score >= 90.0 => Self::Healthy,
            score if score >= 70.0 => Self::Degraded,
            score if score >= 50.0 => Self::Warning,
            _ => Self::Critical,
        }
    }

    /// The word in the API.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Healthy => "healthy",
            Self::Degraded => "degraded",
            Self::Warning => "warning",
            Self::Critical => "critical",
            Self::Unknown => "unknown",
        }
    }
}

/// A health score with the points that each part takes off 100.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Health {
    /// 0 to 100; says nothing while the band is `Unknown` (see [`Health::known_score`]).
    pub score: f64,
    /// Points for the processor; `None` without a reading, which costs nothing.
    pub cpu: Option<f64>,
    /// Points for memory; `None` without a reading.
    pub memory: Option<f64>,
    /// Points for the fullest filesystem; `None` without a reading.
    pub disk: Option<f64>,
    /// Points for the firing alerts.
    pub alerts: f64,
    /// The firing alerts.
    pub counts: AlertCounts,
    /// The word for it.
    pub band: HealthBand,
}

/// 100 − 0.3·cpu − 0.3·memory − 0.2·disk − 5·warnings − 15·criticals, between 0 and 100.
/// The readings are percents; one that is absent (or no number) costs nothing.
pub fn score(
    cpu: Option<f64>,
    memory: Option<f64>,
    disk: Option<f64>,
    counts: AlertCounts,
) -> Health {
    let points = |reading: Option<f64>, weight: f64| {
        reading
            .filter(|percent| percent.is_finite())
            .map(|percent| percent * weight)
    };
    let (cpu, memory) = (points(cpu, CPU_WEIGHT), points(memory, MEMORY_WEIGHT));
    let disk = points(disk, DISK_WEIGHT);
    let alerts =
        WARNING_COST * f64::from(counts.warning) + CRITICAL_COST * f64::from(counts.critical);
    let costs: f64 = [cpu, memory, disk].into_iter().flatten().sum();
    let score = (100.0 - costs - alerts).clamp(0.0, 100.0);
    let band = if cpu.is_none() && memory.is_none() {
        HealthBand::Unknown
    } else {
        HealthBand::of(score)
    };
    Health {
        score,
        cpu,
        memory,
        disk,
        alerts,
        counts,
        band,
    }
}

impl Health {
    /// The score; `None` when it is not known.
    pub fn known_score(&self) -> Option<f64> {
        (self.band != HealthBand::Unknown).then_some(self.score)
    }

    /// The sum in words: "100 − 28.2 CPU − 26.4 memory − 18.4 disk − 20 one critical, one warning = 7.0".
    pub fn explain(&self) -> String {
        let mut parts = vec!["100".to_owned()];
        for (points, name) in [
            (self.cpu, "CPU"),
            (self.memory, "memory"),
            (self.disk, "disk"),
        ] {
            parts.push(match points {
                Some(points) => format!("{points:.1} {name}"),
                None => format!("– {name}"),
            });
        }
        if self.counts != AlertCounts::default() {
            parts.push(format!("{:.0} {}", self.alerts, in_words(self.counts)));
        }
        let sum = parts.join(" − ");
        match self.known_score() {
            Some(score) => format!("{sum} = {score:.1}"),
            None => format!("{sum} = –"),
        }
    }
}

/// "one critical, 12 warnings".
fn in_words(counts: AlertCounts) -> String {
    const SMALL: [&str; 10] = [
        "no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine",
    ];
    let part = |count: u32, one: &str, many: &str| {
        (count > 0).then(|| {
            let number = usize::try_from(count)
                .ok()
                .and_then(|index| SMALL.get(index))
                .map_or_else(|| count.to_string(), |&word| word.to_owned());
            format!("{number} {}", if count == 1 { one } else { many })
        })
    };
    [
        part(counts.critical, "critical", "criticals"),
        part(counts.warning, "warning", "warnings"),
    ]
    .into_iter()
    .flatten()
    .collect::<Vec<_>>()
    .join(", ")
}

#[cfg(test)]
mod tests {
    use super::{HealthBand, score};
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
            let health = score(cpu, memory, disk, counts(warning, critical));
            assert!((health.score - expected).abs() < 1e-9, "{health:?}");
            assert_eq!(health.band, band, "{health:?}");
            assert_eq!(health.known_score().is_some(), band != Unknown);
        }
    }

    #[test]
    fn the_sum_is_explained() {
        for (readings, (warning, critical), expected) in [
            (
                [Some(94.0), Some(88.0), Some(92.0)],
                (1, 1),
                "100 − 28.2 CPU − 26.4 memory − 18.4 disk − 20 one critical, one warning = 7.0",
            ),
            (
                [Some(10.0), Some(20.0), None],
                (0, 0),
                "100 − 3.0 CPU − 6.0 memory − – disk = 91.0",
            ),
            (
                [None, None, Some(50.0)],
                (12, 2),
                "100 − – CPU − – memory − 10.0 disk − 90 two criticals, 12 warnings = –",
            ),
        ] {
            let [cpu, memory, disk] = readings;
            let health = score(cpu, memory, disk, counts(warning, critical));
            assert_eq!(health.explain(), expected);
        }
    }
}
