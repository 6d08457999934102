//! Prometheus's way to ask and to answer over HTTP; never what the answers are.

mod envelope;

pub(super) use envelope::error;

/// Where Prometheus's API begins: what follows is as Prometheus has it. All errors below are in its
/// shape.
pub(super) const BASE: &str = "/api/v1/prom/";
