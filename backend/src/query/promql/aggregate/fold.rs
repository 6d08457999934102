//! Aggregations that take values one by one; never all of a step at once.

use super::Grouped;
use crate::query::promql::column::Column;
use crate::query::promql::number::{ABSENT, Mean, Sum, is_absent};
use crate::query::promql::steps::Steps;

/// What comes of values at one step.
pub(super) trait Fold: Clone + Default {
    fn add(&mut self, value: f64);
    /// `None` of nothing.
    fn worth(&self) -> Option<f64>;
}

/// A column a group, made by going through the columns one after the other.
pub(super) fn folded<F: Fold>(grouped: &Grouped, steps: Steps) -> Vec<Column> {
    let mut groups = vec![vec![F::default(); steps.count]; grouped.labels.len()];
    for (column, group) in grouped.columns.iter().zip(&grouped.group) {
        for (fold, value) in groups[*group].iter_mut().zip(&column.values) {
            if !is_absent(*value) {
                fold.add(*value);
            }
        }
    }
    let worth = |folds: Vec<F>| {
        folds
            .iter()
            .map(|it| it.worth().unwrap_or(ABSENT))
            .collect()
    };
    let columns = grouped.labels.iter().cloned().zip(groups);
    columns
        .map(|(labels, folds)| Column {
            labels,
            values: worth(folds),
        })
        .collect()
}

#[derive(Clone, Default)]
pub(super) struct Total(Option<Sum>);

impl Fold for Total {
    fn add(&mut self, value: f64) {
        self.0.get_or_insert_default().add(value);
    }

    fn worth(&self) -> Option<f64> {
        self.0.map(Sum::value)
    }
}

#[derive(Clone, Default)]
pub(super) struct Average(Mean);

impl Fold for Average {
    fn add(&mut self, value: f64) {
        self.0.add(value);
    }

    fn worth(&self) -> Option<f64> {
        self.0.value()
    }
}

#[derive(Clone, Default)]
pub(super) struct Count(Option<f64>);

impl Fold for Count {
    fn add(&mut self, _: f64) {
        *self.0.get_or_insert_default() += 1.0;
    }

    fn worth(&self) -> Option<f64> {
        self.0
    }
}

#[derive(Clone, Default)]
pub(super) struct Any(bool);

impl Fold for Any {
    fn add(&mut self, _: f64) {
        self.0 = true;
    }

    fn worth(&self) -> Option<f64> {
        self.0.then_some(1.0)
    }
}

#[derive(Clone, Default)]
pub(super) struct Least(Option<f64>);

impl Fold for Least {
    fn add(&mut self, value: f64) {
        // NaN only when there is nothing else.
        if self.0.is_none_or(|least| value < least || least.is_nan()) {
            self.0 = Some(value);
        }
    }

    fn worth(&self) -> Option<f64> {
        self.0
    }
}

#[derive(Clone, Default)]
pub(super) struct Most(Option<f64>);

impl Fold for Most {
    fn add(&mut self, value: f64) {
        if self.0.is_none_or(|most| value > most || most.is_nan()) {
            self.0 = Some(value);
        }
    }

    fn worth(&self) -> Option<f64> {
        self.0
    }
}

/// Of the population, in one pass (Welford).
#[derive(Clone, Default)]
pub(super) struct Variance {
    seen: f64,
    mean: f64,
    squares: f64,
}

impl Fold for Variance {
    fn add(&mut self, value: f64) {
        self.seen += 1.0;
        let delta = value - self.mean;
        self.mean += delta / self.seen;
        self.squares += delta * (value - self.mean);
    }

    fn worth(&self) -> Option<f64> {
        (self.seen > 0.0).then(|| self.squares / self.seen)
    }
}
