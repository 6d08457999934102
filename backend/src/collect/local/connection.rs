//! States of TCP connections and the ports that programs listen on; never who talks to whom.

use super::error::ReadError;
use super::found::{Collect, Found};
use super::root::Root;
use crate::config::port::{Port, Protocol};
use common::series::Labels;
use common::units::bytes_f64;
use std::collections::BTreeSet;
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};

/// The states by the number that the kernel gives them, less one.
const STATES: [&str; 11] = [
    "established",
    "syn_sent",
    "syn_recv",
    "fin_wait1",
    "fin_wait2",
    "time_wait",
    "close",
    "close_wait",
    "last_ack",
    "listen",
    "closing",
];
/// Number of the state `listen`.
const LISTEN: usize = 10;

/// Room for many lines: the whole table is wanted.
const MANY_LINES: usize = 1 << 15;
/// Room for a line: the kernel looks for no more sockets than it has room for. Those that listen come
/// first; behind them is a table that takes milliseconds to walk through, up to the first connection.
const ONE_LINE: usize = 160;

/// How many connections there are in each state.
pub(super) struct States {
    files: [PathBuf; 2],
    labels: [Labels; 11],
}

impl States {
    pub(super) fn new(root: &Root) -> Self {
        Self {
            files: ["proc/net/tcp", "proc/net/tcp6"].map(|file| root.path(file)),
            labels: STATES.map(|state| Labels::one("state", state)),
        }
    }
}

impl Collect for States {
    /// Without IPv6 only those over IPv4.
    fn read(&mut self, _: Option<f64>, found: &mut Found) -> Result<(), ReadError> {
        let mut counts = [0; 11];
        let mut count = |socket: &Socket| {
            if let Some(count) = socket
                .state
                .checked_sub(1)
                .and_then(|at| counts.get_mut(at))
            {
                *count += 1;
            }
            true
        };
        let [four, six] = &self.files;
        sockets(four, MANY_LINES, &mut count)?;
        unless_absent(sockets(six, MANY_LINES, &mut count))?;
        for (labels, count) in self.labels.iter().zip(counts) {
            let metric = "node_tcp_connection_states";
            found.details.labelled(metric, labels, bytes_f64(count));
        }
        Ok(())
    }
}

/// The monitored ports.
pub(super) struct Ports {
    root: Root,
    wanted: Vec<(Port, Labels)>,
}

impl Ports {
    pub(super) fn new(root: &Root, ports: &BTreeSet<Port>) -> Self {
        let labels = |port: &Port| {
            let number = port.number.to_string();
            Labels::of(&[("port", &number), ("protocol", port.protocol.as_str())])
        };
        Self {
            root: root.clone(),
            wanted: ports.iter().map(|port| (*port, labels(port))).collect(),
        }
    }

    /// The ports of a protocol on which somebody listens.
    fn open(&self, protocol: Protocol) -> Result<BTreeSet<u16>, ReadError> {
        let mut open = BTreeSet::new();
        if !self
            .wanted
            .iter()
            .any(|(port, _)| port.protocol == protocol)
        {
            return Ok(open);
        }
        let mut note = |socket: &Socket| {
            let is_open = protocol == Protocol::Udp || socket.state == LISTEN;
            if is_open {
                open.insert(socket.local_port);
            }
            // The kernel lists those that listen first.
            is_open
        };
        let files = match protocol {
            Protocol::Tcp => ["proc/net/tcp", "proc/net/tcp6"],
            Protocol::Udp => ["proc/net/udp", "proc/net/udp6"],
        };
        let [four, six] = files.map(|file| self.root.path(file));
        sockets(&four, ONE_LINE, &mut note)?;
        unless_absent(sockets(&six, ONE_LINE, &mut note))?;
        Ok(open)
    }
}

impl Collect for Ports {
    fn read(&mut self, _: Option<f64>, found: &mut Found) -> Result<(), ReadError> {
        if self.wanted.is_empty() {
            return Err(ReadError::Absent);
        }
        let (tcp, udp) = (self.open(Protocol::Tcp)?, self.open(Protocol::Udp)?);
        for (port, labels) in &self.wanted {
            let open = match port.protocol {
                Protocol::Tcp => &tcp,
                Protocol::Udp => &udp,
            };
            let is_open = f64::from(u8::from(open.contains(&port.number)));
            found.details.labelled("host_port_open", labels, is_open);
        }
        Ok(())
    }
}

fn unless_absent(result: Result<(), ReadError>) -> Result<(), ReadError> {
    match result {
        Err(ReadError::Absent) => Ok(()),
        other => other,
    }
}

/// A line of a table of sockets.
#[derive(Debug, PartialEq, Eq)]
struct Socket {
    local_port: u16,
    state: usize,
}

/// Hands the sockets of a table on until `take` has enough. Tables can be long, so they are read by line.
fn sockets(
    path: &Path,
    room: usize,
    take: &mut impl FnMut(&Socket) -> bool,
) -> Result<(), ReadError> {
    let unreadable = |source| ReadError::of(path, source);
    let mut file = BufReader::with_capacity(room, File::open(path).map_err(unreadable)?);
    let mut line = Vec::new();
    loop {
        line.clear();
        if file.read_until(b'\n', &mut line).map_err(unreadable)? == 0 {
            return Ok(());
        }
        let text = std::str::from_utf8(&line).unwrap_or_default();
        if let Some(socket) = parse(text)
            && !take(&socket)
        {
            return Ok(());
        }
    }
}

/// `None` for the head and for a damaged line.
fn parse(line: &str) -> Option<Socket> {
    let mut words = line.split_ascii_whitespace();
    let (_, local_port) = words.nth(1)?.rsplit_once(':')?;
    let state = words.nth(1)?;
    Some(Socket {
        local_port: u16::from_str_radix(local_port, 16).ok()?,
        state: usize::from_str_radix(state, 16).ok()?,
    })
}

#[cfg(test)]
mod tests {
    use super::{Socket, parse};

    #[test]
    fn port_and_state_are_hexadecimal() {
        for (line, expected) in [
            (
                "   0: 00000000:0016 00000000:0000 0A 00000000:00000000 00:00000000 00000000 0",
                Some((22, 10)),
            ),
            (
                "  12: 00000000000000000000000000000000:01BB 00000000000000000000000000000000:0000 0A 0:0",
                Some((443, 10)),
            ),
            (
                "   1: 0100007F:C846 0100007F:9013 06 00000000:00000000 03:000007FA 00000000",
                Some((51_270, 6)),
            ),
            ("  sl  local_address rem_address   st tx_queue", None),
            ("", None),
        ] {
            let expected = expected.map(|(local_port, state)| Socket { local_port, state });
            assert_eq!(parse(line), expected, "{line}");
        }
    }
}
