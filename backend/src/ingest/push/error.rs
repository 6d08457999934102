//! Why pushed values were not taken, and where in them that stands; never how it is answered.

use crate::store::StoreError;
use common::exposition::LineFault;

/// Why pushed values were not taken. Nothing of them is stored then.
#[derive(Debug, thiserror::Error)]
pub enum PushError {
    /// There is no such server.
    #[error("there is no such server")]
    NoServer,
    /// The server is disabled, or its monitoring is stopped.
    #[error("no samples are taken of that server")]
    NotWanted,
    /// Values break rules.
    #[error("{} flaws", .0.len())]
    Refused(Vec<Flaw>),
    /// More values than one push may bring.
    #[error("more than {limit} samples in one request: send them in several")]
    TooManySamples {
        /// The most that are taken.
        limit: usize,
    },
    /// The push alone has more series than a server may have.
    #[error("more than {limit} series, the limit of a server (`metrics.max_series_per_server`)")]
    TooManySeriesAtOnce {
        /// The most that a server may have.
        limit: usize,
    },
    /// The server would have more series than it may.
    #[error(
        "the server has {known} series and these would add {new}: more than its limit of {limit} \
         (`metrics.max_series_per_server`)"
    )]
    TooManySeries {
        /// The most that a server may have.
        limit: usize,
        /// Those that it has.
        known: usize,
        /// Those that would be new.
        new: usize,
    },
    /// They could not be stored.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Where something stands in what was pushed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// A line of text, from 1.
    Line(usize),
    /// A sample of a list, from 0.
    Sample(usize),
}

/// Something that breaks a rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Flaw {
    /// Where.
    pub place: Place,
    /// What.
    pub fault: Fault,
}

impl Flaw {
    /// The place as a path: `line 7`, `samples[3].labels.zone`.
    pub fn field(&self) -> String {
        match self.place {
            Place::Line(line) => format!("line {line}"),
            Place::Sample(index) => match &self.fault {
                Fault::LabelName(name)
                | Fault::LabelReserved(name)
                | Fault::LabelTwice(name)
                | Fault::LabelNul(name)
                | Fault::LabelTooLong { name, .. } => format!("samples[{index}].labels.{name}"),
                Fault::LabelsTooLong { .. } | Fault::TooManyLabels { .. } => {
                    format!("samples[{index}].labels")
                }
                Fault::MetricName | Fault::MetricTooLong { .. } | Fault::BuiltIn => {
                    format!("samples[{index}].metric")
                }
                Fault::NotFinite => format!("samples[{index}].value"),
                Fault::TooOld { .. } | Fault::FromTheFuture { .. } => {
                    format!("samples[{index}].at")
                }
                Fault::Line(_) => format!("samples[{index}]"),
            },
        }
    }
}

/// Which rule is broken. Names are cut to what a person can read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// Not what a metric's name looks like.
    #[error("the name of a metric has to be of the form [a-zA-Z_:][a-zA-Z0-9_:]*")]
    MetricName,
    /// The metric's name is too long.
    #[error("the name of a metric must not have more than {most} characters")]
    MetricTooLong {
        /// The most characters.
        most: usize,
    },
    /// Watchpost itself reads that metric on that server.
    #[error("Watchpost reads this metric itself: choose another name")]
    BuiltIn,
    /// Not what a label's name looks like.
    #[error("the name of the label `{0}` has to be of the form [a-zA-Z_][a-zA-Z0-9_]*")]
    LabelName(String),
    /// Names that begin so are not for samples.
    #[error("the name of the label `{0}` begins with `__`, which is reserved")]
    LabelReserved(String),
    /// A label's value has a character that not every database stores.
    #[error("the value of the label `{0}` must not contain the character NUL")]
    LabelNul(String),
    /// A label stands there twice.
    #[error("the label `{0}` stands there twice")]
    LabelTwice(String),
    /// A label's name or value is too long.
    #[error("name and value of the label `{name}` must not have more than {most} bytes each")]
    LabelTooLong {
        /// The label.
        name: String,
        /// The most bytes.
        most: usize,
    },
    /// All labels together are too long.
    #[error("the labels must not have more than {most} bytes together")]
    LabelsTooLong {
        /// The most bytes.
        most: usize,
    },
    /// There are too many labels.
    #[error("a series must not have more than {most} labels")]
    TooManyLabels {
        /// The most labels.
        most: usize,
    },
    /// The value is no finite number.
    #[error("the value is not a finite number")]
    NotFinite,
    /// Samples of that time are not kept any more.
    #[error("the time lies more than {days} days back, which is as long as samples are kept")]
    TooOld {
        /// How long samples are kept.
        days: i64,
    },
    /// A clock is wrong.
    #[error("the time lies more than {minutes} minutes in the future")]
    FromTheFuture {
        /// How wrong a clock may be.
        minutes: i64,
    },
    /// Not how a line is written.
    #[error("{0}")]
    Line(LineFault),
}
