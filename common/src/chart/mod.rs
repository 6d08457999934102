//! A chart as a value, its axes and its drawing on any plotters backend; never a request, a clock, or the page.
//!
//! [`ChartSpec`] says what to show, [`Plot`] lays it out for a size in pixels, [`draw`] puts it on a canvas
//! or a picture. All but the last is plain arithmetic and needs no backend.

mod cells;
mod cursor;
mod decimate;
#[cfg(feature = "draw")]
mod draw;
mod plot;
mod points;
mod spec;
mod stack;
mod summary;
mod theme;
mod time_axis;
mod unit;
mod value_axis;

pub use cells::{Cell, HeatPlot, HeatRow, HeatSpec};
pub use cursor::{Dot, nearest};
pub use decimate::{Run, decimate};
#[cfg(feature = "draw")]
pub use draw::{DrawResult, draw, draw_heat, draw_name};
pub use plot::{Curve, Frame, Plot, Size};
pub use points::{LivePoints, Merge, Point, without_blank_end};
pub use spec::{
    AlertBand, ChartSeries, ChartSpec, SeriesColor, Shape, ThresholdLine, TimeWindow, ValueBounds,
};
pub use summary::summary;
pub use theme::{ChartTheme, Rgb};
pub use time_axis::{LocalTime, TimeTick, UtcTime, time_ticks};
pub use unit::{ChartUnit, Scale};
pub use value_axis::ValueAxis;
