//! Samples of one series from several places into one; pure.

/// Times, ascending, each once, and their values.
pub(super) type Run = (Vec<i64>, Vec<f64>);

/// All samples of the runs; of several at one time that of the last run wins.
pub(super) fn merge(mut runs: Vec<Run>) -> Run {
    runs.retain(|(times, _)| !times.is_empty());
    if runs.len() < 2 {
        return runs.pop().unwrap_or_default();
    }
    if !follow_each_other(&runs) {
        return interleave(&runs);
    }
    let mut all = Run::default();
    for (times, values) in runs {
        all.0.extend(times);
        all.1.extend(values);
    }
    all
}

fn follow_each_other(runs: &[Run]) -> bool {
    runs.windows(2)
        .all(|pair| pair[0].0.last() < pair[1].0.first())
}

fn interleave(runs: &[Run]) -> Run {
    let mut samples: Vec<(i64, usize, f64)> = Vec::new();
    for (rank, (times, values)) in runs.iter().enumerate() {
        let run = times.iter().zip(values);
        samples.extend(run.map(|(at, value)| (*at, rank, *value)));
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
            let merged = merge(runs.into_iter().map(|run| run.into_iter().unzip()).collect());
            let merged: Vec<(i64, f64)> = merged.0.into_iter().zip(merged.1).collect();
            prop_assert_eq!(merged, all.into_iter().collect::<Vec<_>>());
        }
    }
}
