//! A chart laid out for a size: axes, curves and where each stands in pixels; never a drawing.

use std::sync::Arc;

use super::decimate::{Run, decimate};
use super::points::Point;
use super::spec::{AlertBand, ChartSpec, SeriesColor, Shape, ThresholdLine, TimeWindow};
use super::stack::stack;
use super::time_axis::{LocalTime, TimeTick, time_ticks};
use super::value_axis::ValueAxis;
use crate::time::UnixMs;

/// Width of a digit of an axis label, in pixels.
const DIGIT: f64 = 6.0;
/// Room that a time label needs, in pixels.
const TIME_LABEL: f64 = 76.0;

/// The size of a chart in CSS pixels.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Size {
    /// From left to right.
    pub width: f64,
    /// From top to bottom.
    pub height: f64,
}

/// The rectangle that the curves lie in, in CSS pixels.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Frame {
    /// Its left edge.
    pub left: f64,
    /// Its upper edge.
    pub top: f64,
    /// Its right edge.
    pub right: f64,
    /// Its lower edge.
    pub bottom: f64,
}

impl Frame {
    /// Its width.
    pub fn width(self) -> f64 {
        (self.right - self.left).max(1.0)
    }

    /// Its height.
    pub fn height(self) -> f64 {
        (self.bottom - self.top).max(1.0)
    }

    /// Where a moment of the window stands.
    pub fn x_of(self, window: TimeWindow, at: UnixMs) -> f64 {
        #[expect(clippy::cast_precision_loss, reason = "a pixel is coarser")]
        let share = at.since_ms(window.from) as f64 / window.span_ms() as f64;
        self.left + share * self.width()
    }

    /// Which moment of the window stands at `x`, clamped to its ends.
    pub fn at_of(self, window: TimeWindow, x: f64) -> UnixMs {
        let share = ((x - self.left) / self.width()).clamp(0.0, 1.0);
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_precision_loss,
            reason = "a pixel is coarser"
        )]
        let ms = (share * window.span_ms() as f64).round() as i64;
        window.from.plus_ms(ms)
    }
}

/// A curve as it is drawn.
#[derive(Debug, Clone, PartialEq)]
pub struct Curve {
    /// Its colour.
    pub color: SeriesColor,
    /// How it is drawn.
    pub shape: Shape,
    /// The stretches that are joined.
    pub runs: Vec<Run>,
    /// The lower edge of a stacked curve's stretches; empty: the bottom.
    pub floor: Vec<Run>,
}

/// A chart laid out for a size.
#[derive(Debug, Clone, PartialEq)]
pub struct Plot {
    /// Where the curves lie.
    pub frame: Frame,
    /// The stretch of time.
    pub window: TimeWindow,
    /// The value axis.
    pub values: ValueAxis,
    /// The ticks of the time axis.
    pub times: Vec<TimeTick>,
    /// The curves in the order in which they are drawn.
    pub curves: Vec<Curve>,
    /// As in the chart.
    pub thresholds: Vec<ThresholdLine>,
    /// As in the chart.
    pub bands: Vec<AlertBand>,
}

impl Plot {
    /// Lays a chart out; times are labelled in the viewer's `zone`.
    pub fn new(spec: &ChartSpec, size: Size, zone: &dyn LocalTime) -> Self {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a width in pixels"
        )]
        let columns = size.width.clamp(16.0, 8192.0) as usize;
        let curves = curves(spec, columns);
        let (low, high) = extremes(&curves, &spec.thresholds);
        let values = ValueAxis::new(low, high, spec.bounds, spec.unit);
        let frame = frame(size, &values);
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a small count"
        )]
        let most = (frame.width() / TIME_LABEL).max(1.0) as usize;
        Self {
            frame,
            window: spec.window,
            times: time_ticks(spec.window, most, zone),
            values,
            curves,
            thresholds: spec.thresholds.clone(),
            bands: spec.bands.clone(),
        }
    }

    /// Where a moment stands.
    pub fn x_of(&self, at: UnixMs) -> f64 {
        self.frame.x_of(self.window, at)
    }

    /// Where a value stands.
    pub fn y_of(&self, value: f64) -> f64 {
        self.frame.bottom - self.values.share(value) * self.frame.height()
    }

    /// Which moment stands at `x`.
    pub fn at_of(&self, x: f64) -> UnixMs {
        self.frame.at_of(self.window, x)
    }
}

/// Room for labels on the left and below, and for the unit above.
fn frame(size: Size, values: &ValueAxis) -> Frame {
    let digits = values
        .ticks
        .iter()
        .map(|tick| tick.1.chars().count())
        .max()
        .unwrap_or(0);
    #[expect(clippy::cast_precision_loss, reason = "a few digits")]
    let gutter = (digits as f64 * DIGIT + 10.0).max(30.0);
    Frame {
        left: gutter,
        top: 18.0,
        right: (size.width - 8.0).max(gutter + 1.0),
        bottom: (size.height - 20.0).max(19.0),
    }
}

