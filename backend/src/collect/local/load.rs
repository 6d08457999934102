//! Load averages and uptime; never what made the load.

use super::error::ReadError;
use super::found::{Collect, Found};
use super::kept::Kept;
use super::root::Root;
use common::host::Load;

/// The load averages, and the time since the start.
pub(super) struct Averages {
    loadavg: Kept,
    uptime: Kept,
}

impl Averages {
    pub(super) fn new(root: &Root) -> Self {
        Self {
            loadavg: Kept::new(root.path("proc/loadavg")),
            uptime: Kept::new(root.path("proc/uptime")),
        }
    }
}

impl Collect for Averages {
    fn read(&mut self, _: Option<f64>, found: &mut Found) -> Result<(), ReadError> {
        (found.sample.load, found.sample.uptime_seconds) = (None, None);
        found.sample.uptime_seconds = first(self.uptime.text()?);
        let load = parse(self.loadavg.text()?);
        found.sample.load = Some(load.ok_or_else(|| self.loadavg.damaged())?);
        Ok(())
    }
}

fn first(text: &str) -> Option<f64> {
    text.split_ascii_whitespace().next()?.parse().ok()
}

fn parse(text: &str) -> Option<Load> {
    let mut words = text.split_ascii_whitespace().map(|word| word.parse().ok());
    let mut next = || words.next().flatten();
    Some(Load {
        one: next()?,
        five: next()?,
        fifteen: next()?,
    })
}

#[cfg(test)]
mod tests {
    use super::{first, parse};
    use common::host::Load;

    #[test]
    fn three_averages_are_read() {
        let load = Load {
            one: 0.52,
            five: 1.0,
            fifteen: 12.25,
        };
        assert_eq!(parse("0.52 1.00 12.25 3/812 4242\n"), Some(load));
        assert_eq!(first("12606.51 25000.00\n"), Some(12_606.51));
        for damaged in ["", "0.1 0.2", "a b c"] {
            assert_eq!(parse(damaged), None, "{damaged:?}");
        }
    }
}
