//! Numbers of open sockets from `/proc/net/sockstat`; never the sockets themselves.

use super::error::ReadError;
use super::found::{Collect, Found, Named};
use super::kept::Kept;
use super::root::Root;
use common::host::Sockets;

/// What the sample carries; the rest goes to series only.
const IN_SAMPLE: &[&str] = &[
    "TCP_inuse",
    "TCP6_inuse",
    "TCP_tw",
    "UDP_inuse",
    "UDP6_inuse",
];

/// The numbers with the names of their metrics.
pub(super) struct Numbers {
    four: Kept,
    six: Kept,
    named: Named,
}

impl Numbers {
    pub(super) fn new(root: &Root) -> Self {
        Self {
            four: Kept::new(root.path("proc/net/sockstat")),
            six: Kept::new(root.path("proc/net/sockstat6")),
            named: Named::of("node_sockstat_", "", IN_SAMPLE),
        }
    }
}

impl Collect for Numbers {
    /// Without IPv6 its numbers are 0.
    fn read(&mut self, _: Option<f64>, found: &mut Found) -> Result<(), ReadError> {
        found.sample.sockets = None;
        let mut told = Told::default();
        let mut tell = |name: &str, number: u64| {
            told.take(name, number);
            if let Some(metric) = self.named.metric(name) {
                found.details.count(metric, number);
            }
            // The kernel counts memory of sockets in pages.
            if let Some(protocol) = name.strip_suffix("_mem")
                && let Some(metric) = self.named.metric(&format!("{protocol}_mem_bytes"))
            {
                let bytes = number.saturating_mul(procfs::page_size());
                found.details.count(metric, bytes);
            }
        };
        parse(self.four.text()?, &mut tell);
        parse(self.six.text().unwrap_or_default(), &mut tell);
        let sockets = told.sockets().ok_or_else(|| self.four.damaged())?;
        found.sample.sockets = Some(sockets);
        Ok(())
    }
}

/// The numbers that the sample is made of.
#[derive(Debug, Default)]
struct Told {
    tcp: Option<u64>,
    tcp6: Option<u64>,
    time_wait: Option<u64>,
    udp: Option<u64>,
    udp6: Option<u64>,
}

impl Told {
    fn take(&mut self, name: &str, number: u64) {
        let place = match name {
            "TCP_inuse" => &mut self.tcp,
            "TCP6_inuse" => &mut self.tcp6,
            "TCP_tw" => &mut self.time_wait,
            "UDP_inuse" => &mut self.udp,
            "UDP6_inuse" => &mut self.udp6,
            _ => return,
        };
        *place = Some(number);
    }

    fn sockets(&self) -> Option<Sockets> {
        Some(Sockets {
            tcp_in_use: self.tcp?,
            tcp6_in_use: self.tcp6.unwrap_or(0),
            tcp_time_wait: self.time_wait?,
            udp_in_use: self.udp?,
            udp6_in_use: self.udp6.unwrap_or(0),
        })
    }
}

/// Hands on each number of each line under a name such as `TCP_inuse`.
fn parse(text: &str, tell: &mut impl FnMut(&str, u64)) {
    let mut name = String::new();
    for line in text.lines() {
        let Some((protocol, rest)) = line.split_once(':') else {
            continue;
        };
        let mut words = rest.split_ascii_whitespace();
        while let (Some(key), Some(number)) = (words.next(), words.next()) {
            name.clear();
            name.push_str(protocol);
            name.push('_');
            name.push_str(key);
            if let Ok(number) = number.parse() {
                tell(&name, number);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Told, parse};
    use common::host::Sockets;

    const FOUR: &str = "sockets: used 23\nTCP: inuse 4 orphan 0 tw 7 alloc 1 mem 442\n\
        UDP: inuse 2 mem 0\nUDPLITE: inuse 9\n";

    fn sockets(text: &str) -> Option<Sockets> {
        let mut told = Told::default();
        parse(text, &mut |name, number| told.take(name, number));
        told.sockets()
    }

    #[test]
    fn sockets_are_counted_by_protocol() {
        let expected = Sockets {
            tcp_in_use: 4,
            tcp6_in_use: 0,
            tcp_time_wait: 7,
            udp_in_use: 2,
            udp6_in_use: 0,
        };
        assert_eq!(sockets(FOUR), Some(expected));
        let six = Sockets {
            tcp6_in_use: 3,
            udp6_in_use: 1,
            ..expected
        };
        let both = format!("{FOUR}TCP6: inuse 3\nUDP6: inuse 1\n");
        assert_eq!(sockets(&both), Some(six));
        assert_eq!(sockets("sockets: used 23\n"), None);
    }
}
