//! Puts a laid-out heat map on any plotters backend; never a legend.

use plotters::coord::Shift;
use plotters::drawing::DrawingArea;
use plotters::prelude::DrawingBackend;

use super::pen::{Anchor, DrawResult, Pen};
use crate::chart::cells::HeatPlot;
use crate::chart::theme::ChartTheme;

/// Draws a heat map. `grain`: backend pixels for each CSS pixel.
pub fn draw_heat<DB: DrawingBackend>(
    area: &DrawingArea<DB, Shift>,
    plot: &HeatPlot,
    theme: &ChartTheme,
    grain: f64,
) -> DrawResult<DB> {
    let pen = Pen { area, theme, grain };
    let frame = plot.frame;
    // Rows of a few pixels have no room for a line between them or for every name.
    let gap = if plot.row_height > 5.0 { 2.0 } else { 0.0 };
    let every = (12.0 / plot.row_height).ceil().max(1.0);
    let mut skipped = every;
    for (name, top, cells) in &plot.rows {
        if skipped >= every {
            let middle = (frame.left - 6.0, top + plot.row_height / 2.0);
            pen.label(name, middle, Anchor::MiddleRight)?;
            skipped = 0.0;
        }
        skipped += 1.0;
        for cell in cells {
            let lower_right = (cell.right, top + plot.row_height - gap);
            pen.rectangle((cell.left, *top), lower_right, theme.heat(cell.heat), 1.0)?;
        }
    }
    for tick in &plot.times {
        let x = frame.x_of(plot.window, tick.at);
        if x > frame.left + 12.0 && x < frame.right - 12.0 {
            pen.label(&tick.label, (x, frame.bottom + 6.0), Anchor::TopCentre)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::draw_heat;
    use crate::chart::draw::recorder::{Mark, record};
    use crate::chart::plot::tests::SIZE;
    use crate::chart::theme::tests::theme;
    use crate::chart::{HeatPlot, HeatRow, HeatSpec, Point, TimeWindow, UtcTime};
    use crate::time::UnixMs;
    use std::sync::Arc;

    #[test]
    fn rows_are_rectangles_with_their_name() {
        let points = (0..60).map(|second| Point::new(UnixMs(second * 1_000), 100.0));
        let row = |name: &str| HeatRow {
            name: name.to_owned(),
            points: Arc::new(points.clone().collect()),
        };
        let spec = HeatSpec {
            window: TimeWindow {
                from: UnixMs(0),
                to: UnixMs(60_000),
            },
            high: 100.0,
            rows: vec![row("0"), row("1")],
        };
        let plot = HeatPlot::new(&spec, SIZE, &UtcTime);
        let marks = record(SIZE, 10.0, |area| draw_heat(area, &plot, &theme(), 10.0));
        let hot = |mark: &&Mark| matches!(mark, Mark::Rectangle { red: 255 });
        assert_eq!(marks.iter().filter(hot).count(), 2);
        assert!(marks.contains(&Mark::Text("1".to_owned())));
    }
}
