//! What holds an alert's messages back: silences, maintenance windows, inhibitions; never whether it fires.
//!
//! The decisions are pure: what an alert's labels are (`subject`), which intervals cover a moment
//! (`calendar`), who holds an alert back (`plan`), and what follows for a message (`decide`). Around
//! them a book that people write, and a copy of it in memory.
//!
//! **Invariant:** a step that is held back stays in the outbox until it is told or dropped, and each
//! decision about it is a row of the trace, in the transaction that makes it.

mod book;
mod calendar;
mod decide;
mod document;
mod holders;
mod plan;
mod present;
mod subject;
mod weigh;

pub use book::{Book, BookError, Kept, OnChange, find, put};
pub use calendar::{Calendar, Span, UnknownZone, first_moment, local, zone};
pub use decide::{Decision, Past, Why, decide};
pub(crate) use document::{Demand, check_intervals, check_matchers, never_ends};
pub use document::{Document, check_labels, check_text};
pub use holders::Holders;
pub use plan::{Holding, Plan, opening};
pub use present::{Present, documents};
pub use subject::Subject;
pub use weigh::{Turn, weigh};

#[cfg(test)]
mod cases;
