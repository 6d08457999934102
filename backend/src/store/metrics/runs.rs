//! Samples of one series from several places into one; pure.

use common::series::Column;

/// Times, ascending, each once, and their values.
pub(super) type Run = (Vec<i64>, Vec<f64>);

/// The same, perhaps shared with others.
pub(super) type Samples = (Column<i64>, Column<f64>);

/// A run where it lies.
pub(super) type Part<'a> = (&'a [i64], &'a [f64]);

/// All samples of the parts; of several at one time that of the last part wins.
pub(super) fn merge(parts: &[Part<'_>]) -> Run {
    let parts: Vec<Part<'_>> = parts
        .iter()
        .filter(|(times, _)| !times.is_empty())
        .copied()
        .collect();
    if !follow_each_other(&parts) {
        return interleave(&parts);
    }
    let samples = parts.iter().map(|(times, _)| times.len()).sum();
    let mut all: Run = (Vec::with_capacity(samples), Vec::with_capacity(samples));
    for (times, values) in parts {
        all.0.extend_from_slice(times);
        all.1.extend_from_slice(values);
    }
    all
}

fn follow_each_other(parts: &[Part<'_>]) -> bool {
    parts
        .windows(2)
        .all(|pair| pair[0].0.last() < pair[1].0.first())
}

fn interleave(parts: &[Part<'_>]) -> Run {
    let mut samples: Vec<(i64, usize, f64)> = Vec::new();
    for (rank, (times, values)) in parts.iter().enumerate() {
        let part = times.iter().zip(*values);
        samples.extend(part.map(|(at, value)| (*at, rank, *value)));
    }
    samples.sort_unstable_by_key(|(at, rank, _)| (*at, std::cmp::Reverse(*rank)));
    samples.dedup_by_key(|(at, ..)| *at);
    let samples = samples.into_iter();
    samples.map(|(at, _, value)| (at, value)).unzip()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn the_last_run_wins(runs in prop::collection::vec(
            prop::collection::btree_map(0_i64..60, -9.0..9.0, 0..20),
            0..6,
        )) {
            let mut all = BTreeMap::new();
            for run in &runs {
                all.extend(run.iter().map(|(at, value)| (*at, *value)));
            }
            let runs: Vec<Run> = runs.into_iter().map(|run| run.into_iter().unzip()).collect();
            let parts: Vec<Part> = runs.iter().map(|(times, values)| (&**times, &**values)).collect();
            let merged = merge(&parts);
            let merged: Vec<(i64, f64)> = merged.0.into_iter().zip(merged.1).collect();
            prop_assert_eq!(merged, all.into_iter().collect::<Vec<_>>());
        }
    }
}
