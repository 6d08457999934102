//! Interfaces from `/proc/net/dev`; never single connections.

use super::error::ReadError;
use super::found::{Collect, Details, Found};
use super::kept::Kept;
use super::rate::per_second;
use super::root::Root;
use common::host::Network;
use common::series::Labels;
use std::collections::HashMap;

/// The interfaces with their previous counters.
pub(super) struct Networks {
    root: Root,
    dev: Kept,
    known: HashMap<String, Known>,
}

/// What is remembered of an interface.
struct Known {
    labels: Labels,
    has_hardware: bool,
    before: Option<Network>,
}

impl Networks {
    pub(super) fn new(root: &Root) -> Self {
        Self {
            root: root.clone(),
            dev: Kept::new(root.path("proc/net/dev")),
            known: HashMap::new(),
        }
    }
}

/// What is known of an interface; a new one is looked at.
fn known_of<'a>(known: &'a mut HashMap<String, Known>, root: &Root, name: &str) -> &'a mut Known {
    known
        .entry(name.to_owned())
        .or_insert_with(|| Known::of(root, name))
}

/// One interface, its details told; `None` when it has no hardware and never carried a packet.
fn one(
    told: &Line<'_>,
    known: &mut Known,
    elapsed: Option<f64>,
    details: &mut Details,
) -> Option<Network> {
    let mut network = network(told, known.before.as_ref(), elapsed);
    network.physical = known.has_hardware;
    if !network.physical && !carried(&network) {
        return None;
    }
    known.before = Some(network.clone());
    tell(told, &known.labels, details);
    Some(network)
}

impl Collect for Networks {
    fn read(&mut self, elapsed: Option<f64>, found: &mut Found) -> Result<(), ReadError> {
        found.sample.networks.clear();
        let told: Vec<Line> = self.dev.text()?.lines().filter_map(parse).collect();
        let mut networks: Vec<Network> = told
            .iter()
            .filter_map(|told| {
                let known = known_of(&mut self.known, &self.root, told.name);
                one(told, known, elapsed, &mut found.details)
            })
            .collect();
        networks.sort_by(|a, b| a.interface.cmp(&b.interface));
        count_all_without_hardware(&mut networks);
        self.known
            .retain(|name, _| told.iter().any(|line| line.name == name));
        found.sample.networks = networks;
        Ok(())
    }
}

impl Known {
    /// It has hardware when the kernel names a device behind it.
    fn of(root: &Root, name: &str) -> Self {
        Self {
            labels: Labels::one("device", name),
            has_hardware: root
                .path("sys/class/net")
                .join(name)
                .join("device")
                .exists(),
            before: None,
        }
    }
}

/// A line of the file: the counters of an interface, in the kernel's order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Line<'a> {
    name: &'a str,
    received: [u64; 8],
    sent: [u64; 8],
}

/// `None` for the two lines of the head and for a damaged one.
/// Kernels before 3.0 write no space between name and a long number.
fn parse(line: &str) -> Option<Line<'_>> {
    let (name, counters) = line.split_once(':')?;
    let mut counters = counters.split_ascii_whitespace();
    let mut next = || counters.next()?.parse().ok();
    let mut half = || {
        let mut half = [0; 8];
        for counter in &mut half {
            *counter = next()?;
        }
        Some(half)
    };
    Some(Line {
        name: name.trim(),
        received: half()?,
        sent: half()?,
    })
}

/// Counters that are only stored.
fn tell(told: &Line<'_>, labels: &Labels, details: &mut Details) {
    let [.., received_fifo, frame, received_compressed, multicast] = told.received;
    let [.., sent_fifo, collisions, carrier, sent_compressed] = told.sent;
    for (metric, count) in [
        ("node_network_receive_fifo_total", received_fifo),
        ("node_network_receive_frame_total", frame),
        ("node_network_receive_compressed_total", received_compressed),
        ("node_network_receive_multicast_total", multicast),
        ("node_network_transmit_fifo_total", sent_fifo),
        ("node_network_transmit_colls_total", collisions),
        ("node_network_transmit_carrier_total", carrier),
        ("node_network_transmit_compressed_total", sent_compressed),
    ] {
        details.labelled(metric, labels, common::units::bytes_f64(count));
    }
}

/// In a container no interface has hardware: then all but loopback count.
fn count_all_without_hardware(networks: &mut [Network]) {
    if !networks.iter().any(|network| network.physical) {
        for network in networks {
            network.physical = network.interface != "lo";
        }
    }
}

fn carried(network: &Network) -> bool {
    network.received_packets > 0 || network.sent_packets > 0
}

fn network(told: &Line<'_>, before: Option<&Network>, elapsed: Option<f64>) -> Network {
    let [
        received_bytes,
        received_packets,
        received_errors,
        received_drops,
        ..,
    ] = told.received;
    let [sent_bytes, sent_packets, sent_errors, sent_drops, ..] = told.sent;
    let rate = |before: Option<u64>, now: u64| per_second(before, now, elapsed);
    Network {
        interface: told.name.to_owned(),
        physical: false,
        received_bytes_per_second: rate(before.map(|b| b.received_bytes), received_bytes),
        sent_bytes_per_second: rate(before.map(|b| b.sent_bytes), sent_bytes),
        received_bytes,
        sent_bytes,
        received_packets,
        sent_packets,
        received_drops,
        sent_drops,
        received_errors,
        sent_errors,
    }
}

#[cfg(test)]
mod tests {
    use super::{count_all_without_hardware, network, parse};
    use common::host::Network;

    fn read(received: u64, sent: u64, before: Option<&Network>, elapsed: Option<f64>) -> Network {
        let line = format!("  eth0:{received} 20 1 2 0 0 0 0 {sent} 30 3 4 0 0 0 0");
        network(&parse(&line).unwrap(), before, elapsed)
    }

    #[test]
    fn what_is_no_interface_is_left_out() {
        for line in [
            "Inter-|   Receive                |  Transmit",
            " face |bytes    packets errs drop|bytes",
            "eth0: 1 2 3",
            "",
        ] {
            assert_eq!(parse(line), None, "{line}");
        }
    }

    #[test]
    fn counters_become_rates() {
        let first = read(1_000, 500, None, None);
        assert_eq!(
            (first.received_bytes, first.sent_packets, first.sent_drops),
            (1_000, 30, 4)
        );
        assert_eq!(first.received_bytes_per_second, None);
        let next = read(3_000, 100, Some(&first), Some(2.0));
        assert_eq!(next.received_bytes_per_second, Some(1_000.0));
        assert_eq!(next.sent_bytes_per_second, None);
    }

    #[test]
    fn without_hardware_all_but_loopback_count() {
        for (physical, expected) in [(false, [true, false]), (true, [true, true])] {
            let mut networks =
                [("eth0", physical), ("lo", physical)].map(|(name, physical)| Network {
                    interface: name.into(),
                    physical,
                    ..Network::default()
                });
            count_all_without_hardware(&mut networks);
            assert_eq!(networks.map(|network| network.physical), expected);
        }
    }
}
