//! What the databases hold, how they grow and when the disk will be full.

use serde::{Deserialize, Serialize};

use crate::time::UnixMs;

/// What is stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum DataKind {
    /// Every value of every series.
    Samples,
    /// What each hour of a series came down to.
    Aggregates,
    /// Lists of processes.
    Processes,
    /// Names and labels of series.
    Series,
    /// Servers, people, rules, alerts and messages.
    State,
    /// Changes that are not folded into the files yet.
    Log,
    /// Indexes, and the ends of pages.
    Indexes,
    /// Pages that hold nothing and are used next.
    Free,
}

/// How much of one kind there is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct KindSize {
    /// Of what.
    pub kind: DataKind,
    /// Bytes on the disk.
    pub bytes: u64,
    /// The time of the oldest of it; `None` where that means nothing, or when there is none.
    pub oldest_at: Option<UnixMs>,
}

/// The file system that the data lies on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DiskSpace {
    /// Bytes in all.
    pub total_bytes: u64,
    /// Bytes that may still be written.
    pub available_bytes: u64,
}

/// How it goes on, if nothing changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum Outlook {
    /// There is not an hour of samples yet, or the disk cannot be seen.
    Unknown,
    /// The disk is full before retention ends the growth.
    Full {
        /// When.
        at: UnixMs,
    },
    /// Retention removes as much as comes.
    LevelsOff {
        /// From when on.
        at: UnixMs,
        /// At how many bytes in all.
        bytes: u64,
    },
}

/// A number of days that could be kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RetentionChoice {
    /// The days.
    pub days: u32,
    /// Bytes once so many days are there.
    pub bytes: u64,
    /// Bytes less than with the setting that counts; below 0: so many more.
    pub saves_bytes: i64,
}

/// A setting of how long something is kept, and what others would cost.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RetentionOutlook {
    /// The name of the setting in the configuration.
    pub setting: String,
    /// The days that count.
    pub days: u32,
    /// Bytes that a day adds; `None` before there is an hour of samples.
    pub bytes_per_day: Option<u64>,
    /// Other settings, the shortest first, the one that counts among them; empty while it is not
    /// known what a day adds.
    pub choices: Vec<RetentionChoice>,
}

/// `GET /database`: what is stored and how it goes on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Storage {
    /// Bytes on the disk in all.
    pub total_bytes: u64,
    /// Of what they are; together all of them.
    pub kinds: Vec<KindSize>,
    /// Bytes that the next day adds; `None` before there is an hour of samples.
    pub growth_bytes_per_day: Option<u64>,
    /// Where they lie; `None` when that cannot be read.
    pub disk: Option<DiskSpace>,
    /// How it goes on.
    pub outlook: Outlook,
    /// How long what is kept.
    pub retention: Vec<RetentionOutlook>,
}
