//! Pure rules: (rule, observation, state before, now) to (state after, transition); never a clock, never I/O.

mod absence;
mod candidates;
mod columns;
mod composite;
mod decision;
mod defaults;
mod episodes;
mod expression;
mod flapping;
mod invalid;
mod invalid_kind;
mod life;
mod matching;
mod number;
mod rate;
mod schedule;
mod silences;
mod state;
mod threshold;
mod transition;
mod turns;

pub use absence::{Silence, limit_ms as absence_limit_ms};
pub use candidates::{Spread, candidates, first_within, looks_up};
pub use columns::ThresholdRun;
pub use composite::{Joined, LOOKBACK_MS as CONDITION_LOOKBACK_MS, deciding, join};
pub use decision::{Input, Observation, Outcome, decide};
pub use defaults::default_rules;
pub use episodes::{Episode, Episodes};
pub use expression::{Worth, severity_of_presence};
pub use flapping::{Flaps, Telling};
pub use invalid::{InvalidField, check};
pub use matching::{REPORTING, matches_labels, watches};
pub use rate::RateWindow;
pub use schedule::{is_due, offset_ms};
pub use silences::SilenceRun;
pub use state::{Fired, Open, RuleState, Track};
pub use threshold::Reading;
pub use transition::{Step, Transition};
pub use turns::{TurnRun, Turns};

/// A sample older than this never moves the state of a rule: late is not now.
pub const LATE_MS: i64 = 60_000;

/// After a gap longer than this, "for so long" is counted from anew: nobody saw what was between.
pub const GAP_MS: i64 = 300_000;

#[cfg(test)]
mod cases;
