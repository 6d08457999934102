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
    ("addr_assign_type", "node_network_address_assign_type", 1.0),
    ("carrier", "node_network_carrier", 1.0),
    ("carrier_changes", "node_network_carrier_changes_total", 1.0),
    (
        "carrier_down_count",
        "node_network_carrier_down_changes_total",
        1.0,
    ),
    (
        "carrier_up_count",
        "node_network_carrier_up_changes_total",
        1.0,
    ),
    ("dev_id", "node_network_device_id", 1.0),
    ("dormant", "node_network_dormant", 1.0),
    ("flags", "node_network_flags", 1.0),
    ("ifindex", "node_network_iface_id", 1.0),
    ("iflink", "node_network_iface_link", 1.0),
    ("link_mode", "node_network_iface_link_mode", 1.0),
    ("mtu", "node_network_mtu_bytes", 1.0),
    ("name_assign_type", "node_network_name_assign_type", 1.0),
    ("netdev_group", "node_network_net_dev_group", 1.0),
    ("speed", "node_network_speed_bytes", 1e6 / 8.0),
    (
        "statistics/rx_nohandler",
        "node_network_receive_nohandler_total",
        1.0,
    ),
    ("type", "node_network_protocol_type", 1.0),
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
        let told = kept::once(&folder.join(file)).and_then(|told| number(&told));
        if let Some(told) = told.filter(|it| *it >= 0.0) {
            found.details.labelled(metric, &labels, told * factor);
        }
    }
    let labels = identity(folder, name, &state);
    found.details.labelled("node_network_info", &labels, 1.0);
}

/// What an interface is; what it does not tell is empty.
fn identity(folder: &Path, name: &str, state: &str) -> Labels {
    let told = |file: &str| kept::once(&folder.join(file)).unwrap_or_default();
    Labels::of(&[
        ("address", &told("address")),
        ("broadcast", &told("broadcast")),
        ("device", name),
        ("duplex", &told("duplex")),
        ("ifalias", &told("ifalias")),
        ("operstate", state),
    ])
}

/// Some are written with base 16.
fn number(told: &str) -> Option<f64> {
    match told.strip_prefix("0x") {
        Some(digits) => u32::from_str_radix(digits, 16).ok().map(f64::from),
        None => told.parse().ok(),
    }
}

#[cfg(test)]
mod tests {
    use super::number;

    #[test]
    fn numbers_have_two_bases() {
        for (told, expected) in [
            ("0x1003", Some(4_099.0)),
            ("10", Some(10.0)),
            ("-1", Some(-1.0)),
            ("", None),
        ] {
            assert_eq!(number(told), expected, "{told}");
        }
    }
}
