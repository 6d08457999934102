//! Scraping: exporters are asked by their jobs' intervals, each on a task of its own; what one says
//! is handed on whole or not at all, never stored here.

mod board;
mod discovery;
mod fetch;
mod job;
mod memory;
mod page;
mod relabel;
mod round;
mod run;
mod target;

pub use board::{Board, LastScrape, TargetState};
pub use job::BadJob;
pub use page::{Families, Family, Scraped};
pub use relabel::{LabelMap, relabel};
pub use run::{Parts, start};

use common::time::UnixMs;
use futures_util::future::BoxFuture;

/// What goes to the store together, all or nothing.
#[derive(Debug, Clone)]
pub struct Delivery {
    /// Name of the server that it belongs to; `None`: the one that Watchpost runs on.
    pub server: Option<String>,
    /// When it was scraped: the time of values without one of their own.
    pub at: UnixMs,
    /// The values, each series and time once.
    pub samples: Vec<Scraped>,
    /// What the exporter says about them; empty when there is nothing new.
    pub families: Families,
    /// Whether it may add series beyond what a server may have: what is said about scrapes may,
    /// since nobody would learn otherwise that a scrape was refused.
    pub is_about_scrape: bool,
}

/// Takes what was scraped.
pub trait Deliver: Send + Sync + 'static {
    /// Done when it is durable; else why it was not taken, for a person.
    fn deliver(&self, delivery: Delivery) -> BoxFuture<'_, Result<(), String>>;
}
