//! When the topic `fleet` is put together next; never what is in it.

use std::time::Duration;

use common::api::status::RealtimeStatus;
use tokio::time::Instant;

/// After an alert changed, the counts are shown this soon.
const SOON: Duration = Duration::from_millis(50);
/// Without any event the fleet is looked at this often: silence makes servers go down.
const QUIET: Duration = Duration::from_millis(1500);

/// The rhythm of the fleet's turns: at once after a sample, but samples of many servers
/// share a turn.
#[derive(Debug)]
pub(super) struct FleetTurn {
    between: Duration,
    last: Instant,
    last_by_sample: Instant,
    due: Instant,
    sample_waits: bool,
    sent: Vec<RealtimeStatus>,
}

impl FleetTurn {
    /// Turns that samples set off are at least `between` apart.
    pub(super) fn new(between: Duration, now: Instant) -> Self {
        Self {
            between,
            last: now,
            last_by_sample: now,
            due: now + QUIET,
            sample_waits: false,
            sent: Vec::new(),
        }
    }

    /// When the next turn is.
    pub(super) fn due(&self) -> Instant {
        self.due
    }

    /// A sample came in.
    pub(super) fn sample(&mut self) {
        self.sample_waits = true;
        self.due = self.due.min(self.last_by_sample + self.between);
    }

    /// Something else about servers changed.
    pub(super) fn change(&mut self) {
        self.due = self.due.min(self.last + SOON);
    }

    /// The turn is now; `lines` is `None` when nobody listens. `true` when they have to be sent.
    pub(super) fn take(&mut self, now: Instant, lines: Option<&[RealtimeStatus]>) -> bool {
        self.last = now;
        if std::mem::take(&mut self.sample_waits) {
            self.last_by_sample = self.last;
        }
        self.due = self.last + QUIET;
        match lines {
            None => {
                self.sent.clear();
                false
            }
            Some(lines) if lines == self.sent => false,
            Some(lines) => {
                self.sent = lines.to_vec();
                true
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BETWEEN: Duration = Duration::from_millis(900);

    /// How long after `now` the turn is, in milliseconds.
    fn wait(turn: &FleetTurn, now: Instant) -> u128 {
        turn.due().saturating_duration_since(now).as_millis()
    }

    #[test]
    fn a_sample_is_shown_at_once_and_others_share_the_next_turn() {
        let start = Instant::now();
        let mut turn = FleetTurn::new(BETWEEN, start);
        let first = start + Duration::from_secs(1);
        turn.sample();
        assert_eq!(wait(&turn, first), 0);
        turn.take(first, None);
        let second = first + Duration::from_millis(100);
        turn.sample();
        assert_eq!(wait(&turn, second), 800);
        turn.change();
        assert_eq!(wait(&turn, second), 0);
    }

    #[test]
    fn a_quiet_turn_does_not_delay_the_next_sample() {
        let start = Instant::now();
        let mut turn = FleetTurn::new(BETWEEN, start);
        assert_eq!(wait(&turn, start), QUIET.as_millis());
        turn.take(start + QUIET, None);
        turn.sample();
        assert_eq!(wait(&turn, start + QUIET), 0);
    }

    #[test]
    fn the_same_lines_are_sent_once() {
        let now = Instant::now();
        let mut turn = FleetTurn::new(BETWEEN, now);
        turn.take(now, None);
        assert!(!turn.take(now, Some(&[])));
    }
}