/// The first series is drawn last; stacks go below lines.
fn curves(spec: &ChartSpec, columns: usize) -> Vec<Curve> {
    let stacked: Vec<_> = spec
        .series
        .iter()
        .filter(|series| series.shape == Shape::Stacked)
        .collect();
    let layers: Vec<_> = stacked.iter().map(|it| Arc::clone(&it.points)).collect();
    let mut curves = Vec::with_capacity(spec.series.len());
    let mut floor = Vec::new();
    for (series, edge) in stacked.iter().zip(stack(&layers)) {
        let runs = runs(&edge, spec.window, columns, series.gap_ms);
        curves.push(Curve {
            color: series.color,
            shape: series.shape,
            floor: std::mem::replace(&mut floor, runs.clone()),
            runs,
        });
    }
    let free = spec.series.iter().rev();
    for series in free.filter(|series| series.shape != Shape::Stacked) {
        curves.push(Curve {
            color: series.color,
            shape: series.shape,
            runs: runs(&series.points, spec.window, columns, series.gap_ms),
            floor: Vec::new(),
        });
    }
    curves
}

fn runs(points: &[Point], window: TimeWindow, columns: usize, gap_ms: i64) -> Vec<Run> {
    decimate(points, window, columns, gap_ms)
}

fn extremes(curves: &[Curve], thresholds: &[ThresholdLine]) -> (f64, f64) {
    let values = curves
        .iter()
        .flat_map(|curve| curve.runs.iter().flatten())
        .map(|at| at.1)
        .chain(thresholds.iter().map(|line| line.value));
    values.fold((0.0, 0.0), |(low, high), value| {
        (low.min(value), high.max(value))
    })
}

#[cfg(test)]
pub(super) mod tests {
    use super::{Plot, Size};
    use crate::alert::Severity;
    use crate::chart::{
        AlertBand, ChartSeries, ChartSpec, ChartUnit, Point, SeriesColor, Shape, ThresholdLine,
        TimeWindow, UtcTime, ValueBounds,
    };
    use crate::time::UnixMs;
    use std::sync::Arc;

    fn series(color: SeriesColor, shape: Shape, values: [Option<f64>; 5]) -> ChartSeries {
        let points = (0_i64..)
            .zip(values)
            .map(|(second, value)| Point {
                at: UnixMs(second * 1_000),
                value,
            })
            .collect();
        ChartSeries {
            name: color.as_str().to_owned(),
            color,
            shape,
            points: Arc::new(points),
            gap_ms: 2_500,
        }
    }

    /// Two stacked series and a line with a gap, a threshold and a band, over four seconds.
    pub(in crate::chart) fn spec() -> ChartSpec {
        ChartSpec {
            window: TimeWindow {
                from: UnixMs(0),
                to: UnixMs(4_000),
            },
            unit: ChartUnit::Percent,
            bounds: ValueBounds::up_to(100.0),
            series: vec![
                series(SeriesColor::Blue, Shape::Stacked, [Some(10.0); 5]),
                series(SeriesColor::Orange, Shape::Stacked, [Some(20.0); 5]),
                series(
                    SeriesColor::Teal,
                    Shape::Line,
                    [Some(1.0), Some(2.0), None, Some(50.0), Some(60.0)],
                ),
            ],
            thresholds: vec![ThresholdLine {
                value: 90.0,
                severity: Severity::Critical,
                label: Some("90 %".to_owned()),
            }],
            bands: vec![AlertBand {
                from: UnixMs(2_000),
                to: None,
                severity: Severity::Warning,
            }],
        }
    }

    pub(in crate::chart) const SIZE: Size = Size {
        width: 438.0,
        height: 138.0,
    };

    #[test]
    fn stacks_come_first_and_stand_on_one_another() {
        let plot = Plot::new(&spec(), SIZE, &UtcTime);
        let colors: Vec<_> = plot.curves.iter().map(|it| it.color).collect();
        assert_eq!(
            colors,
            [SeriesColor::Blue, SeriesColor::Orange, SeriesColor::Teal]
        );
        assert_eq!(plot.curves[1].runs[0][0], (0, 30.0));
        assert_eq!(plot.curves[1].floor, plot.curves[0].runs);
        assert_eq!(plot.curves[2].runs.len(), 2, "the gap");
    }

    #[test]
    fn pixels_and_moments_are_each_others_inverse() {
        let plot = Plot::new(&spec(), SIZE, &UtcTime);
        assert!((plot.x_of(UnixMs(0)) - plot.frame.left).abs() < 0.01);
        assert!((plot.x_of(UnixMs(4_000)) - plot.frame.right).abs() < 0.01);
        assert_eq!(plot.at_of(plot.x_of(UnixMs(1_234))), UnixMs(1_234));
        assert_eq!(plot.at_of(-50.0), UnixMs(0));
        assert!((plot.y_of(0.0) - plot.frame.bottom).abs() < 0.01);
        assert!((plot.y_of(100.0) - plot.frame.top).abs() < 0.01);
    }

    #[test]
    fn a_threshold_above_all_values_is_in_sight() {
        let mut chart = spec();
        chart.bounds = ValueBounds::default();
        let plot = Plot::new(&chart, SIZE, &UtcTime);
        assert!(plot.values.high >= 90.0);
    }
}
