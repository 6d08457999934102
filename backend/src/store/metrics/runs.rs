//! Samples of one series from several places into one; pure.

use std::ops::Range;
use std::sync::Arc;

use common::series::Column;

/// Times, ascending, each once, and their values.
pub(super) type Run = (Vec<i64>, Vec<f64>);

/// The same; series that came together share their times.
pub(super) type Recent = (Arc<[i64]>, Vec<f64>);

/// The same, perhaps shared with others.
pub(super) type Samples = (Column<i64>, Column<f64>);

/// A run where it lies.
pub(super) type Part<'a> = (&'a [i64], &'a [f64]);

/// A run where it lies, and which part of its times it is.
pub(super) type Place<'a> = (&'a Arc<[i64]>, Range<usize>, &'a [f64]);

/// The places of the times, which ascend, with `start ≤ time < end`.
pub(super) fn within(times: &[i64], range: &Range<i64>) -> Range<usize> {
    let start = times.partition_point(|at| *at < range.start);
    let end = times.partition_point(|at| *at < range.end);
    start..end.max(start)
}

/// Merges the parts of one series after another: most have the same times, which are merged once.
#[derive(Default)]
pub(super) struct Merging {
    parts: Vec<(Arc<[i64]>, Range<usize>)>,
    times: Arc<[i64]>,
}

impl Merging {
    /// All samples of the parts, none of which is empty; of several at one time that of the last part
    /// wins.
    pub(super) fn merge(&mut self, parts: &[Place<'_>]) -> Samples {
        let slices = parts.iter();
        let slices: Vec<Part<'_>> = slices
            .map(|(times, part, values)| (&times[part.clone()], *values))
            .collect();
        if !follow_each_other(&slices) {
            let (times, values) = interleave(&slices);
            return (times.into(), values.into());
        }
        if !self.is_of(parts) {
            let times: Vec<&[i64]> = slices.iter().map(|(times, _)| *times).collect();
            self.times = times.concat().into();
            let parts = parts.iter();
            let parts = parts.map(|(times, part, _)| (Arc::clone(times), part.clone()));
            self.parts = parts.collect();
        }
        let values: Vec<&[f64]> = slices.iter().map(|(_, values)| *values).collect();
        let values = values.concat();
        let times = Column::Shared(Arc::clone(&self.times), 0..self.times.len());
        (times, values.into())
    }

    /// Whether the last merged times are those of these parts.
    fn is_of(&self, parts: &[Place<'_>]) -> bool {
        let same = self.parts.iter().zip(parts);
        self.parts.len() == parts.len()
            && !parts.is_empty()
            && same
                .into_iter()
                .all(|((known, of), (times, part, _))| Arc::ptr_eq(known, times) && of == part)
    }
}

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
    // The latest part first: of equal times the stable sort, which is quick on what is sorted in
    // parts, leaves its sample in front.
    let parts = parts.iter().rev();
    let samples =
        parts.flat_map(|(times, values)| times.iter().copied().zip(values.iter().copied()));
    let mut samples: Vec<(i64, f64)> = samples.collect();
    samples.sort_by_key(|(at, _)| *at);
    samples.dedup_by_key(|(at, _)| *at);
    samples.into_iter().unzip()
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
            prop_assert_eq!(&merged, &all.into_iter().collect::<Vec<_>>());
            let runs: Vec<Recent> = runs.into_iter().map(|(times, values)| (times.into(), values)).collect();
            let places: Vec<Place> = runs
                .iter()
                .filter(|(times, _)| !times.is_empty())
                .map(|(times, values)| (times, 0..times.len(), &**values))
                .collect();
            let mut merging = Merging::default();
            for _ in 0..2 {
                let (times, values) = merging.merge(&places);
                let again: Vec<(i64, f64)> = times.iter().copied().zip(values.iter().copied()).collect();
                prop_assert_eq!(&again, &merged);
            }
        }
    }
}
