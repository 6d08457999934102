//! What is wrong with a line; never where it stands.

use crate::series::notation::NotationError;
use std::fmt;

/// What is wrong with a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LineFault {
    /// The bytes are no text.
    NotUtf8,
    /// Not how a series is written.
    Series(NotationError),
    /// After the series comes nothing.
    NoValue,
    /// After the series comes no number.
    NotANumber,
    /// After the value comes no time in milliseconds.
    NotMilliseconds,
    /// After the value comes no time in seconds.
    NotSeconds,
    /// Something stands after the time.
    TooMuch,
    /// What stands after `#` is no exemplar.
    Exemplar,
    /// `# HELP` without the name of a metric.
    Help,
    /// `# TYPE` without the name of a metric, or a type that there is not.
    Type,
    /// `# UNIT` without the name of a metric.
    Unit,
    /// OpenMetrics does not end so.
    NoEnd,
    /// After its end something follows.
    AfterEnd,
}

impl fmt::Display for LineFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Series(error) => return error.fmt(f),
            Self::NotUtf8 => "not UTF-8",
            Self::NoValue => "the value is missing",
            Self::NotANumber => "the value is not a number",
            Self::NotMilliseconds => "the time is not a whole number of milliseconds since 1970",
            Self::NotSeconds => "the time is not a number of seconds since 1970",
            Self::TooMuch => "something stands after the time",
            Self::Exemplar => {
                "what stands after `#` is not of the form `{label=\"value\"} value [seconds]`"
            }
            Self::Help => "not of the form `# HELP name text`",
            Self::Type => {
                "not of the form `# TYPE name type`, or that type is not known (counter, gauge, \
                 histogram, summary, untyped; OpenMetrics also gaugehistogram, info, stateset, \
                 unknown)"
            }
            Self::Unit => "not of the form `# UNIT name unit`",
            Self::NoEnd => "OpenMetrics has to end with the line `# EOF`: the text is cut off",
            Self::AfterEnd => "something stands after `# EOF`",
        })
    }
}

impl std::error::Error for LineFault {}
