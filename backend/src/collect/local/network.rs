//! Interfaces from `/proc/net/dev`; never single connections.

use super::rate::per_second;
use common::host::Network;
use procfs::net::DeviceStatus;
use std::collections::HashMap;
use std::path::Path;

/// The interfaces with their previous counters.
#[derive(Default)]
pub(super) struct Networks {
    hardware: HashMap<String, bool>,
    before: HashMap<String, Network>,
}

impl Networks {
    /// Reads all interfaces that have hardware or ever carried a packet;
    /// `elapsed` are the seconds since the last turn.
    pub(super) fn read(&mut self, elapsed: Option<f64>) -> Vec<Network> {
        let mut networks: Vec<Network> = procfs::net::dev_status()
            .unwrap_or_default()
            .values()
            .map(|told| {
                let mut network = network(told, self.before.get(&told.name), elapsed);
                network.physical = self.has_hardware(&told.name);
                network
            })
            .filter(|network| network.physical || carried(network))
            .collect();
        networks.sort_by(|a, b| a.interface.cmp(&b.interface));
        count_all_without_hardware(&mut networks);
        self.hardware
            .retain(|name, _| networks.iter().any(|n| n.interface == *name));
        self.before = networks
            .iter()
            .map(|n| (n.interface.clone(), n.clone()))
            .collect();
        networks
    }

    /// The kernel names a device behind it.
    fn has_hardware(&mut self, name: &str) -> bool {
        *self.hardware.entry(name.to_owned()).or_insert_with(|| {
            Path::new("/sys/class/net")
                .join(name)
                .join("device")
                .exists()
        })
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

fn network(told: &DeviceStatus, before: Option<&Network>, elapsed: Option<f64>) -> Network {
    Network {
        interface: told.name.clone(),
        physical: false,
        received_bytes_per_second: per_second(
            before.map(|b| b.received_bytes),
            told.recv_bytes,
            elapsed,
        ),
        sent_bytes_per_second: per_second(before.map(|b| b.sent_bytes), told.sent_bytes, elapsed),
        received_bytes: told.recv_bytes,
        sent_bytes: told.sent_bytes,
        received_packets: told.recv_packets,
        sent_packets: told.sent_packets,
        received_drops: told.recv_drop,
        sent_drops: told.sent_drop,
        received_errors: told.recv_errs,
        sent_errors: told.sent_errs,
    }
}

#[cfg(test)]
mod tests {
    use super::{count_all_without_hardware, network};
    use common::host::Network;
    use procfs::FromRead;
    use procfs::net::InterfaceDeviceStatus;

    fn dev(received: u64, sent: u64) -> InterfaceDeviceStatus {
        let text = format!(
            "Inter-|   Receive | Transmit\n face |bytes packets | bytes\n\
             eth0: {received} 20 1 2 0 0 0 0 {sent} 30 3 4 0 0 0 0\n"
        );
        InterfaceDeviceStatus::from_read(text.as_bytes()).unwrap()
    }

    #[test]
    fn counters_become_rates() {
        let first = network(&dev(1_000, 500).0["eth0"], None, None);
        assert_eq!(
            (first.received_bytes, first.sent_packets, first.sent_drops),
            (1_000, 30, 4)
        );
        assert_eq!(first.received_bytes_per_second, None);
        let next = network(&dev(3_000, 100).0["eth0"], Some(&first), Some(2.0));
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
