//! Connections that the kernel's firewall follows; never single ones.

use super::error::ReadError;
use super::found::{Collect, Found};
use super::kept::Kept;
use super::root::Root;

/// Columns of the counters with their metrics; each processor has a line.
const COUNTERS: [(&str, &str); 8] = [
    ("found", "node_nf_conntrack_stat_found"),
    ("invalid", "node_nf_conntrack_stat_invalid"),
    ("ignore", "node_nf_conntrack_stat_ignore"),
    ("insert", "node_nf_conntrack_stat_insert"),
    ("insert_failed", "node_nf_conntrack_stat_insert_failed"),
    ("drop", "node_nf_conntrack_stat_drop"),
    ("early_drop", "node_nf_conntrack_stat_early_drop"),
    ("search_restart", "node_nf_conntrack_stat_search_restart"),
];

/// The number of connections, its limit, and the counters.
pub(super) struct Tracked {
    entries: Kept,
    limit: Kept,
    counters: Kept,
}

impl Tracked {
    pub(super) fn new(root: &Root) -> Self {
        let file = |name: &str| Kept::new(root.path(name));
        Self {
            entries: file("proc/sys/net/netfilter/nf_conntrack_count"),
            limit: file("proc/sys/net/netfilter/nf_conntrack_max"),
            counters: file("proc/net/stat/nf_conntrack"),
        }
    }
}

impl Collect for Tracked {
    fn read(&mut self, _: Option<f64>, found: &mut Found) -> Result<(), ReadError> {
        for (file, metric) in [
            (&mut self.entries, "node_nf_conntrack_entries"),
            (&mut self.limit, "node_nf_conntrack_entries_limit"),
        ] {
            let count = file.text()?.trim().parse();
            found
                .details
                .count(metric, count.map_err(|_| file.damaged())?);
        }
        let text = self.counters.text()?;
        for (column, metric) in COUNTERS {
            if let Some(sum) = sum(text, column) {
                found.details.count(metric, sum);
            }
        }
        Ok(())
    }
}

/// The sum of a hexadecimal column over all processors; `None` when the kernel has no such column.
fn sum(text: &str, column: &str) -> Option<u64> {
    let mut lines = text.lines();
    let mut names = lines.next()?.split_ascii_whitespace();
    let place = names.position(|name| name == column)?;
    lines
        .map(|line| {
            let word = line.split_ascii_whitespace().nth(place)?;
            u64::from_str_radix(word, 16).ok()
        })
        .sum()
}

#[cfg(test)]
mod tests {
    use super::sum;

    #[test]
    fn processors_are_added_up() {
        let text = "entries  found drop\n0000000a  00000001 000000ff\n0000000a 00000002 00000001\n";
        for (column, expected) in [
            ("found", Some(3)),
            ("drop", Some(256)),
            ("icmp_error", None),
        ] {
            assert_eq!(sum(text, column), expected, "{column}");
        }
        assert_eq!(sum("found\nx\n", "found"), None);
        assert_eq!(sum("", "found"), None);
    }
}
