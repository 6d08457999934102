//! Numbers of open sockets from `/proc/net/sockstat`; never the sockets themselves.

use super::text;
use common::host::Sockets;

/// Reads the numbers; `None` when the kernel does not give them. Without IPv6 its numbers are 0.
pub(super) fn read() -> Option<Sockets> {
    let (mut four, mut six) = (String::new(), String::new());
    let four = text::read("/proc/net/sockstat", &mut four)?;
    let six = text::read("/proc/net/sockstat6", &mut six).unwrap_or_default();
    parse(four, six)
}

fn parse(four: &str, six: &str) -> Option<Sockets> {
    Some(Sockets {
        tcp_in_use: number(four, "TCP", "inuse")?,
        tcp6_in_use: number(six, "TCP6", "inuse").unwrap_or(0),
        tcp_time_wait: number(four, "TCP", "tw")?,
        udp_in_use: number(four, "UDP", "inuse")?,
        udp6_in_use: number(six, "UDP6", "inuse").unwrap_or(0),
    })
}

/// The number after `key` in the line of `protocol`.
fn number(text: &str, protocol: &str, key: &str) -> Option<u64> {
    let line = text
        .lines()
        .find_map(|line| line.strip_prefix(protocol)?.strip_prefix(':'))?;
    let mut words = line
        .split_ascii_whitespace()
        .skip_while(|word| *word != key);
    words.nth(1)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::parse;
    use common::host::Sockets;

    const FOUR: &str = "sockets: used 23\nTCP: inuse 4 orphan 0 tw 7 alloc 1 mem 442\n\
        UDP: inuse 2 mem 0\nUDPLITE: inuse 9\n";

    #[test]
    fn sockets_are_counted_by_protocol() {
        let expected = Sockets {
            tcp_in_use: 4,
            tcp6_in_use: 0,
            tcp_time_wait: 7,
            udp_in_use: 2,
            udp6_in_use: 0,
        };
        assert_eq!(parse(FOUR, ""), Some(expected));
        let six = Sockets {
            tcp6_in_use: 3,
            udp6_in_use: 1,
            ..expected
        };
        assert_eq!(parse(FOUR, "TCP6: inuse 3\nUDP6: inuse 1\n"), Some(six));
        assert_eq!(parse("sockets: used 23\n", ""), None);
    }
}
