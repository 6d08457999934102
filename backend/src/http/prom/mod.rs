//! Prometheus's way to ask and to answer over HTTP; never what the answers are.

mod answer;
mod asked;
mod envelope;
mod fault;
mod params;

pub(super) use answer::{Notes, PromAnswer, Stats, json, labels, list, object, value};
pub(super) use asked::{Asked, expression, matches};
pub(super) use envelope::{PromError, error};
pub(super) use fault::Fault;
pub(super) use params::{duration_ms, limit, time_ms, time_or};

/// Where Prometheus's API begins: what follows is as Prometheus has it. All errors below are in its
/// shape.
pub(super) const BASE: &str = "/api/v1/prom/";
