//! Puts a laid-out chart on any plotters backend; never measures text and never clears the canvas.

mod heat;
mod pen;
#[cfg(test)]
mod recorder;

pub use heat::draw_heat;
pub use pen::DrawResult;

use plotters::coord::Shift;
use plotters::drawing::DrawingArea;
use plotters::prelude::DrawingBackend;

use super::decimate::Run;
use super::plot::{Curve, Plot};
use super::spec::{Shape, ThresholdLine};
use super::theme::ChartTheme;
use crate::alert::Severity;
use crate::time::UnixMs;
use pen::{Anchor, Pen};

/// Width of a curve in CSS pixels.
const CURVE: f64 = 1.4;
/// Share of colour in the fill under a curve.
const AREA: f64 = 0.10;
/// Share of colour in a stacked fill.
const STACK: f64 = 0.30;
/// Share of colour in an alert's band.
const BAND: f64 = 0.09;

/// Draws a chart. `grain`: backend pixels for each CSS pixel; strokes and fonts grow with it.
pub fn draw<DB: DrawingBackend>(
    area: &DrawingArea<DB, Shift>,
    plot: &Plot,
    theme: &ChartTheme,
    grain: f64,
) -> DrawResult<DB> {
    let pen = Pen { area, theme, grain };
    bands(&pen, plot)?;
    grid(&pen, plot)?;
    for curve in &plot.curves {
        fill(&pen, plot, curve)?;
    }
    for curve in &plot.curves {
        for run in &curve.runs {
            stroke(&pen, plot, curve, run)?;
        }
    }
    for line in &plot.thresholds {
        threshold(&pen, plot, line)?;
    }
    Ok(())
}

/// Writes what a chart is of above its right end.
pub fn draw_name<DB: DrawingBackend>(
    area: &DrawingArea<DB, Shift>,
    plot: &Plot,
    theme: &ChartTheme,
    grain: f64,
    name: &str,
) -> DrawResult<DB> {
    let pen = Pen { area, theme, grain };
    let corner = (plot.frame.right, plot.frame.top - 7.0);
    pen.label(name, corner, Anchor::BottomRight)
}

fn bands<DB: DrawingBackend>(pen: &Pen<'_, DB>, plot: &Plot) -> DrawResult<DB> {
    for band in &plot.bands {
        let from = band.from.max(plot.window.from);
        let to = band.to.unwrap_or(plot.window.to).min(plot.window.to);
        if from < to {
            let color = pen.theme.severity(band.severity);
            let upper_left = (plot.x_of(from), plot.frame.top);
            let lower_right = (plot.x_of(to), plot.frame.bottom);
            pen.rectangle(upper_left, lower_right, color, BAND)?;
        }
    }
    Ok(())
}

fn grid<DB: DrawingBackend>(pen: &Pen<'_, DB>, plot: &Plot) -> DrawResult<DB> {
    let frame = plot.frame;
    for (value, label) in &plot.values.ticks {
        let y = plot.y_of(*value).round() + 0.5;
        pen.line((frame.left, y), (frame.right, y), pen.theme.line, 1.0)?;
        pen.label(label, (frame.left - 6.0, y), Anchor::MiddleRight)?;
    }
    let unit = plot.values.scale.name;
    if !unit.is_empty() {
        pen.label(unit, (frame.left, frame.top - 7.0), Anchor::BottomLeft)?;
    }
    for tick in &plot.times {
        let at = (plot.x_of(tick.at), frame.bottom + 6.0);
        // A label that would leave the chart is left out.
        if at.0 > frame.left + 12.0 && at.0 < frame.right - 12.0 {
            pen.label(&tick.label, at, Anchor::TopCentre)?;
        }
    }
    Ok(())
}

fn fill<DB: DrawingBackend>(pen: &Pen<'_, DB>, plot: &Plot, curve: &Curve) -> DrawResult<DB> {
    let share = match curve.shape {
        Shape::Line => return Ok(()),
        Shape::Area => AREA,
        Shape::Stacked => STACK,
    };
    let color = pen.theme.series(curve.color);
    for (index, run) in curve.runs.iter().enumerate() {
        let mut outline = path(plot, run);
        let ends = (outline.first().copied(), outline.last().copied());
        if let Some(floor) = curve.floor.get(index) {
            outline.extend(path(plot, floor).into_iter().rev());
        } else if let (Some(first), Some(last)) = ends {
            let bottom = plot.y_of(0.0);
            outline.extend([(last.0, bottom), (first.0, bottom)]);
        }
        pen.polygon(outline, color, share)?;
    }
    Ok(())
}

