//! Pages of metrics as Prometheus and others scrape them: values in, text out. Pure: never where
//! values come from.

mod chosen;
mod family;
mod format;
pub mod number;
mod page;
#[cfg(test)]
mod tests;
mod wanted;

pub use chosen::Chosen;
pub use family::{Kind, Point};
pub use format::Format;
pub use page::Page;
pub use wanted::Wanted;
