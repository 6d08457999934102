//! Workload T as remote writes over one connection, the same requests for everybody; never a store.

use anyhow::Result;
use common::time::UnixMs;

use super::http::Http;
use super::store::peers::REMOTE_WRITE;
use super::store::remote_write::Bodies;
use super::store::workload::{SERIES, Size, Workload};

/// Where Watchpost takes remote writes.
pub(super) const OURS: &str = "/api/v1/prom/api/v1/write";
/// Where its peers take them.
pub(super) const THEIRS: &str = "/api/v1/write";

/// What is sent.
#[derive(Clone, Copy)]
pub(super) struct Load {
    pub(super) size: Size,
    /// Hosts whose samples are one request.
    pub(super) hosts_at_once: usize,
    /// The time of the first samples.
    pub(super) start: UnixMs,
}

impl Load {
    /// Samples in a request.
    pub(super) fn samples_at_once(self) -> usize {
        self.hosts_at_once * SERIES
    }

    /// The time of the last samples.
    pub(super) fn end(self) -> Result<UnixMs> {
        let last = i64::try_from(self.size.seconds.saturating_sub(1))?;
        Ok(self.start.plus_ms(last * 1_000))
    }

    /// Sends all of it.
    pub(super) fn send(self, http: &mut Http, target: &str) -> Result<()> {
        let bodies = Bodies::new(self.size.hosts);
        let mut workload = Workload::new(self.size.hosts);
        for second in 0..self.size.seconds {
            let at = self.start.plus_ms(i64::try_from(second)? * 1_000);
            let hosts = 0..self.size.hosts;
            let values: Vec<_> = hosts.map(|host| *workload.next(host)).collect();
            for (chunk, hosts) in values.chunks(self.hosts_at_once).enumerate() {
                let body = bodies.second(chunk * self.hosts_at_once, hosts, at.0)?;
                http.post(target, REMOTE_WRITE, &body)?;
            }
        }
        Ok(())
    }
}
