//! Pure rules: (rule, observation, state before, now) to (state after, transition); never a clock, never I/O.

mod absence;
mod decision;
mod defaults;
mod flapping;
mod invalid;
mod life;
mod matching;
mod state;
mod threshold;
mod transition;

pub use absence::{Silence, limit_ms as absence_limit_ms};
pub use decision::{Input, Observation, Outcome, decide};
pub use defaults::default_rules;
pub use flapping::{Flaps, Telling};
pub use invalid::{InvalidField, check};
pub use matching::{REPORTING, matches_labels, watches};
pub use state::{Fired, Open, RuleState, Track};
pub use threshold::Reading;
pub use transition::{Step, Transition};

/// A sample older than this never moves the state of a rule: late is not now.
pub const LATE_MS: i64 = 60_000;

/// After a gap longer than this, "for so long" is counted from anew: nobody saw what was between.
pub const GAP_MS: i64 = 300_000;

#[cfg(test)]
mod cases;
