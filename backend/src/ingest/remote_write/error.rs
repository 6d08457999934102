//! Why a remote write was not taken; never how it is answered.

use crate::protobuf::BadMessage;
use crate::store::StoreError;

/// Why a request was not taken. Nothing of it is stored then.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    /// There is no such server.
    #[error("there is no such server")]
    NoServer,
    /// The server is disabled, or its monitoring is stopped.
    #[error("no samples are taken of that server: it is disabled, or its monitoring is stopped")]
    NotWanted,
    /// The bytes are not what the protocol says.
    #[error("not the message of the protocol: {0}")]
    Message(#[from] BadMessage),
    /// The text is no JSON of OTLP.
    #[error("not a request of OTLP: {0}")]
    Json(String),
    /// A series breaks a rule.
    #[error("series {place} of the request{}: {fault}", of_metric(metric.as_ref()))]
    Series {
        /// Which one, from 0.
        place: usize,
        /// Its metric; `None` when that cannot be told.
        metric: Option<String>,
        /// What is wrong.
        fault: SeriesFault,
    },
    /// More samples than one request may bring.
    #[error("more than {limit} samples in one request: send them in several")]
    TooManySamples {
        /// The most that are taken.
        limit: usize,
    },
    /// The request alone has more new series than a server may have.
    #[error(
        "more than {limit} series, the limit of a server: raise `metrics.max_series_per_server`, or \
         send fewer"
    )]
    TooManySeriesAtOnce {
        /// The most that a server may have.
        limit: usize,
    },
    /// The server would have more series than it may. It may have room once the limit is raised or
    /// old series are gone.
    #[error(
        "the server has {known} series and these would add {new}: more than its limit of {limit}. \
         Raise `metrics.max_series_per_server`, or drop series at the sender; it is tried again"
    )]
    TooManySeries {
        /// The most that a server may have.
        limit: usize,
        /// Those that it has.
        known: usize,
        /// Those that would be new.
        new: usize,
    },
    /// The server is stopping.
    #[error("the server is stopping")]
    Stopping,
    /// They could not be stored.
    #[error(transparent)]
    Store(#[from] StoreError),
}

fn of_metric(metric: Option<&String>) -> String {
    metric.map_or_else(String::new, |metric| format!(" ({metric})"))
}

/// Which rule a series breaks.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SeriesFault {
    /// Its labels break one.
    #[error(transparent)]
    Labels(#[from] LabelFault),
    /// Samples of that time are not kept any more.
    #[error("a sample lies more than {days} days back, which is as long as samples are kept")]
    TooOld {
        /// How long samples are kept.
        days: i64,
    },
    /// A clock is wrong.
    #[error("a sample lies more than {minutes} minutes in the future")]
    FromTheFuture {
        /// How wrong a clock may be.
        minutes: i64,
    },
    /// Only classic histograms are taken.
    #[error("native histograms are not taken: set `send_native_histograms: false` at the sender")]
    NativeHistogram,
}

/// Which rule the labels of a series break. Names are cut to what a person can read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LabelFault {
    /// No label `__name__`.
    #[error("the label `__name__` is missing or empty")]
    NoMetric,
    /// Not what a metric's name looks like.
    #[error("the name of the metric `{0}` has to be of the form [a-zA-Z_:][a-zA-Z0-9_:]*")]
    MetricName(String),
    /// Watchpost itself reads that metric on that server.
    #[error(
        "Watchpost reads `{0}` on this server itself: give the series a label `instance` or `job`, or \
         write it to another server"
    )]
    BuiltIn(String),
    /// Not what a label's name looks like.
    #[error("the name of the label `{0}` has to be of the form [a-zA-Z_][a-zA-Z0-9_]*")]
    LabelName(String),
    /// A label's value has a character that not every database stores.
    #[error("the value of the label `{0}` must not contain the character NUL")]
    Nul(String),
    /// Labels are to come sorted by name.
    #[error("the labels are not sorted by name: `{0}` stands too late")]
    Unsorted(String),
    /// A label stands there twice.
    #[error("the label `{0}` stands there twice")]
    Twice(String),
    /// All labels together are too long.
    #[error("the labels have more than {most} bytes together")]
    TooLong {
        /// The most bytes.
        most: usize,
    },
    /// There are too many labels.
    #[error("the series has more than {most} labels")]
    TooMany {
        /// The most labels.
        most: usize,
    },
    /// The bytes are no labels.
    #[error(transparent)]
    Message(#[from] BadMessage),
}
