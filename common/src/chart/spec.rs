//! What a chart shows; never how large it is or where its data came from.

use std::sync::Arc;

use super::points::Point;
use super::unit::ChartUnit;
use crate::alert::Severity;
use crate::time::UnixMs;

/// A chart: curves over one stretch of time.
#[derive(Debug, Clone, PartialEq)]
pub struct ChartSpec {
    /// The stretch of time from the left edge to the right one.
    pub window: TimeWindow,
    /// The unit of every value.
    pub unit: ChartUnit,
    /// Where the value axis ends, as far as it is fixed.
    pub bounds: ValueBounds,
    /// The curves, the first one drawn last (on top); stacked ones from the bottom up.
    pub series: Vec<ChartSeries>,
    /// Lines across the chart that a value should not cross.
    pub thresholds: Vec<ThresholdLine>,
    /// Stretches of time in which an alert fired.
    pub bands: Vec<AlertBand>,
}

/// A stretch of time; `from` lies before `to`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TimeWindow {
    /// Its first moment.
    pub from: UnixMs,
    /// Its last moment.
    pub to: UnixMs,
}

impl TimeWindow {
    /// The stretch of `span_ms` that ends at `to`.
    pub fn ending(to: UnixMs, span_ms: i64) -> Self {
        Self {
            from: to.plus_ms(-span_ms),
            to,
        }
    }

    /// Its length in milliseconds, at least 1.
    pub fn span_ms(self) -> i64 {
        self.to.since_ms(self.from).max(1)
    }

    /// Whether `at` lies in it, both ends included.
    pub fn holds(self, at: UnixMs) -> bool {
        self.from <= at && at <= self.to
    }

    /// The stretch shortened (`factor` < 1) or lengthened around `centre`, which keeps its place.
    #[must_use]
    pub fn zoomed(self, centre: UnixMs, factor: f64) -> Self {
        #[expect(clippy::cast_possible_truncation, reason = "milliseconds fit")]
        #[expect(clippy::cast_precision_loss, reason = "a pixel is coarser")]
        let scaled = |ms: i64| (ms as f64 * factor).round() as i64;
        Self {
            from: centre.plus_ms(-scaled(centre.since_ms(self.from))),
            to: centre.plus_ms(scaled(self.to.since_ms(centre))),
        }
    }

    /// The stretch moved by `ms` milliseconds.
    #[must_use]
    pub fn moved(self, ms: i64) -> Self {
        Self {
            from: self.from.plus_ms(ms),
            to: self.to.plus_ms(ms),
        }
    }
}

/// Where the value axis ends; `None`: as the data says.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct ValueBounds {
    /// The lowest value of the axis; by default 0, or the lowest value when that is negative.
    pub low: Option<f64>,
    /// The highest value of the axis; by default a round number above the highest value.
    pub high: Option<f64>,
}

impl ValueBounds {
    /// From 0 to `high`.
    pub const fn up_to(high: f64) -> Self {
        Self {
            low: Some(0.0),
            high: Some(high),
        }
    }
}

/// One curve.
#[derive(Debug, Clone, PartialEq)]
pub struct ChartSeries {
    /// Its name in the legend.
    pub name: String,
    /// Its colour.
    pub color: SeriesColor,
    /// How it is drawn.
    pub shape: Shape,
    /// Its readings in the order of time.
    pub points: Arc<Vec<Point>>,
    /// Two readings further apart than this are not joined, in milliseconds.
    pub gap_ms: i64,
}

/// The role of a colour; the theme says which colour that is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SeriesColor {
    /// The first series.
    Blue,
    /// The second.
    Orange,
    /// The third.
    Teal,
    /// The fourth.
    Violet,
    /// The fifth.
    Red,
}

impl SeriesColor {
    /// Every colour, in the order in which series take them.
    pub const ALL: [Self; 5] = [
        Self::Blue,
        Self::Orange,
        Self::Teal,
        Self::Violet,
        Self::Red,
    ];

    /// Its name, as in the tokens of the stylesheet.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Blue => "blue",
            Self::Orange => "orange",
            Self::Teal => "teal",
            Self::Violet => "violet",
            Self::Red => "red",
        }
    }

    /// The colour of the series at this place; colours repeat after the fifth.
    pub const fn nth(place: usize) -> Self {
        Self::ALL[place % Self::ALL.len()]
    }
}

/// How a curve is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Shape {
    /// A line.
    Line,
    /// A line with a light fill down to 0.
    Area,
    /// A fill on top of the stacked series before it.
    Stacked,
}

/// A line across the chart.
#[derive(Debug, Clone, PartialEq)]
pub struct ThresholdLine {
    /// Its value, in the unit of the chart.
    pub value: f64,
    /// What crossing it means.
    pub severity: Severity,
    /// The text of the tag at its end; `None`: no tag.
    pub label: Option<String>,
}

/// A stretch of time in which an alert fired.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AlertBand {
    /// When it began.
    pub from: UnixMs,
    /// When it ended; `None` while it lasts.
    pub to: Option<UnixMs>,
    /// How bad it was.
    pub severity: Severity,
}

#[cfg(test)]
mod tests {
    use super::TimeWindow;
    use crate::time::UnixMs;

    #[test]
    fn zooming_keeps_the_centre_in_place() {
        let window = TimeWindow {
            from: UnixMs(1_000),
            to: UnixMs(5_000),
        };
        let half = window.zoomed(UnixMs(2_000), 0.5);
        assert_eq!((half.from, half.to), (UnixMs(1_500), UnixMs(3_500)));
        assert_eq!(half.zoomed(UnixMs(2_000), 2.0), window);
        assert_eq!(window.moved(-500).from, UnixMs(500));
        assert_eq!(TimeWindow::ending(UnixMs(5_000), 4_000), window);
    }
}
