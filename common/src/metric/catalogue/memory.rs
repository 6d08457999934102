//! The metrics of memory, swap and the cache of ZFS, sorted by name.

use super::metric;
use crate::metric::Category::System;
use crate::metric::Metric;
use crate::metric::MetricKind::Gauge;
use crate::units::Unit;

#[rustfmt::skip]
pub(super) const MEMORY: &[Metric] = &[
    metric(("node_memory_Buffers_bytes", Unit::Bytes, Gauge), System, &[], "Buffers of block devices."),
    metric(("node_memory_Cached_bytes", Unit::Bytes, Gauge), System, &[], "Page cache."),
    metric(("node_memory_MemAvailable_bytes", Unit::Bytes, Gauge), System, &[], "Memory that programs can get without swapping."),
    metric(("node_memory_MemFree_bytes", Unit::Bytes, Gauge), System, &[], "Memory not used for anything."),
    metric(("node_memory_MemTotal_bytes", Unit::Bytes, Gauge), System, &[], "Memory that the kernel manages."),
    metric(("node_memory_SwapFree_bytes", Unit::Bytes, Gauge), System, &[], "Swap space not in use."),
    metric(("node_memory_SwapTotal_bytes", Unit::Bytes, Gauge), System, &[], "All swap space."),
];
