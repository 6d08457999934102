//! Measurements of the real binary, one file each; never a pass or a fail.

mod figures;
mod footprint;
mod live;
mod memory;
mod page;
mod start;

use anyhow::{Result, bail};

pub use figures::Table;

/// The names that [`run`] knows.
pub const NAMES: [&str; 4] = ["start", "live", "memory", "page"];

/// Runs one measurement. `amount` is its length: starts, seconds or minutes, as each says itself.
pub async fn run(name: &str, amount: Option<u32>) -> Result<Table> {
    match name {
        "start" => start::run(amount.unwrap_or(20)).await,
        "live" => live::run(amount.unwrap_or(60)).await,
        "memory" => memory::run(amount.unwrap_or(10)).await,
        "page" => page::run(amount.unwrap_or(60)).await,
        _ => bail!("no benchmark {name}: there are {}", NAMES.join(", ")),
    }
}
