//! What a rule remembers about one series between two evaluations; never the alert itself.

use super::flapping::Flaps;
use common::alert::Severity;
use common::time::UnixMs;
use serde::{Deserialize, Serialize};

/// Where one threshold of a rule stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Track {
    /// Not crossed.
    #[default]
    Clear,
    /// Crossed, not yet for long enough, or held back by the cooldown.
    Crossed {
        /// Since when.
        since: UnixMs,
    },
    /// Crossed for long enough.
    Active {
        /// When it was crossed.
        since: UnixMs,
        /// Since when the value has been better by the margin; `None` while it is not.
        clearing_since: Option<UnixMs>,
    },
    /// A person ended the alert while the threshold was crossed: quiet until it is not, or until then.
    Muted {
        /// When it speaks again even though the threshold stayed crossed.
        until: UnixMs,
    },
}

impl Track {
    /// Whether the threshold alone would make an alert fire.
    pub const fn is_active(self) -> bool {
        matches!(self, Self::Active { .. })
    }

    /// Since when the threshold has been crossed; `None` while it is clear or muted.
    pub const fn since(self) -> Option<UnixMs> {
        match self {
            Self::Crossed { since } | Self::Active { since, .. } => Some(since),
            Self::Clear | Self::Muted { .. } => None,
        }
    }
}

/// The alert that the rule has open for the series.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Open {
    /// None.
    #[default]
    Nothing,
    /// A threshold is crossed, nothing was told.
    Pending(Severity),
    /// It was told, this severe.
    Firing(Severity),
}

/// The last firing that was told, for the cooldown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fired {
    /// When it fired or became worse.
    pub at: UnixMs,
    /// The worst that was told.
    pub severity: Severity,
}

/// What a rule remembers about one series. The default is a series never seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct RuleState {
    /// The warning threshold.
    pub warning: Track,
    /// The critical threshold; an absence rule has this one alone.
    pub critical: Track,
    /// The open alert.
    pub open: Open,
    /// The last firing; `None` before the first and after a person resolved it.
    pub fired: Option<Fired>,
    /// How often the alert changed of late.
    #[serde(default, skip_serializing_if = "Flaps::is_blank")]
    pub flaps: Flaps,
    /// Time of the last reading that was looked at; `None` before the first and after a start.
    #[serde(skip)]
    pub seen_at: Option<UnixMs>,
}

impl RuleState {
    /// Whether it says no more than that a reading was seen.
    pub fn is_blank(&self) -> bool {
        self.same_as(&Self::default())
    }

    /// Whether both say the same, whenever their last readings were.
    pub fn same_as(&self, other: &Self) -> bool {
        let unseen = |state: &Self| Self {
            seen_at: None,
            ..*state
        };
        unseen(self) == unseen(other)
    }

    /// The track of a severity.
    pub const fn track(&self, severity: Severity) -> Track {
        match severity {
            Severity::Warning => self.warning,
            Severity::Critical => self.critical,
        }
    }

    /// The same state with another track.
    #[must_use]
    pub const fn with_track(mut self, severity: Severity, track: Track) -> Self {
        match severity {
            Severity::Warning => self.warning = track,
            Severity::Critical => self.critical = track,
        }
        self
    }

    /// The state after a person ended the alert: what is crossed now must be false once, or the
    /// cooldown over, before it makes an alert again.
    #[must_use]
    pub fn resolved_by_person(self, cooldown_seconds: u32, now: UnixMs) -> Self {
        let until = now.plus_ms(i64::from(cooldown_seconds) * 1_000);
        let mute = |track: Track| match track {
            Track::Crossed { .. } | Track::Active { .. } => Track::Muted { until },
            Track::Clear | Track::Muted { .. } => track,
        };
        Self {
            warning: mute(self.warning),
            critical: mute(self.critical),
            open: Open::Nothing,
            fired: None,
            flaps: self.flaps.after_person(),
            seen_at: self.seen_at,
        }
    }

    /// Until when the state matters though no alert is open; `None` when it can be forgotten.
    pub fn holds_until(&self, cooldown_seconds: u32) -> Option<UnixMs> {
        let cooldown = self
            .fired
            .map(|fired| fired.at.plus_ms(i64::from(cooldown_seconds) * 1_000));
        let muted = [self.warning, self.critical].map(|track| match track {
            Track::Muted { until } => Some(until),
            _ => None,
        });
        let others = [cooldown, self.flaps.holds_until()];
        muted.into_iter().chain(others).flatten().max()
    }

    /// The same after the clock was set by `ms` while no time passed: what waits goes on waiting as
    /// long as it would have. The last reading stays where it was, so that a long jump is a gap.
    #[must_use]
    pub fn moved(self, ms: i64) -> Self {
        let track = |track: Track| match track {
            Track::Clear => Track::Clear,
            Track::Crossed { since } => Track::Crossed {
                since: since.plus_ms(ms),
            },
            Track::Active {
                since,
                clearing_since,
            } => Track::Active {
                since: since.plus_ms(ms),
                clearing_since: clearing_since.map(|at| at.plus_ms(ms)),
            },
            Track::Muted { until } => Track::Muted {
                until: until.plus_ms(ms),
            },
        };
        Self {
            warning: track(self.warning),
            critical: track(self.critical),
            open: self.open,
            fired: self.fired.map(|fired| Fired {
                at: fired.at.plus_ms(ms),
                ..fired
            }),
            flaps: self.flaps.moved(ms),
            seen_at: self.seen_at,
        }
    }

    /// The state with no moment after `now`: after the clock was set back nothing waits for the
    /// old time to come round again.
    #[must_use]
    pub(super) fn not_after(self, now: UnixMs) -> Self {
        let past = |track: Track| match track {
            Track::Crossed { since } => Track::Crossed {
                since: since.min(now),
            },
            Track::Active {
                since,
                clearing_since,
            } => Track::Active {
                since: since.min(now),
                clearing_since: clearing_since.map(|at| at.min(now)),
            },
            Track::Clear | Track::Muted { .. } => track,
        };
        Self {
            warning: past(self.warning),
            critical: past(self.critical),
            open: self.open,
            fired: self.fired.map(|fired| Fired {
                at: fired.at.min(now),
                ..fired
            }),
            flaps: self.flaps.not_after(now),
            seen_at: self.seen_at.map(|at| at.min(now)),
        }
    }
}
