//! Numbers, units, times and languages as people read them: pure functions; never a signal, never the page.

mod age;
mod bytes;
mod languages;
mod number;
mod rate;

pub use age::{age, duration, lasting, span, took};
pub use bytes::{bytes, step, unit_names};
pub use languages::{language, language_choices};
pub use number::{count, decimals, percent, percent_fine};
pub use rate::{bits_per_second, bytes_per_second};

/// Stands where there is no reading; never a 0.
pub const NOTHING: &str = "–";
