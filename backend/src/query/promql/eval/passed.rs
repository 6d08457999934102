//! How many samples lie behind a moment that moves on step by step; never what they are.

/// Samples that were passed so far.
#[derive(Debug, Default)]
pub(super) struct Passed {
    count: usize,
    /// How many the last step passed: series are mostly regular.
    stride: usize,
}

impl Passed {
    /// How many of the times, which ascend, are not later than `now`, which is not before the last one.
    pub(super) fn until(&mut self, times: &[i64], now: i64) -> usize {
        let guess = self.count + self.stride;
        let is_right = guess > self.count
            && times.get(guess - 1).is_some_and(|at| *at <= now)
            && times.get(guess).is_none_or(|at| *at > now);
        if !is_right {
            let more = until(times.get(self.count..).unwrap_or_default(), now);
            self.stride = more;
        }
        self.count += self.stride;
        self.count
    }
}

/// How many of the times, which ascend, are not later than `now`: the next step is mostly near.
fn until(times: &[i64], now: i64) -> usize {
    let mut reach = 1;
    while times.get(reach).is_some_and(|at| *at <= now) {
        reach *= 2;
    }
    let (known, end) = (reach / 2, reach.min(times.len()));
    known + times[known.min(end)..end].partition_point(|at| *at <= now)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn as_many_as_are_not_later(
            times in prop::collection::btree_set(0_i64..200, 0..60),
            steps in prop::collection::btree_set(-5_i64..210, 0..60),
        ) {
            let times: Vec<i64> = times.into_iter().collect();
            let mut passed = Passed::default();
            for now in steps {
                let expected = times.iter().filter(|at| **at <= now).count();
                prop_assert_eq!(passed.until(&times, now), expected);
            }
        }

        #[test]
        fn of_regular_times_as_well(step in 1_i64..40, length in 0_i64..60) {
            let times: Vec<i64> = (0..length).map(|at| at * 3).collect();
            let mut passed = Passed::default();
            for now in (-9..200).step_by(usize::try_from(step).unwrap()) {
                let expected = times.iter().filter(|at| **at <= now).count();
                prop_assert_eq!(passed.until(&times, now), expected);
            }
        }
    }
}
