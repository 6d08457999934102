//! Measurements of the real binary, one file each; never a pass or a fail.

mod alerts;
mod collect;
mod document;
mod figures;
mod footprint;
mod http;
mod ingest;
mod live;
mod load;
mod machine;
mod memory;
mod page;
mod query;
mod serving;
mod start;
mod store;

use anyhow::{Result, bail};

use std::fmt::Display;

pub use document::Section;
pub use figures::Table;

/// The names that [`run`] knows.
pub const NAMES: [&str; 9] = [
    "start", "live", "memory", "page", "store", "collect", "ingest", "query", "alerts",
];

/// What a measurement gives.
#[derive(Debug)]
pub enum Outcome {
    /// A table for whoever asked.
    Table(Table),
    /// What also belongs into the document.
    Section(Section),
}

impl Display for Outcome {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Table(table) => table.fmt(f),
            Self::Section(section) => section.fmt(f),
        }
    }
}

/// Runs one measurement with its options: its length (starts, seconds or minutes, as each says
/// itself), or `--quick` for one that compares with peers.
pub async fn run(name: &str, options: &[String]) -> Result<Outcome> {
    if name == "store" {
        let extent = store::Extent::of(options)?;
        return store::run(extent).await.map(Outcome::Section);
    }
    if name == "collect" {
        return collect::run(options).await.map(Outcome::Section);
    }
    if name == "ingest" {
        return ingest::run(options).await.map(Outcome::Section);
    }
    if name == "query" {
        return query::run(options).await.map(Outcome::Section);
    }
    if name == "alerts" {
        return alerts::run(options).await.map(Outcome::Section);
    }
    let amount = options.first().map(|amount| amount.parse()).transpose()?;
    let table = match name {
        "start" => start::run(amount.unwrap_or(20)).await?,
        "live" => live::run(amount.unwrap_or(60)).await?,
        "memory" => memory::run(amount.unwrap_or(10)).await?,
        "page" => page::run(amount.unwrap_or(60)).await?,
        _ => bail!("no benchmark {name}: there are {}", NAMES.join(", ")),
    };
    Ok(Outcome::Table(table))
}

/// Whether a name is that of a step, which [`step`] runs.
pub fn is_step(name: &str) -> bool {
    name.starts_with("store-") || name.starts_with("collect-")
}

/// Runs one step of a measurement that needs a process of its own; its figures as JSON.
pub async fn step(name: &str, arguments: &[String]) -> Result<serde_json::Value> {
    if name.starts_with("collect-") {
        return collect::step(name, arguments).await;
    }
    store::step(name, arguments).await
}
