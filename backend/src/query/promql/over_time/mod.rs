//! Functions of the samples of a range; never which samples those are.

mod counter;
mod regression;
mod statistics;

use super::column::{self, Column};
use super::error::EvaluateError;
use super::eval::{Evaluator, Notes, Windows};
use super::labels::LabelSet;
use super::number::seconds;
use super::parse::{Call, Kind, OverTime, Place};
use super::steps::Steps;

/// The samples of one series.
#[derive(Clone, Copy)]
struct Series<'a> {
    times: &'a [i64],
    values: &'a [f64],
    windows: &'a Windows,
}

/// What a function is worth for each series of a range.
pub(super) fn evaluate(
    evaluator: &mut Evaluator<'_>,
    function: OverTime,
    call: &Call,
    steps: Steps,
) -> Result<Vec<Column>, EvaluateError> {
    let arguments = call.arguments.as_slice();
    let mut parameters = Vec::new();
    for argument in arguments.iter().filter(|one| one.kind() == Kind::Scalar) {
        parameters.push(evaluator.scalar(argument, steps)?);
    }
    if let (OverTime::Quantile, Some(shares)) = (function, parameters.first()) {
        evaluator.notes.quantiles(shares, call.places.argument(0));
    }
    check(function, &parameters)?;
    let mut columns = Vec::new();
    for range in arguments.iter().filter(|one| one.kind() == Kind::Matrix) {
        evaluator.each_range(range, steps, |evaluator, labels, times, values, windows| {
            let series = Series {
                times,
                values,
                windows,
            };
            let column = Column {
                labels: labels.clone(),
                values: worth(function, series, &parameters, steps),
            };
            if column.is_any() {
                doubt(
                    function,
                    labels,
                    &mut evaluator.notes,
                    call.places.argument(0),
                );
                columns.push(column);
            }
            Ok(())
        })?;
    }
    if function.keeps_name() {
        column::merged(columns)
    } else {
        column::unnamed(columns)
    }
}

fn worth(
    function: OverTime,
    series: Series<'_>,
    parameters: &[Vec<f64>],
    steps: Steps,
) -> Vec<f64> {
    let parameter = |index: usize, step: usize| {
        let column = parameters.get(index).and_then(|column| column.get(step));
        column.copied().unwrap_or(f64::NAN)
    };
    match function {
        OverTime::Rate
        | OverTime::Increase
        | OverTime::Delta
        | OverTime::Irate
        | OverTime::Idelta
        | OverTime::Changes
        | OverTime::Resets => counter::column(function, series),
        OverTime::Deriv => regression::derivative(series),
        OverTime::PredictLinear => regression::prediction(series, steps, |at| parameter(0, at)),
        OverTime::Smoothing => {
            regression::smoothed(series, |at| (parameter(0, at), parameter(1, at)))
        }
        OverTime::Quantile => statistics::quantiles(series, |at| parameter(0, at)),
        OverTime::Avg
        | OverTime::Count
        | OverTime::First
        | OverTime::Last
        | OverTime::Mad
        | OverTime::Max
        | OverTime::Min
        | OverTime::Present
        | OverTime::Stddev
        | OverTime::Stdvar
        | OverTime::Sum => statistics::column(function, series),
        OverTime::TsOfFirst | OverTime::TsOfLast | OverTime::TsOfMax | OverTime::TsOfMin => {
            moments(function, series)
        }
    }
}

/// When the first, last, highest or lowest sample of each window was; of several the latest.
fn moments(function: OverTime, series: Series<'_>) -> Vec<f64> {
    let Series {
        times,
        values,
        windows,
    } = series;
    windows.column(times, values, |window| {
        let mut found = 0;
        for (at, value) in window.values.iter().enumerate() {
            let so_far = window.values[found];
            let is_next = match function {
                OverTime::TsOfLast => true,
                OverTime::TsOfMax => *value >= so_far || so_far.is_nan(),
                OverTime::TsOfMin => *value <= so_far || so_far.is_nan(),
                _ => false,
            };
            if is_next {
                found = at;
            }
        }
        seconds(window.times[found])
    })
}

/// Refuses parameters that make no sense, in Prometheus's words.
fn check(function: OverTime, parameters: &[Vec<f64>]) -> Result<(), EvaluateError> {
    if function != OverTime::Smoothing {
        return Ok(());
    }
    for (name, short, values) in [
        ("smoothing", "sf", parameters.first()),
        ("trend", "tf", parameters.get(1)),
    ] {
        let is_outside = |value: &&f64| !(**value > 0.0 && **value < 1.0);
        if let Some(wrong) = values.into_iter().flatten().find(is_outside) {
            return Err(EvaluateError::Contradiction(format!(
                "invalid {name} factor. Expected: 0 < {short} < 1, got: {wrong:.6}"
            )));
        }
    }
    Ok(())
}

/// Says when a gauge that is given at a place is read as a counter, as far as its name tells.
fn doubt(function: OverTime, labels: &LabelSet, notes: &mut Notes, at: Place) {
    let Some(name) = labels.metric().filter(|_| function.wants_counter()) else {
        return;
    };
    let endings = ["_total", "_sum", "_count", "_bucket"];
    if !endings.iter().any(|ending| name.ends_with(ending)) {
        let what = format!(
            "metric might not be a counter, name does not end in _total/_sum/_count/_bucket: {name:?}"
        );
        notes.inform(&what, at);
    }
}