fn stroke<DB: DrawingBackend>(
    pen: &Pen<'_, DB>,
    plot: &Plot,
    curve: &Curve,
    run: &Run,
) -> DrawResult<DB> {
    let color = pen.theme.series(curve.color);
    let line = path(plot, run);
    match line[..] {
        [] => Ok(()),
        // A reading with a gap on both sides is a dot: a line of one point is nothing.
        [alone] => pen.dot(alone, CURVE, color),
        _ => pen.path(line, color, CURVE),
    }
}

fn path(plot: &Plot, run: &Run) -> Vec<(f64, f64)> {
    run.iter()
        .map(|(at, value)| (plot.x_of(UnixMs(*at)), plot.y_of(*value)))
        .collect()
}

fn threshold<DB: DrawingBackend>(
    pen: &Pen<'_, DB>,
    plot: &Plot,
    line: &ThresholdLine,
) -> DrawResult<DB> {
    let frame = plot.frame;
    if line.value < plot.values.low || line.value > plot.values.high {
        return Ok(());
    }
    let color = pen.theme.severity(line.severity);
    let y = plot.y_of(line.value);
    let mut x = frame.left;
    while x < frame.right {
        let end = (x + 4.0).min(frame.right);
        pen.line((x, y), (end, y), color, 1.2)?;
        x += 7.0;
    }
    let Some(label) = &line.label else {
        return Ok(());
    };
    let word = match line.severity {
        Severity::Warning => "warn",
        Severity::Critical => "crit",
    };
    pen.tag(&format!("{word} {label}"), (frame.right, y), color)
}

#[cfg(test)]
mod tests {
    use super::recorder::{Mark, record};
    use super::{draw, draw_name};
    use crate::chart::plot::tests::{SIZE, spec};
    use crate::chart::theme::tests::theme;
    use crate::chart::{Plot, UtcTime};

    fn marks() -> Vec<Mark> {
        let plot = Plot::new(&spec(), SIZE, &UtcTime);
        record(SIZE, 10.0, |area| draw(area, &plot, &theme(), 10.0))
    }

    #[test]
    fn a_gap_parts_the_line() {
        let teal = marks()
            .into_iter()
            .filter(|mark| matches!(mark, Mark::Path { red: 30, .. }))
            .count();
        assert_eq!(teal, 2);
    }

    #[test]
    fn curves_are_thin_whatever_the_grain() {
        let marks = marks();
        let widths: Vec<_> = marks
            .iter()
            .filter_map(|mark| match mark {
                Mark::Path { width, .. } => Some(*width),
                _ => None,
            })
            .collect();
        assert_eq!(widths, [14, 14, 14, 14], "two stacked, one in two pieces");
    }

    #[test]
    fn axes_name_their_ticks_and_the_unit_once() {
        let texts: Vec<_> = marks()
            .into_iter()
            .filter_map(|mark| match mark {
                Mark::Text(text) => Some(text),
                _ => None,
            })
            .collect();
        assert_eq!(
            texts,
            [
                "0",
                "25",
                "50",
                "75",
                "100",
                "%",
                "00:00:01",
                "00:00:02",
                "00:00:03",
                "crit 90 %"
            ]
        );
    }

    #[test]
    fn a_name_stands_alone() {
        let plot = Plot::new(&spec(), SIZE, &UtcTime);
        let marks = record(SIZE, 10.0, |area| {
            draw_name(area, &plot, &theme(), 10.0, "cpu")
        });
        assert_eq!(marks, [Mark::Text("cpu".to_owned())]);
    }

    #[test]
    fn thresholds_are_dashed_and_alerts_lie_behind() {
        let marks = marks();
        let dashes = marks
            .iter()
            .filter(|mark| matches!(mark, Mark::Line { red: 70 }))
            .count();
        assert!(dashes > 40, "{dashes}");
        assert!(matches!(marks.first(), Some(Mark::Rectangle { red: 60 })));
    }
}
