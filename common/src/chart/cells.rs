//! A heat map: rows of shares over time, laid out as cells; never a drawing.

use super::plot::{Frame, Size};
use super::points::Point;
use super::spec::TimeWindow;
use super::time_axis::{LocalTime, TimeTick, time_ticks};
use crate::time::UnixMs;
use std::sync::Arc;

/// Cells of fewer pixels than this cannot be told apart.
const CELL_WIDTH: f64 = 4.0;
/// Shades of a heat map; more cannot be told apart and would cost a rectangle each.
const SHADES: f64 = 24.0;

/// What a heat map shows.
#[derive(Debug, Clone, PartialEq)]
pub struct HeatSpec {
    /// The stretch of time from the left edge to the right one.
    pub window: TimeWindow,
    /// The value that is hottest; 0 is coldest.
    pub high: f64,
    /// The rows from the top.
    pub rows: Vec<HeatRow>,
}

/// One row.
#[derive(Debug, Clone, PartialEq)]
pub struct HeatRow {
    /// Its name.
    pub name: String,
    /// Its readings in the order of time.
    pub points: Arc<Vec<Point>>,
}

/// A rectangle of one shade, in CSS pixels.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Cell {
    /// Its left edge.
    pub left: f64,
    /// Its right edge.
    pub right: f64,
    /// Its heat from 0 to 1.
    pub heat: f64,
}

/// A heat map laid out for a size.
#[derive(Debug, Clone, PartialEq)]
pub struct HeatPlot {
    /// Where the rows lie.
    pub frame: Frame,
    /// The stretch of time.
    pub window: TimeWindow,
    /// Names, upper edges and cells of the rows.
    pub rows: Vec<(String, f64, Vec<Cell>)>,
    /// The height of a row.
    pub row_height: f64,
    /// The ticks of the time axis.
    pub times: Vec<TimeTick>,
}

impl HeatPlot {
    /// Lays a heat map out.
    pub fn new(spec: &HeatSpec, size: Size, zone: &dyn LocalTime) -> Self {
        let longest = spec.rows.iter().map(|it| it.name.chars().count()).max();
        #[expect(clippy::cast_precision_loss, reason = "a few letters")]
        let gutter = (longest.unwrap_or(0) as f64 * 6.0 + 12.0).max(24.0);
        let frame = Frame {
            left: gutter,
            top: 4.0,
            right: (size.width - 4.0).max(gutter + 1.0),
            bottom: (size.height - 20.0).max(5.0),
        };
        #[expect(clippy::cast_precision_loss, reason = "a few hundred rows")]
        let row_height = (frame.height() / spec.rows.len().max(1) as f64).min(44.0);
        let mut top = frame.top;
        let rows = spec
            .rows
            .iter()
            .map(|row| {
                let cells = cells(&row.points, spec.window, spec.high, frame);
                let here = top;
                top += row_height;
                (row.name.clone(), here, cells)
            })
            .collect();
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a small count"
        )]
        let most = (frame.width() / 76.0).max(1.0) as usize;
        Self {
            frame,
            window: spec.window,
            rows,
            row_height,
            times: time_ticks(spec.window, most, zone),
        }
    }
}

/// The mean of each column; neighbours of one shade become one cell, empty columns none.
fn cells(points: &[Point], window: TimeWindow, high: f64, frame: Frame) -> Vec<Cell> {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a width in pixels"
    )]
    let columns = (frame.width() / CELL_WIDTH).clamp(1.0, 2048.0) as usize;
    let mut sums = vec![(0.0, 0_u32); columns];
    for point in points.iter().filter(|point| window.holds(point.at)) {
        if let (Some(value), Some(sum)) =
            (point.value, sums.get_mut(column(window, point.at, columns)))
        {
            sum.0 += value;
            sum.1 += 1;
        }
    }
    bridge(&mut sums, points, window);
    let mut cells: Vec<Cell> = Vec::new();
    #[expect(clippy::cast_precision_loss, reason = "a few hundred columns")]
    let edge = |index: usize| frame.left + frame.width() * index as f64 / columns as f64;
    for (index, (sum, count)) in sums.into_iter().enumerate() {
        if count == 0 {
            continue;
        }
        let heat = sum / f64::from(count) / high.max(f64::MIN_POSITIVE);
        let heat = (heat.clamp(0.0, 1.0) * SHADES).round() / SHADES;
        match cells.last_mut() {
            Some(last)
                if (last.right - edge(index)).abs() < 0.01 && (last.heat - heat).abs() < 1e-9 =>
            {
                last.right = edge(index + 1);
            }
            _ => cells.push(Cell {
                left: edge(index),
                right: edge(index + 1),
                heat,
            }),
        }
    }
    cells
}

/// Readings rarer than columns leave empty ones between them that are not gaps: fill those from the left.
fn bridge(sums: &mut [(f64, u32)], points: &[Point], window: TimeWindow) {
    let [first, .., last] = points else {
        return;
    };
    let steps = i64::try_from(points.len() - 1).unwrap_or(1).max(1);
    let step_ms = last.at.since_ms(first.at) / steps;
    let columns = i64::try_from(sums.len()).unwrap_or(1).max(1);
    let reach = usize::try_from(step_ms * 2 * columns / window.span_ms()).unwrap_or(0);
    let mut before: Option<(usize, (f64, u32))> = None;
    for (index, sum) in sums.iter_mut().enumerate() {
        if sum.1 > 0 {
            before = Some((index, *sum));
        } else if let Some((_, value)) = before.filter(|(from, _)| index - from <= reach) {
            *sum = value;
        }
    }
}

fn column(window: TimeWindow, at: UnixMs, columns: usize) -> usize {
    let columns = i64::try_from(columns).unwrap_or(i64::MAX);
    let place = at.since_ms(window.from).saturating_mul(columns) / window.span_ms();
    usize::try_from(place.min(columns - 1)).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::{HeatPlot, HeatRow, HeatSpec};
    use crate::chart::plot::tests::SIZE;
    use crate::chart::{Point, TimeWindow, UtcTime};
    use crate::time::UnixMs;
    use std::sync::Arc;

    fn plot(values: impl Fn(i64) -> Option<f64>) -> HeatPlot {
        let points = (0..=300)
            .map(|second| Point {
                at: UnixMs(second * 1_000),
                value: values(second),
            })
            .collect();
        let spec = HeatSpec {
            window: TimeWindow {
                from: UnixMs(0),
                to: UnixMs(300_000),
            },
            high: 100.0,
            rows: vec![HeatRow {
                name: "0".to_owned(),
                points: Arc::new(points),
            }],
        };
        HeatPlot::new(&spec, SIZE, &UtcTime)
    }

    #[test]
    fn one_shade_is_one_cell() {
        let steady = plot(|_| Some(50.0));
        let cells = &steady.rows[0].2;
        assert_eq!(cells.len(), 1);
        assert!((cells[0].heat - 0.5).abs() < 0.01);
        assert!((cells[0].right - steady.frame.right).abs() < 0.01);
    }

    #[test]
    fn a_gap_stays_empty() {
        let broken = plot(|second| (!(100..200).contains(&second)).then_some(50.0));
        assert_eq!(broken.rows[0].2.len(), 2);
    }

    #[test]
    fn a_few_rows_do_not_become_walls() {
        assert!(plot(|_| None).row_height <= 44.0);
        assert!(plot(|_| None).rows[0].2.is_empty());
    }
}
