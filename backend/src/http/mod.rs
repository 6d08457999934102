//! Routes, policies, handlers, problems; never SQL, never a rule of a domain.

pub mod ui;
