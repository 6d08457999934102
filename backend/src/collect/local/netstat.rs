//! Counters of protocols from `/proc/net/snmp`, `snmp6` and `netstat`; never single connections.

use super::error::ReadError;
use super::found::{Collect, Details, Found, Named};
use super::kept::Kept;
use super::root::Root;

/// The counters with the names of their metrics.
pub(super) struct Protocols {
    four: [Kept; 2],
    six: Kept,
    named: Named,
    named_six: Named,
}

impl Protocols {
    pub(super) fn new(root: &Root) -> Self {
        let file = |name: &str| Kept::new(root.path("proc/net").join(name));
        let named = || Named::of("node_netstat_", "", &[]);
        Self {
            four: [file("snmp"), file("netstat")],
            six: file("snmp6"),
            named: named(),
            // The kernel writes protocol and counter in one word.
            named_six: named().renamed(|name| name.replacen('_', "", 1)),
        }
    }
}

impl Collect for Protocols {
    /// Without IPv6 its counters are absent.
    fn read(&mut self, _: Option<f64>, found: &mut Found) -> Result<(), ReadError> {
        for file in &mut self.four {
            pairs(file.text()?, |name, number| {
                tell(&self.named, name, number, &mut found.details);
            });
        }
        match self.six.text() {
            Ok(text) => {
                for (name, number) in text.lines().filter_map(line) {
                    tell(&self.named_six, name, number, &mut found.details);
                }
                Ok(())
            }
            Err(ReadError::Absent) => Ok(()),
            Err(error) => Err(error),
        }
    }
}

fn tell(named: &Named, name: &str, number: f64, details: &mut Details) {
    if let Some(metric) = named.metric(name) {
        details.plain(metric, number);
    }
}

/// Reads a line of names and the line of numbers below it, again and again;
/// each number goes to `tell` under a name such as `Tcp_InSegs`.
fn pairs(text: &str, mut tell: impl FnMut(&str, f64)) {
    let mut name = String::new();
    let mut lines = text.lines();
    while let (Some(names), Some(numbers)) = (lines.next(), lines.next()) {
        let Some((protocol, names)) = names.split_once(':') else {
            continue;
        };
        let numbers = numbers.split_ascii_whitespace().skip(1);
        for (counter, number) in names.split_ascii_whitespace().zip(numbers) {
            name.clear();
            name.push_str(protocol);
            name.push('_');
            name.push_str(counter);
            // Some are -1 where there is no limit.
            if let Ok(number) = number.parse() {
                tell(&name, number);
            }
        }
    }
}

fn line(line: &str) -> Option<(&str, f64)> {
    let mut words = line.split_ascii_whitespace();
    Some((words.next()?, words.next()?.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::{line, pairs};

    #[test]
    fn numbers_stand_below_their_names() {
        let text = "Ip: Forwarding DefaultTTL\nIp: 2 64\n\
            Tcp: MaxConn InSegs\nTcp: -1 81\nOdd: alone\n";
        let mut told = Vec::new();
        pairs(text, |name, number| told.push((name.to_owned(), number)));
        let expected = [
            ("Ip_Forwarding", 2.0),
            ("Ip_DefaultTTL", 64.0),
            ("Tcp_MaxConn", -1.0),
            ("Tcp_InSegs", 81.0),
        ];
        assert_eq!(
            told,
            expected.map(|(name, number)| (name.to_owned(), number))
        );
    }

    #[test]
    fn counters_of_ipv6_have_a_line_each() {
        let text = "Ip6InOctets                     \t1234";
        assert_eq!(line(text), Some(("Ip6InOctets", 1234.0)));
        assert_eq!(line("Ip6InOctets"), None);
    }
}
