//! Scheduled jobs: what the server does by itself to keep its data small and sound.

use serde::{Deserialize, Serialize};

use crate::ids::JobId;
use crate::schedule::Schedule;
use crate::time::UnixMs;

/// The jobs, a closed set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum JobKind {
    /// Merges the packs of ended hours and makes their aggregates.
    Sealing,
    /// Merges the hours of ended days.
    Rollup,
    /// Removes what is older than is kept.
    Retention,
    /// Gives free space back to the file system.
    Vacuum,
    /// Reads everything once and looks for damage.
    Integrity,
}

impl JobKind {
    /// All jobs, in the order in which data passes them.
    pub const ALL: [Self; 5] = [
        Self::Sealing,
        Self::Rollup,
        Self::Retention,
        Self::Vacuum,
        Self::Integrity,
    ];

    /// What a person calls it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Sealing => "Sealing",
            Self::Rollup => "Daily rollup",
            Self::Retention => "Retention",
            Self::Vacuum => "Vacuum",
            Self::Integrity => "Integrity check",
        }
    }

    /// What it does, in a sentence.
    pub const fn description(self) -> &'static str {
        match self {
            Self::Sealing => "Packs the samples of ended hours and makes their aggregates.",
            Self::Rollup => "Merges the hourly aggregates of ended days into days.",
            Self::Retention => {
                "Removes samples, processes and aggregates that are older than is kept."
            }
            Self::Vacuum => "Gives free space in the database back to the file system.",
            Self::Integrity => "Reads everything that is stored once and looks for damage.",
        }
    }

    /// When it runs unless a person said otherwise.
    pub const fn first_schedule(self) -> Schedule {
        match self {
            Self::Sealing => Schedule::Every(60),
            Self::Rollup | Self::Retention => Schedule::Every(3_600),
            Self::Vacuum => Schedule::Daily(3 * 60 + 30),
            Self::Integrity => Schedule::Weekly(crate::schedule::Weekday::Sunday, 4 * 60),
        }
    }
}

/// How a run ended, or that it has not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum JobOutcome {
    /// It is at work.
    Running,
    /// It did what it should.
    Done,
    /// It did nothing: a person has to confirm it first.
    Waiting,
    /// It could not, or found damage.
    Failed,
    /// The server stopped meanwhile.
    Interrupted,
}

/// The last run of a job.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct JobRun {
    /// When it began.
    pub started_at: UnixMs,
    /// How long it took; `None` until it has ended.
    pub duration_seconds: Option<f64>,
    /// How it ended.
    pub outcome: JobOutcome,
    /// What it did or found, in a sentence; empty until it has ended.
    pub result: String,
}

/// A job with its plan and its last run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Job {
    /// The same for ever.
    pub id: JobId,
    /// Which job.
    pub kind: JobKind,
    /// What a person calls it.
    pub name: String,
    /// What it does, in a sentence.
    pub description: String,
    /// When it runs: `every 5m`, `daily 03:30` or `weekly sunday 04:00`, in UTC.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub schedule: Schedule,
    /// Whether it runs by itself.
    pub enabled: bool,
    /// When it is due; `None` while it is disabled.
    pub next_run_at: Option<UnixMs>,
    /// The last run; `None` before the first.
    pub last_run: Option<JobRun>,
}

/// `PATCH /jobs/{id}`: a new plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct JobPatch {
    /// When it runs: `every 5m` (10s to 30d), `daily 03:30` or `weekly sunday 04:00`, in UTC.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>))]
    pub schedule: Option<Schedule>,
    /// Whether it runs by itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub enabled: Option<bool>,
}

/// `POST /jobs/{id}/run`: now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct RunJob {
    /// Do also what waits for a person: a clean-up of more than a day at once.
    #[serde(default)]
    pub confirm: bool,
}
