//! PromQL, the language of Prometheus, over the one query engine; never a clock, never I/O.
//!
//! A question is evaluated column by column: what an expression is worth at all steps of the question
//! stands in one column per series, so that labels are matched and grouped once and not at each step.

mod aggregate;
mod binary;
mod column;
mod error;
mod eval;
mod functions;
mod known;
mod labels;
mod names;
mod number;
mod over_time;
mod parse;
mod question;
mod select;
mod slabs;
mod steps;

pub use error::{ErrorKind, EvaluateError};
pub use known::Known;
pub use labels::LabelSet;
pub use names::{Choice, Names};
pub use parse::{Expression, ParseError};
pub(super) use question::evaluate;
pub use question::{At, Evaluation, MAX_STEPS, Question, Sample, Series, Value};

#[cfg(test)]
mod tests;
