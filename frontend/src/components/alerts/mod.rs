//! The pieces of the pages around alerts, one a file; never the evaluation of a rule.

pub mod acts;
pub mod words;
