//! Series of interfaces and sockets.

use super::Values;
use crate::host::{HostSample, Network};
use crate::series::Labels;
use crate::units::bytes_f64;

pub(super) fn flatten(sample: &HostSample, values: &mut Values) {
    for network in &sample.networks {
        interface(network, values);
    }
    if let Some(sockets) = &sample.sockets {
        for (metric, count) in [
            ("node_sockstat_TCP_inuse", sockets.tcp_in_use),
            ("node_sockstat_TCP6_inuse", sockets.tcp6_in_use),
            ("node_sockstat_TCP_tw", sockets.tcp_time_wait),
            ("node_sockstat_UDP_inuse", sockets.udp_in_use),
            ("node_sockstat_UDP6_inuse", sockets.udp6_in_use),
        ] {
            values.plain(metric, Some(bytes_f64(count)));
        }
    }
}

fn interface(network: &Network, values: &mut Values) {
    let labels = Labels::one("device", &network.interface);
    for (metric, count) in [
        ("node_network_receive_bytes_total", network.received_bytes),
        ("node_network_transmit_bytes_total", network.sent_bytes),
        (
            "node_network_receive_packets_total",
            network.received_packets,
        ),
        ("node_network_transmit_packets_total", network.sent_packets),
        ("node_network_receive_errs_total", network.received_errors),
        ("node_network_transmit_errs_total", network.sent_errors),
        ("node_network_receive_drop_total", network.received_drops),
        ("node_network_transmit_drop_total", network.sent_drops),
    ] {
        values.labelled(metric, &labels, Some(bytes_f64(count)));
    }
    if network.physical {
        for (metric, rate) in [
            (
                "host_network_receive_bytes_per_second",
                network.received_bytes_per_second,
            ),
            (
                "host_network_transmit_bytes_per_second",
                network.sent_bytes_per_second,
            ),
        ] {
            values.labelled(metric, &labels, rate);
        }
    }
}
