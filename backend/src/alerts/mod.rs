//! Life of an alert: from a rule's transition to a durable change; never decides thresholds.
//!
//! **Invariant:** a change of an alert, its history row and its intent are one transaction, and
//! the memory of the engine changes only after its commit. One task, the engine, makes all
//! changes, so that a person's step and a sample's never cross.
//!
//! What a rule remembers about a series stands in the row of its open alert; after the end it
//! stands in the row of the last one for as long as it can hold back a new firing. A start reads
//! it from there. Waits that changed no alert are written down every few seconds: a crash
//! prolongs a wait by that much at most.
//!
//! When monitoring of a server is stopped, or a rule is removed, switched off or looks at
//! something else, its open alerts are resolved with a note, and their cooldown ends: a person
//! did it, so what comes next is news.

mod action;
mod advise;
mod batch;
mod bulk;
mod by_hand;
mod catch_up;
mod changed;
mod commit;
mod conclude;
mod curve;
mod engine;
mod error;
mod evaluations;
mod explain;
mod export;
mod flight;
mod handle;
mod held;
mod import;
mod list;
mod measure;
mod memory;
mod named;
pub mod noise;
mod preview;
mod preview_timed;
mod prometheus_rules;
mod reconcile;
mod recorder;
mod recording;
mod replay;
mod restore;
mod rule_book;
mod rule_file;
mod rule_health;
mod rule_index;
mod run;
mod snapshot;
mod steady;
mod steps;
mod timed;
mod timetable;
mod trial;
mod watched;
mod weigh;
mod wording;
mod yaml;

pub use action::Act;
pub use bulk::Acted;
pub use changed::{AlertChanged, OnChange};
pub use curve::{Curve, CurveError, CurveOf, CurveValues};
pub use error::{AlertError, RuleError};
pub use export::{ExportFormat, as_csv, export};
pub use handle::Alerts;
pub use held::OnHolding;
pub use import::{FileRules, Import, read_rules};
pub use recorder::Recorder;
pub use rule_book::RuleBook;
pub use rule_file::{NotWritten, RuleFileForm, WrittenForm};
pub use run::{Parts, start};
pub use snapshot::Witness;

#[cfg(test)]
mod tests;
