//! The health score of a server and the terms it is made of; never where its readings come from.

mod weights;

use crate::alert::AlertCounts;
use serde::{Deserialize, Serialize};

pub use weights::HealthWeights;

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

/// 100 − what the readings cost − what the firing alerts cost, between 0 and 100; by the default weights
/// 100 − 0.3·cpu − 0.3·memory − 0.2·disk − 5·warnings − 15·criticals.
/// The readings are percents; one that is absent (or no number) costs nothing.
pub fn score(
    cpu: Option<f64>,
    memory: Option<f64>,
    disk: Option<f64>,
    counts: AlertCounts,
    weights: &HealthWeights,
) -> Health {
    let (cpu, memory) = (weights.cpu(cpu), weights.memory(memory));
    let disk = weights.disk(disk);
    let alerts = weights.warning_cost * f64::from(counts.warning)
        + weights.critical_cost * f64::from(counts.critical);
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
            // Whole by default; a cost of half a point is shown as such.
            let alerts = (self.alerts * 10.0).round() / 10.0;
            parts.push(format!("{alerts} {}", in_words(self.counts)));
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
mod tests;
