//! The metrics of processors, the kernel, its clock and the collectors, sorted by name.

use super::metric;
use crate::metric::Category::System;
use crate::metric::Metric;
use crate::metric::MetricKind::{Counter, Gauge};
use crate::units::Unit;

#[rustfmt::skip]
pub(super) const SYSTEM: &[Metric] = &[
    metric(("node_boot_time_seconds", Unit::Seconds, Gauge), System, &[], "When the host started, in seconds since 1970."),
    metric(("node_cpu_seconds_total", Unit::Seconds, Counter), System, &["cpu", "mode"], "Seconds that a processor spent in one mode."),
    metric(("node_load1", Unit::None, Gauge), System, &[], "Load average of one minute."),
    metric(("node_load15", Unit::None, Gauge), System, &[], "Load average of fifteen minutes."),
    metric(("node_load5", Unit::None, Gauge), System, &[], "Load average of five minutes."),
];
