//! Notices that the wall clock was set, by the steady one: waits of rules go on as if it had not
//! been; never sets a clock.

use std::time::Duration;

use common::time::UnixMs;

use super::engine::Engine;
use crate::clock::Clock;

/// A difference up to this is how clocks go.
const JUMP_MS: i64 = 2_000;

/// Both clocks at the same moment.
#[derive(Debug, Clone, Copy)]
pub(super) struct Steady {
    wall: UnixMs,
    passed: Duration,
}

impl Steady {
    /// As the clocks are now.
    pub(super) fn of(clock: &Clock) -> Self {
        Self {
            wall: clock.now(),
            passed: clock.monotonic(),
        }
    }

    /// By how many milliseconds the wall clock was set since `earlier`; `None` when it was not.
    fn jump_since(self, earlier: Self) -> Option<i64> {
        let passed = self.passed.saturating_sub(earlier.passed).as_millis();
        let passed = i64::try_from(passed).unwrap_or(i64::MAX);
        let jump = self.wall.since_ms(earlier.wall).saturating_sub(passed);
        (jump.saturating_abs() > JUMP_MS).then_some(jump)
    }
}

impl Engine {
    /// Moves what rules remember with a clock that was set.
    pub(super) fn follow_clock(&mut self) {
        let now = Steady::of(&self.clock);
        let jump = now.jump_since(self.steady);
        self.steady = now;
        let Some(jump) = jump else {
            return;
        };
        tracing::warn!(jump_ms = jump, "the clock was set; waits of rules go on");
        for series in self.memory.0.values_mut() {
            series.state = series.state.moved(jump);
            series.is_dirty = true;
        }
    }
}
