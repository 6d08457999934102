//! What a plate can show: something laid out with curves over time; never a canvas of its own.

use common::chart::{
    ChartTheme, Dot, DrawResult, Frame, HeatPlot, Plot, TimeWindow, draw, draw_heat,
};
use common::time::UnixMs;
use plotters::coord::Shift;
use plotters::drawing::DrawingArea;

use super::canvas::{FineCanvas, GRAIN};

/// A chart that has been laid out.
pub trait Picture {
    /// Where the curves lie.
    fn frame(&self) -> Frame;
    /// Which stretch of time lies there.
    fn window(&self) -> TimeWindow;
    /// Draws the still layer.
    fn draw(
        &self,
        area: &DrawingArea<FineCanvas, Shift>,
        theme: &ChartTheme,
    ) -> DrawResult<FineCanvas>;
    /// Marks on the curves at a moment.
    fn dots(&self, at: UnixMs) -> Vec<Dot>;
}

impl Picture for Plot {
    fn frame(&self) -> Frame {
        self.frame
    }

    fn window(&self) -> TimeWindow {
        self.window
    }

    fn draw(
        &self,
        area: &DrawingArea<FineCanvas, Shift>,
        theme: &ChartTheme,
    ) -> DrawResult<FineCanvas> {
        draw(area, self, theme, GRAIN)
    }

    fn dots(&self, at: UnixMs) -> Vec<Dot> {
        Self::dots(self, at)
    }
}

impl Picture for HeatPlot {
    fn frame(&self) -> Frame {
        self.frame
    }

    fn window(&self) -> TimeWindow {
        self.window
    }

    fn draw(
        &self,
        area: &DrawingArea<FineCanvas, Shift>,
        theme: &ChartTheme,
    ) -> DrawResult<FineCanvas> {
        draw_heat(area, self, theme, GRAIN)
    }

    fn dots(&self, _at: UnixMs) -> Vec<Dot> {
        Vec::new()
    }
}
