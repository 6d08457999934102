//! The last readings of a value, bounded; never older ones.

use std::collections::VecDeque;

use common::time::UnixMs;

/// How many readings a sparkline shows.
pub const CAPACITY: usize = 60;

/// The last readings at equal distances; a distance without a reading is a gap.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Ring {
    readings: VecDeque<Option<f64>>,
    last_at: Option<UnixMs>,
}

impl Ring {
    /// Adds a reading; intervals that were missed since the last become gaps.
    /// What is not newer than the last is ignored: `false`.
    pub fn push(&mut self, at: UnixMs, interval_ms: i64, reading: Option<f64>) -> bool {
        if let Some(last_at) = self.last_at {
            let passed = at.since_ms(last_at);
            if passed <= 0 {
                return false;
            }
            let missed = (passed + interval_ms / 2) / interval_ms.max(1) - 1;
            for _ in 0..usize::try_from(missed).unwrap_or(0).min(CAPACITY) {
                self.readings.push_back(None);
            }
        }
        self.readings.push_back(reading);
        self.last_at = Some(at);
        self.shorten();
        true
    }

    /// Fills what is missing from a history: points that stand for the interval after their time.
    /// Does nothing before the first reading.
    pub fn fill(&mut self, interval_ms: i64, history: &[(i64, Option<f64>)]) {
        let Some(newest) = self.last_at else {
            return;
        };
        let find = |at: i64| {
            let of_interval =
                |(from, _): &&(i64, Option<f64>)| (0..interval_ms).contains(&(at - from));
            history
                .iter()
                .rev()
                .find(of_interval)
                .and_then(|(_, reading)| *reading)
        };
        let mut filled = VecDeque::with_capacity(CAPACITY);
        let mut at = newest.0;
        for back in 0..CAPACITY {
            let known = self.readings.iter().rev().nth(back).copied().flatten();
            filled.push_front(known.or_else(|| find(at)));
            at -= interval_ms;
        }
        while filled.front() == Some(&None) {
            filled.pop_front();
        }
        self.readings = filled;
    }

    /// The readings, oldest first.
    pub fn to_vec(&self) -> Vec<Option<f64>> {
        self.readings.iter().copied().collect()
    }

    fn shorten(&mut self) {
        let surplus = self.readings.len().saturating_sub(CAPACITY);
        self.readings.drain(..surplus);
    }
}

#[cfg(test)]
mod tests {
    use super::{CAPACITY, Ring};
    use common::time::UnixMs;

    #[test]
    fn a_missed_interval_is_a_gap() {
        let mut ring = Ring::default();
        for (at, added) in [(1_000, true), (2_010, true), (5_000, true), (5_000, false)] {
            assert_eq!(ring.push(UnixMs(at), 1_000, Some(1.0)), added, "{at}");
        }
        assert_eq!(ring.to_vec(), [Some(1.0), Some(1.0), None, None, Some(1.0)]);
    }

    #[test]
    fn a_history_fills_what_is_missing() {
        let mut ring = Ring::default();
        ring.push(UnixMs(7_400), 1_000, Some(7.0));
        ring.push(UnixMs(9_400), 1_000, Some(9.0));
        let history = [
            (4_000, Some(4.0)),
            (5_000, None),
            (6_000, Some(6.0)),
            (7_000, Some(0.0)),
            (8_000, Some(8.0)),
        ];
        ring.fill(1_000, &history);
        assert_eq!(
            ring.to_vec(),
            [Some(4.0), None, Some(6.0), Some(7.0), Some(8.0), Some(9.0)]
        );
    }

    #[test]
    fn only_the_last_readings_are_kept() {
        let mut ring = Ring::default();
        for second in 0..100 {
            ring.push(UnixMs(second * 1_000), 1_000, Some(1.0));
        }
        assert_eq!(ring.to_vec().len(), CAPACITY);
        ring.push(UnixMs(1_000_000), 1_000, Some(7.0));
        assert_eq!(ring.to_vec().last(), Some(&Some(7.0)));
        assert_eq!(ring.to_vec().first(), Some(&None));
        assert_eq!(ring.to_vec().len(), CAPACITY);
    }
}
