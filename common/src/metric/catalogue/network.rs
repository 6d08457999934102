//! The metrics of interfaces, sockets and protocols, sorted by name.

use super::metric;
use crate::metric::Category::Network;
use crate::metric::Metric;
use crate::metric::MetricKind::{Counter, Gauge};
use crate::units::Unit;

#[rustfmt::skip]
pub(super) const NETWORK: &[Metric] = &[
    metric(("node_network_receive_bytes_total", Unit::Bytes, Counter), Network, &["device"], "Bytes received by the interface."),
    metric(("node_network_receive_drop_total", Unit::None, Counter), Network, &["device"], "Received packets that were dropped."),
    metric(("node_network_receive_errs_total", Unit::None, Counter), Network, &["device"], "Faulty packets received."),
    metric(("node_network_receive_packets_total", Unit::None, Counter), Network, &["device"], "Packets received."),
    metric(("node_network_transmit_bytes_total", Unit::Bytes, Counter), Network, &["device"], "Bytes sent by the interface."),
    metric(("node_network_transmit_drop_total", Unit::None, Counter), Network, &["device"], "Packets to send that were dropped."),
    metric(("node_network_transmit_errs_total", Unit::None, Counter), Network, &["device"], "Packets that could not be sent."),
    metric(("node_network_transmit_packets_total", Unit::None, Counter), Network, &["device"], "Packets sent."),
    metric(("node_sockstat_TCP6_inuse", Unit::None, Gauge), Network, &[], "TCP sockets in use over IPv6."),
    metric(("node_sockstat_TCP_inuse", Unit::None, Gauge), Network, &[], "TCP sockets in use over IPv4."),
    metric(("node_sockstat_TCP_tw", Unit::None, Gauge), Network, &[], "TCP sockets that wait for late packets after closing."),
    metric(("node_sockstat_UDP6_inuse", Unit::None, Gauge), Network, &[], "UDP sockets in use over IPv6."),
    metric(("node_sockstat_UDP_inuse", Unit::None, Gauge), Network, &[], "UDP sockets in use over IPv4."),
];
