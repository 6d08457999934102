//! The picture of an alert: what its rule compares around the moment, the thresholds and when it fired, as PNG,
//! drawn by the same code as the browser's charts; never sent from here.
//!
//! `inter-latin-400.ttf` is `assets/fonts/inter-latin-variable.woff2` at weight 400, without hints
//! and features, as the drawing library reads no woff2: the same licence holds.

mod draw;
mod error;
mod joints;
mod keeper;
mod pictures;
mod spec;
mod theme;

pub use draw::{Picture, draw};
pub use error::PictureError;
pub use keeper::Keeper;
pub use pictures::Pictures;
pub use theme::Look;

#[cfg(test)]
mod tests;
