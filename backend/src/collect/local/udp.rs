//! Bytes that wait in the queues of UDP sockets, all together; never single sockets.

use super::error::ReadError;
use super::found::{Collect, Found};
use super::kept::Kept;
use super::root::Root;
use common::series::Labels;
use common::units::bytes_f64;

/// The tables of sockets with the labels of their two queues, sent and received.
pub(super) struct Queues([(Kept, [Labels; 2]); 2]);

impl Queues {
    pub(super) fn new(root: &Root) -> Self {
        let table = |file: &str, ip: &str| {
            let labels = ["tx", "rx"].map(|queue| Labels::of(&[("ip", ip), ("queue", queue)]));
            (Kept::new(root.path(file)), labels)
        };
        Self([table("proc/net/udp", "v4"), table("proc/net/udp6", "v6")])
    }
}

impl Collect for Queues {
    /// Without IPv6 its queues are absent.
    fn read(&mut self, _: Option<f64>, found: &mut Found) -> Result<(), ReadError> {
        let mut is_there = false;
        for (file, labels) in &mut self.0 {
            let text = match file.text() {
                Err(ReadError::Absent) => continue,
                told => told?,
            };
            is_there = true;
            for (labels, bytes) in labels.iter().zip(waiting(text)) {
                found
                    .details
                    .labelled("node_udp_queues", labels, bytes_f64(bytes));
            }
        }
        is_there.then_some(()).ok_or(ReadError::Absent)
    }
}

/// Bytes to be sent and bytes received, in the fifth column of each line.
fn waiting(text: &str) -> [u64; 2] {
    let mut sums = [0; 2];
    for line in text.lines().skip(1) {
        let queues = line.split_ascii_whitespace().nth(4);
        let Some((sent, received)) = queues.and_then(|both| both.split_once(':')) else {
            continue;
        };
        for (sum, word) in sums.iter_mut().zip([sent, received]) {
            *sum += u64::from_str_radix(word, 16).unwrap_or(0);
        }
    }
    sums
}

#[cfg(test)]
mod tests {
    use super::waiting;

    #[test]
    fn queues_are_added_up() {
        let text = "  sl  local_address rem_address   st tx_queue rx_queue tr\n\
            1: 00000000:0044 00000000:0000 07 00000001:00000010 00:00000000\n\
            2: 00000000:0045 00000000:0000 07 00000002:00000001 00:00000000\n";
        assert_eq!(waiting(text), [3, 17]);
        assert_eq!(waiting(""), [0, 0]);
    }
}
