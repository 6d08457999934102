//! Which thresholds are worth a look, and which of them to take; never what they would have done.

use common::alert::Comparison;

/// About so many thresholds are tried.
const WANTED: f64 = 40.0;
/// Their ends may add some.
const MOST: usize = 60;

/// The quantiles between which thresholds are looked for, and some within.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Spread {
    /// The smallest value.
    pub min: f64,
    /// The middle one.
    pub median: f64,
    /// Nearer to the end that the rule looks at: beyond lie five of 100, one of 100, one of 1,000.
    pub tail: [f64; 3],
    /// The largest value.
    pub max: f64,
}

/// Whether a rule looks for large values; `None` when it looks for exact ones.
pub const fn looks_up(comparison: Comparison) -> Option<bool> {
    match comparison {
        Comparison::Above | Comparison::AtLeast => Some(true),
        Comparison::Below | Comparison::AtMost => Some(false),
        Comparison::Equal | Comparison::NotEqual => None,
    }
}

/// Round thresholds between the middle and the end that the rule looks at, the last one beyond it, with
/// those of the rule; the one that is crossed soonest first.
pub fn candidates(spread: Spread, looks_up: bool, own: &[f64]) -> Vec<f64> {
    let end = if looks_up { spread.max } else { spread.min };
    let (low, high) = (spread.median.min(end), spread.median.max(end));
    let step = round_step((high - low) / WANTED, high.abs().max(low.abs()));
    let first = (low / step).floor();
    let mut found: Vec<f64> = (0..=MOST)
        .map(|at| rounded((first + count(at)) * step, step))
        .take_while(|value| *value <= high + step)
        .collect();
    if !looks_up {
        found.insert(0, rounded((first - 1.0) * step, step));
    }
    found.extend(spread.tail.iter().map(|value| rounded(*value, step / 10.0)));
    found.extend_from_slice(own);
    found.retain(|value| value.is_finite());
    found.sort_by(f64::total_cmp);
    found.dedup();
    if !looks_up {
        found.reverse();
    }
    found
}

/// The next of 1, 2, 5, 10, … that is not smaller; of values that do not differ a little of them.
fn round_step(step: f64, magnitude: f64) -> f64 {
    let least = (magnitude * 1e-5).max(1e-6);
    let step = step.max(least);
    let ten = 10_f64.powf(step.log10().floor());
    let all = [1.0, 2.0, 5.0, 10.0].map(|times| times * ten);
    all.into_iter().find(|one| *one >= step).unwrap_or(step)
}

/// A multiple of a step, without the noise of its last digits.
fn rounded(value: f64, step: f64) -> f64 {
    let digits = (1.0 - step.log10().floor()).clamp(0.0, 12.0);
    let ten = 10_f64.powf(digits);
    let rounded = (value * ten).round() / ten;
    if rounded.is_finite() { rounded } else { value }
}

#[expect(clippy::cast_precision_loss, reason = "a few dozen")]
fn count(at: usize) -> f64 {
    at as f64
}

/// The first of `firings`, which belong to thresholds from the mildest to the strictest, that fires at
/// most `most` times; none before `from` is taken.
pub fn first_within(firings: &[u64], most: f64, from: usize) -> Option<usize> {
    let mut all = firings.iter().enumerate().skip(from);
    all.find(|(_, fires)| as_number(**fires) <= most)
        .map(|(at, _)| at)
}

#[expect(clippy::cast_precision_loss, reason = "counts stay far below 2^53")]
fn as_number(count: u64) -> f64 {
    count as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn spread(min: f64, median: f64, tail: [f64; 3], max: f64) -> Spread {
        Spread {
            min,
            median,
            tail,
            max,
        }
    }

    #[test]
    fn candidates_are_round_and_reach_beyond_what_was_seen() {
        let cpu = spread(1.0, 20.0, [61.234, 84.2, 93.0], 99.3);
        for (spread, looks_up, own) in [
            (cpu, true, vec![70.0, 90.0]),
            (spread(1.0, 20.0, [3.0, 2.0, 1.5], 99.3), false, vec![5.0]),
            (spread(5.0, 5.0, [5.0; 3], 5.0), true, vec![]),
            (spread(0.0, 0.0, [0.0; 3], 0.0), true, vec![1.0]),
            (spread(-1e12, 3.0, [4.0; 3], 1e12), true, vec![]),
            (spread(0.001, 0.001_2, [0.002; 3], 0.003), true, vec![]),
        ] {
            let found = candidates(spread, looks_up, &own);
            assert!((2..=70).contains(&found.len()), "{spread:?}: {found:?}");
            for one in &own {
                assert!(found.contains(one), "{found:?}");
            }
            let (first, last) = (found[0], *found.last().unwrap());
            if looks_up {
                assert!(first <= spread.median && last > spread.max, "{found:?}");
                assert!(found.is_sorted(), "{found:?}");
            } else {
                assert!(first >= spread.median && last < spread.min, "{found:?}");
            }
        }
        let found = candidates(cpu, true, &[]);
        assert!(found.contains(&76.0) && found.contains(&20.0), "{found:?}");
    }

    #[test]
    fn the_mildest_that_is_quiet_enough_is_taken() {
        let firings = [90, 31, 14, 6, 4, 2, 0];
        for (most, from, expected) in [
            (4.3, 0, Some(4)),
            (1.0, 4, Some(6)),
            (100.0, 3, Some(3)),
            (-1.0, 0, None),
        ] {
            assert_eq!(first_within(&firings, most, from), expected);
        }
    }
}
