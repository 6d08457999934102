//! Network readings; never their limits.

use serde::{Deserialize, Serialize};

/// A network interface.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Network {
    /// Name, for example `eth0`.
    pub interface: String,
    /// It has hardware behind it and counts towards the traffic of the host.
    /// Where no interface has (in a container), all but loopback count.
    pub physical: bool,
    /// Bytes received each second; `None` without two readings.
    pub received_bytes_per_second: Option<f64>,
    /// Bytes sent each second; `None` without two readings.
    pub sent_bytes_per_second: Option<f64>,
    /// Bytes received since the host started.
    pub received_bytes: u64,
    /// Bytes sent since the host started.
    pub sent_bytes: u64,
    /// Packets received since the host started.
    pub received_packets: u64,
    /// Packets sent since the host started.
    pub sent_packets: u64,
    /// Received packets that were dropped since the host started.
    pub received_drops: u64,
    /// Packets to send that were dropped since the host started.
    pub sent_drops: u64,
    /// Faulty packets received since the host started.
    pub received_errors: u64,
    /// Packets that could not be sent since the host started.
    pub sent_errors: u64,
}

/// Sockets of the whole host.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Sockets {
    /// TCP sockets in use over IPv4, listening ones included.
    pub tcp_in_use: u64,
    /// TCP sockets in use over IPv6, listening ones included.
    pub tcp6_in_use: u64,
    /// TCP sockets that wait for late packets after closing.
    pub tcp_time_wait: u64,
    /// UDP sockets in use over IPv4.
    pub udp_in_use: u64,
    /// UDP sockets in use over IPv6.
    pub udp6_in_use: u64,
}
