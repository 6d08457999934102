//! A back-test of a rule that is evaluated turn by turn; never of one that follows samples.

use super::episodes::Episodes;
use super::state::RuleState;
use super::{Input, Observation, decide};
use common::alert::RuleInput;
use common::time::UnixMs;
use std::ops::Range;

/// The moments at which a rule is evaluated, milliseconds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Turns {
    /// None is earlier, and none at the end or later.
    range: Range<i64>,
    step_ms: i64,
}

impl Turns {
    /// Those in `range`, at multiples of the interval.
    pub fn new(range: Range<i64>, interval_seconds: u32) -> Self {
        let step_ms = i64::from(interval_seconds.max(1)) * 1_000;
        let late = range.start.rem_euclid(step_ms);
        let first = if late == 0 {
            range.start
        } else {
            range.start.saturating_add(step_ms - late)
        };
        Self {
            range: first..range.end,
            step_ms,
        }
    }

    /// From one to the next.
    pub fn step_ms(&self) -> i64 {
        self.step_ms
    }

    /// The moments.
    pub fn iter(&self) -> impl Iterator<Item = i64> + use<> {
        let step = usize::try_from(self.step_ms).unwrap_or(usize::MAX);
        self.range.clone().step_by(step)
    }
}

/// The state of one series from turn to turn.
#[derive(Debug, Default)]
pub struct TurnRun {
    state: RuleState,
    episodes: Episodes,
    points: u64,
}

impl TurnRun {
    /// One evaluation.
    pub fn turn(&mut self, rule: &RuleInput, observation: Observation, now: UnixMs) {
        self.points += 1;
        let outcome = decide(rule, &Input::new(observation, self.state, now));
        self.state = outcome.state();
        self.episodes.take(&outcome);
    }

    /// Whether an evaluation that finds nothing changes nothing.
    pub fn is_blank(&self) -> bool {
        let tracks = [self.state.warning, self.state.critical];
        tracks == [super::Track::Clear; 2] && !self.state.flaps.is_flapping()
    }

    /// The alerts that came of it, and how many turns there were.
    pub fn finish(self) -> (Episodes, u64) {
        (self.episodes, self.points)
    }
}
