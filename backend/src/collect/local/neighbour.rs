//! Hosts on the same network that this one knows, by interface; never which ones.

use super::error::ReadError;
use super::found::{Collect, Found};
use super::kept::Kept;
use super::root::Root;
use common::series::Labels;
use std::collections::BTreeMap;

/// The table of addresses, `/proc/net/arp`.
pub(super) struct Neighbours(Kept);

impl Neighbours {
    pub(super) fn new(root: &Root) -> Self {
        Self(Kept::new(root.path("proc/net/arp")))
    }
}

impl Collect for Neighbours {
    fn read(&mut self, _: Option<f64>, found: &mut Found) -> Result<(), ReadError> {
        for (device, count) in by_device(self.0.text()?) {
            let labels = Labels::one("device", device);
            found
                .details
                .labelled("node_arp_entries", &labels, f64::from(count));
        }
        Ok(())
    }
}

/// Lines by their last word, without the head.
fn by_device(text: &str) -> BTreeMap<&str, u32> {
    let mut counts = BTreeMap::new();
    let devices = text
        .lines()
        .skip(1)
        .filter_map(|line| line.split_ascii_whitespace().nth(5));
    for device in devices {
        *counts.entry(device).or_default() += 1;
    }
    counts
}

#[cfg(test)]
mod tests {
    use super::by_device;

    #[test]
    fn entries_are_counted_by_device() {
        let text = "IP address HW type Flags HW address Mask Device\n\
            192.0.2.1 0x1 0x2 02:fc:00:00:00:05 * eth0\n\
            192.0.2.2 0x1 0x2 02:fc:00:00:00:06 * eth0\n\
            198.51.100.1 0x1 0x2 02:fc:00:00:00:07 * wg0\n";
        let counts: Vec<_> = by_device(text).into_iter().collect();
        assert_eq!(counts, [("eth0", 2), ("wg0", 1)]);
        assert!(by_device("").is_empty());
    }
}
