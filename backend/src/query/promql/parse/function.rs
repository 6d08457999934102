//! The functions of the language, and what goes into them; never what they are worth.

use super::node::Kind;

/// A function.
#[derive(Debug, Clone, Copy)]
pub(in super::super) enum Function {
    /// Of the samples of a range.
    Over(OverTime),
    /// Of each value alone.
    Each(fn(f64) -> f64),
    /// Of the date that a value, in seconds since 1970, stands for.
    Date(fn(i64) -> f64),
    Absent,
    AbsentOverTime,
    Clamp,
    ClampMax,
    ClampMin,
    HistogramFraction,
    HistogramQuantile,
    LabelJoin,
    LabelReplace,
    MaxOf,
    MinOf,
    Pi,
    Round,
    Scalar,
    /// Whether it is sorted downwards.
    Sort(bool),
    /// Whether it is sorted downwards.
    SortByLabel(bool),
    /// The first moment of the question.
    Start,
    /// The last moment of the question.
    End,
    /// From the first to the last.
    Range,
    /// From a moment to the next.
    Step,
    Time,
    Timestamp,
    Vector,
}

/// A function of the samples of a range.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in super::super) enum OverTime {
    Avg,
    Changes,
    Count,
    Delta,
    Deriv,
    First,
    Idelta,
    Increase,
    Irate,
    Last,
    Mad,
    Max,
    Min,
    PredictLinear,
    Present,
    Quantile,
    Rate,
    Resets,
    /// `double_exponential_smoothing`, once `holt_winters`.
    Smoothing,
    Stddev,
    Stdvar,
    Sum,
    TsOfFirst,
    TsOfLast,
    TsOfMax,
    TsOfMin,
}

impl Function {
    /// The function of that name; `None` when there is none, or only one for native histograms.
    pub(super) fn find(name: &str) -> Option<Self> {
        use crate::query::promql::functions::{date, math};
        if let Some(over) = OverTime::find(name) {
            return Some(Self::Over(over));
        }
        if let Some(each) = math::find(name) {
            return Some(Self::Each(each));
        }
        if let Some(part) = date::find(name) {
            return Some(Self::Date(part));
        }
        Some(match name {
            "absent" => Self::Absent,
            "absent_over_time" => Self::AbsentOverTime,
            "clamp" => Self::Clamp,
            "clamp_max" => Self::ClampMax,
            "clamp_min" => Self::ClampMin,
            "end" => Self::End,
            "histogram_fraction" => Self::HistogramFraction,
            "histogram_quantile" => Self::HistogramQuantile,
            "label_join" => Self::LabelJoin,
            "label_replace" => Self::LabelReplace,
            "max_of" => Self::MaxOf,
            "min_of" => Self::MinOf,
            "pi" => Self::Pi,
            "range" => Self::Range,
            "round" => Self::Round,
            "scalar" => Self::Scalar,
            "sort" => Self::Sort(false),
            "sort_by_label" => Self::SortByLabel(false),
            "sort_by_label_desc" => Self::SortByLabel(true),
            "sort_desc" => Self::Sort(true),
            "start" => Self::Start,
            "step" => Self::Step,
            "time" => Self::Time,
            "timestamp" => Self::Timestamp,
            "vector" => Self::Vector,
            _ => return None,
        })
    }

    /// What it gives.
    pub(in super::super) fn gives(self) -> Kind {
        match self {
            Self::End
            | Self::MaxOf
            | Self::MinOf
            | Self::Pi
            | Self::Range
            | Self::Scalar
            | Self::Start
            | Self::Step
            | Self::Time => Kind::Scalar,
            _ => Kind::Vector,
        }
    }

    /// What goes into it; the last stands for all that follow. The parser counts them.
    pub(super) fn takes(self) -> &'static [Kind] {
        use Kind::{Matrix, Scalar, Text, Vector};
        match self {
            Self::Over(over) => over.takes(),
            Self::AbsentOverTime => &[Matrix],
            Self::Clamp => &[Vector, Scalar, Scalar],
            Self::ClampMax | Self::ClampMin | Self::Round => &[Vector, Scalar],
            Self::End | Self::Pi | Self::Range | Self::Start | Self::Step | Self::Time => &[],
            Self::HistogramFraction => &[Scalar, Scalar, Vector],
            Self::HistogramQuantile => &[Scalar, Vector],
            Self::LabelJoin | Self::LabelReplace | Self::SortByLabel(_) => &[Vector, Text],
            Self::MaxOf | Self::MinOf => &[Scalar, Scalar],
            Self::Vector => &[Scalar],
            Self::Absent
            | Self::Date(_)
            | Self::Each(_)
            | Self::Scalar
            | Self::Sort(_)
            | Self::Timestamp => &[Vector],
        }
    }
}

impl OverTime {
    fn find(name: &str) -> Option<Self> {
        Some(match name {
            "avg_over_time" => Self::Avg,
            "changes" => Self::Changes,
            "count_over_time" => Self::Count,
            "delta" => Self::Delta,
            "deriv" => Self::Deriv,
            "double_exponential_smoothing" => Self::Smoothing,
            "first_over_time" => Self::First,
            "idelta" => Self::Idelta,
            "increase" => Self::Increase,
            "irate" => Self::Irate,
            "last_over_time" => Self::Last,
            "mad_over_time" => Self::Mad,
            "max_over_time" => Self::Max,
            "min_over_time" => Self::Min,
            "predict_linear" => Self::PredictLinear,
            "present_over_time" => Self::Present,
            "quantile_over_time" => Self::Quantile,
            "rate" => Self::Rate,
            "resets" => Self::Resets,
            "stddev_over_time" => Self::Stddev,
            "stdvar_over_time" => Self::Stdvar,
            "sum_over_time" => Self::Sum,
            "ts_of_first_over_time" => Self::TsOfFirst,
            "ts_of_last_over_time" => Self::TsOfLast,
            "ts_of_max_over_time" => Self::TsOfMax,
            "ts_of_min_over_time" => Self::TsOfMin,
            _ => return None,
        })
    }

    fn takes(self) -> &'static [Kind] {
        match self {
            Self::PredictLinear => &[Kind::Matrix, Kind::Scalar],
            Self::Quantile => &[Kind::Scalar, Kind::Matrix],
            Self::Smoothing => &[Kind::Matrix, Kind::Scalar, Kind::Scalar],
            _ => &[Kind::Matrix],
        }
    }

    /// The name of the metric stays: the value is one of its samples.
    pub(in super::super) fn keeps_name(self) -> bool {
        matches!(self, Self::First | Self::Last)
    }

    /// It is meant for counters.
    pub(in super::super) fn wants_counter(self) -> bool {
        matches!(self, Self::Rate | Self::Irate | Self::Increase)
    }
}
