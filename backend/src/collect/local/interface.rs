//! State of network interfaces from `/sys/class/net`; never their traffic.

use super::error::ReadError;
use super::found::{Collect, Found};
use super::kept::{self, entries};
use super::root::Root;
use common::series::Labels;
use std::path::Path;

/// The interfaces.
pub(super) struct Interfaces(Root);

/// Files of an interface with the metric that each is, and the factor between them. The speed is in
/// millions of bits; it and the carrier cannot be read while an interface is down.
const FILES: &[(&str, &str, f64)] = &[
    ("carrier", "node_network_carrier", 1.0),
    ("carrier_changes", "node_network_carrier_changes_total", 1.0),
    ("mtu", "node_network_mtu_bytes", 1.0),
    ("speed", "node_network_speed_bytes", 1e6 / 8.0),
    ("tx_queue_len", "node_network_transmit_queue_length", 1.0),
];

impl Interfaces {
    pub(super) fn new(root: &Root) -> Self {
        Self(root.clone())
    }
}

impl Collect for Interfaces {
    fn read(&mut self, _: Option<f64>, found: &mut Found) -> Result<(), ReadError> {
        let folder = self.0.path("sys/class/net");
        for name in entries(&folder)? {
            one(&folder.join(&name), &name, found);
        }
        Ok(())
    }
}

/// One that is down and has no hardware is not in use, and is left out.
fn one(folder: &Path, name: &str, found: &mut Found) {
    let Some(state) = kept::once(&folder.join("operstate")) else {
        return;
    };
    if state == "down" && !folder.join("device").exists() {
        return;
    }
    let labels = Labels::one("device", name);
    let up = f64::from(u8::from(state == "up"));
    found.details.labelled("node_network_up", &labels, up);
    for (file, metric, factor) in FILES {
        // A speed of -1 is not known.
        let told: Option<f64> = kept::number(&folder.join(file)).filter(|it| *it >= 0.0);
        if let Some(told) = told {
            found.details.labelled(metric, &labels, told * factor);
        }
    }
}
