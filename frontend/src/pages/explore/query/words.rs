//! The words of `PromQL` with a line of help each; never what is stored.

/// What a word is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Makes one series of many.
    Aggregation,
    /// Makes a value of values.
    Function,
    /// Stands between or behind expressions.
    Keyword,
}

impl Kind {
    /// Its name on the screen.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Aggregation => "aggregation",
            Self::Function => "function",
            Self::Keyword => "keyword",
        }
    }
}

/// Every word, what it is, and what it does.
pub const WORDS: [(&str, Kind, &str); 108] = [
    ("sum", Kind::Aggregation, "adds up the values"),
    ("avg", Kind::Aggregation, "the mean of the values"),
    ("count", Kind::Aggregation, "how many series there are"),
    ("min", Kind::Aggregation, "the lowest value"),
    ("max", Kind::Aggregation, "the highest value"),
    ("group", Kind::Aggregation, "1 for each group"),
    (
        "stddev",
        Kind::Aggregation,
        "the standard deviation of the values",
    ),
    ("stdvar", Kind::Aggregation, "the variance of the values"),
    (
        "quantile",
        Kind::Aggregation,
        "the value below which that share lies",
    ),
    (
        "topk",
        Kind::Aggregation,
        "the series with the highest values",
    ),
    (
        "bottomk",
        Kind::Aggregation,
        "the series with the lowest values",
    ),
    (
        "count_values",
        Kind::Aggregation,
        "how many series have each value",
    ),
    ("limitk", Kind::Aggregation, "any so many series"),
    (
        "limit_ratio",
        Kind::Aggregation,
        "any such share of the series",
    ),
    (
        "rate",
        Kind::Function,
        "growth per second of a counter over a range",
    ),
    (
        "increase",
        Kind::Function,
        "growth of a counter over a range",
    ),
    (
        "irate",
        Kind::Function,
        "growth per second between the last two samples",
    ),
    (
        "delta",
        Kind::Function,
        "difference of a gauge over a range",
    ),
    (
        "idelta",
        Kind::Function,
        "difference between the last two samples",
    ),
    (
        "deriv",
        Kind::Function,
        "slope per second by linear regression",
    ),
    (
        "predict_linear",
        Kind::Function,
        "the value so many seconds ahead",
    ),
    ("resets", Kind::Function, "how often a counter began anew"),
    ("changes", Kind::Function, "how often a value changed"),
    ("avg_over_time", Kind::Function, "mean over a range"),
    ("sum_over_time", Kind::Function, "sum over a range"),
    (
        "count_over_time",
        Kind::Function,
        "number of samples in a range",
    ),
    ("min_over_time", Kind::Function, "lowest over a range"),
    ("max_over_time", Kind::Function, "highest over a range"),
    ("first_over_time", Kind::Function, "oldest of a range"),
    ("last_over_time", Kind::Function, "newest of a range"),
    (
        "present_over_time",
        Kind::Function,
        "1 where a range has samples",
    ),
    (
        "absent_over_time",
        Kind::Function,
        "1 where a range has none",
    ),
    (
        "stddev_over_time",
        Kind::Function,
        "standard deviation over a range",
    ),
    ("stdvar_over_time", Kind::Function, "variance over a range"),
    (
        "mad_over_time",
        Kind::Function,
        "median absolute deviation over a range",
    ),
    (
        "quantile_over_time",
        Kind::Function,
        "the value below which that share of a range lies",
    ),
    (
        "ts_of_first_over_time",
        Kind::Function,
        "when the oldest sample was",
    ),
    (
        "ts_of_last_over_time",
        Kind::Function,
        "when the newest sample was",
    ),
    (
        "ts_of_max_over_time",
        Kind::Function,
        "when the highest sample was",
    ),
    (
        "ts_of_min_over_time",
        Kind::Function,
        "when the lowest sample was",
    ),
    (
        "double_exponential_smoothing",
        Kind::Function,
        "smooths a gauge over a range",
    ),
    (
        "histogram_quantile",
        Kind::Function,
        "a quantile from the buckets of a histogram",
    ),
    (
        "histogram_fraction",
        Kind::Function,
        "the share of a histogram between two values",
    ),
    ("abs", Kind::Function, "without its sign"),
    ("ceil", Kind::Function, "rounded up"),
    ("floor", Kind::Function, "rounded down"),
    ("round", Kind::Function, "rounded to the nearest"),
    ("sgn", Kind::Function, "-1, 0 or 1 by its sign"),
    ("sqrt", Kind::Function, "square root"),
    ("exp", Kind::Function, "e to the power of it"),
    ("ln", Kind::Function, "natural logarithm"),
    ("log2", Kind::Function, "binary logarithm"),
    ("log10", Kind::Function, "decimal logarithm"),
    ("clamp", Kind::Function, "kept between two values"),
    ("clamp_min", Kind::Function, "at least so much"),
    ("clamp_max", Kind::Function, "at most so much"),
    ("sin", Kind::Function, "sine"),
    ("cos", Kind::Function, "cosine"),
    ("tan", Kind::Function, "tangent"),
    ("asin", Kind::Function, "arc sine"),
    ("acos", Kind::Function, "arc cosine"),
    ("atan", Kind::Function, "arc tangent"),
    ("sinh", Kind::Function, "hyperbolic sine"),
    ("cosh", Kind::Function, "hyperbolic cosine"),
    ("tanh", Kind::Function, "hyperbolic tangent"),
    ("asinh", Kind::Function, "inverse hyperbolic sine"),
    ("acosh", Kind::Function, "inverse hyperbolic cosine"),
    ("atanh", Kind::Function, "inverse hyperbolic tangent"),
    ("deg", Kind::Function, "from radians to degrees"),
    ("rad", Kind::Function, "from degrees to radians"),
    ("pi", Kind::Function, "3.14159…"),
    ("scalar", Kind::Function, "the number of the only series"),
    (
        "vector",
        Kind::Function,
        "a series without labels from a number",
    ),
    ("time", Kind::Function, "the moment in seconds since 1970"),
    ("timestamp", Kind::Function, "when each sample was"),
    ("minute", Kind::Function, "minute of the hour, UTC"),
    ("hour", Kind::Function, "hour of the day, UTC"),
    ("day_of_week", Kind::Function, "0 for Sunday to 6"),
    ("day_of_month", Kind::Function, "1 to 31"),
    ("day_of_year", Kind::Function, "1 to 366"),
    ("days_in_month", Kind::Function, "28 to 31"),
    ("month", Kind::Function, "1 to 12"),
    ("year", Kind::Function, "the year, UTC"),
    ("absent", Kind::Function, "1 where there is no such series"),
    (
        "label_replace",
        Kind::Function,
        "writes a label from a pattern on another",
    ),
    ("label_join", Kind::Function, "joins labels into one"),
    ("sort", Kind::Function, "by value, the lowest first"),
    ("sort_desc", Kind::Function, "by value, the highest first"),
    ("sort_by_label", Kind::Function, "by the values of labels"),
    (
        "sort_by_label_desc",
        Kind::Function,
        "by the values of labels, backwards",
    ),
    ("min_of", Kind::Function, "the lower of two numbers"),
    ("max_of", Kind::Function, "the higher of two numbers"),
    ("start", Kind::Function, "the first moment of the question"),
    ("end", Kind::Function, "the last moment of the question"),
    (
        "step",
        Kind::Function,
        "the step of the question in seconds",
    ),
    (
        "range",
        Kind::Function,
        "the length of the question in seconds",
    ),
    ("by", Kind::Keyword, "aggregates by these labels only"),
    ("without", Kind::Keyword, "aggregates without these labels"),
    ("on", Kind::Keyword, "pairs series by these labels only"),
    (
        "ignoring",
        Kind::Keyword,
        "pairs series without these labels",
    ),
    (
        "group_left",
        Kind::Keyword,
        "many series on the left pair with one",
    ),
    (
        "group_right",
        Kind::Keyword,
        "many series on the right pair with one",
    ),
    ("offset", Kind::Keyword, "looks so far back"),
    ("bool", Kind::Keyword, "0 or 1 in place of leaving out"),
    ("and", Kind::Keyword, "series that are on both sides"),
    ("or", Kind::Keyword, "series of either side"),
    ("unless", Kind::Keyword, "series that are not on the right"),
    ("atan2", Kind::Keyword, "angle of two values"),
];
