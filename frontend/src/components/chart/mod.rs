//! Charts on canvas: layers, cross-hair, gestures, legend and table around `common::chart`; never a request.

pub mod canvas;
pub mod chart_view;
mod frames;
mod gesture;
mod group;
mod hands;
pub mod heat_map;
mod keys;
pub mod legend;
pub mod numbers;
mod overlay;
pub mod picture;
pub mod plate;
pub mod range_buttons;
mod size;
mod sizing;
mod surface;
mod theme;
mod value_scale;
mod view;
mod zone;

pub use chart_view::Chart;
pub use group::{ChartGroup, use_charts};
pub use heat_map::HeatMap;
pub use value_scale::ValueScale;
pub use view::View;
pub use zone::{ViewerZone, use_zone};
