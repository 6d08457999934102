//! Who may send, and what each server sent last; never older samples.

use super::Ingested;
use common::api::servers::ProcessList;
use common::host::HostSample;
use common::ids::ServerId;
use common::time::UnixMs;
use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

/// What is older when it comes was kept back on its way.
const FRESH_MS: i64 = 60_000;

/// The newest sample of a server.
#[derive(Debug, Clone)]
pub struct Latest {
    /// When it was taken.
    pub at: UnixMs,
    /// Its readings; the processes are in it only when this turn read them.
    pub sample: Arc<HostSample>,
    /// The processes read last; `None` when they were never read.
    pub processes: Option<Arc<ProcessList>>,
    /// How many processes there were then.
    pub process_count: Option<u32>,
    /// The health score that goes with it; `None` when it is not known.
    pub health_score: Option<f64>,
}

impl Latest {
    /// The readings with the processes read last.
    pub fn whole(&self) -> Arc<HostSample> {
        match &self.processes {
            Some(list) if self.sample.processes.is_none() => Arc::new(HostSample {
                processes: Some(list.items.clone()),
                process_count: self.process_count,
                ..HostSample::clone(&self.sample)
            }),
            _ => Arc::clone(&self.sample),
        }
    }
}

/// What is known of a server that samples are taken of. Times are monotonic.
#[derive(Debug, Clone, Default)]
pub struct Seen {
    /// Since when its samples are wanted; `None` while they are not.
    pub wanted_since: Option<Duration>,
    /// When the last sample came; `None` when none came since the start.
    pub heard_at: Option<Duration>,
    /// Time of the last sample, of earlier runs too; `None` when it never reported.
    pub last_seen_at: Option<UnixMs>,
    /// The newest sample; `None` when none came since the start.
    pub latest: Option<Arc<Latest>>,
}

/// The servers by id.
#[derive(Debug, Default)]
pub(super) struct Board(RwLock<HashMap<ServerId, Seen>>);

impl Board {
    /// From now on samples are wanted; `last_seen_at` is what earlier runs knew.
    pub(super) fn want(&self, server: ServerId, now: Duration, last_seen_at: Option<UnixMs>) {
        self.with(|seen| {
            let seen = seen.entry(server).or_default();
            seen.wanted_since.get_or_insert(now);
            seen.last_seen_at = seen.last_seen_at.max(last_seen_at);
        });
    }

    /// From now on samples are refused; what is known stays.
    pub(super) fn refuse(&self, server: ServerId, last_seen_at: Option<UnixMs>) {
        self.with(|seen| {
            let seen = seen.entry(server).or_default();
            seen.wanted_since = None;
            seen.last_seen_at = seen.last_seen_at.max(last_seen_at);
        });
    }

    pub(super) fn wants(&self, server: ServerId) -> bool {
        self.look(server).wanted_since.is_some()
    }

    /// What is known of a server; nothing when it is not known itself.
    pub(super) fn look(&self, server: ServerId) -> Seen {
        let seen = self.0.read().unwrap_or_else(PoisonError::into_inner);
        seen.get(&server).cloned().unwrap_or_default()
    }

    /// Notes a sample that came at `now`, by the steady clock `heard_at`. One that is older than the
    /// newest says only that the server lives, unless that one lies ahead: the clock was set back.
    pub(super) fn note(
        &self,
        taken: &Ingested,
        heard_at: Duration,
        now: UnixMs,
        health_score: Option<f64>,
    ) {
        let is_fresh = now.since_ms(taken.at) <= FRESH_MS;
        let is_late = |last: UnixMs| last > taken.at && (last <= now || !is_fresh);
        self.with(|seen| {
            let Some(seen) = seen.get_mut(&taken.server) else {
                return;
            };
            seen.heard_at = Some(heard_at);
            if seen.last_seen_at.is_some_and(is_late) && seen.latest.is_some() {
                return;
            }
            seen.last_seen_at = Some(taken.at);
            let before = seen.latest.take();
            seen.latest = Some(Arc::new(latest(taken, before.as_deref(), health_score)));
        });
    }

    fn with<T>(&self, change: impl FnOnce(&mut HashMap<ServerId, Seen>) -> T) -> T {
        change(&mut self.0.write().unwrap_or_else(PoisonError::into_inner))
    }
}

fn latest(taken: &Ingested, before: Option<&Latest>, health_score: Option<f64>) -> Latest {
    let read_now = taken.sample.processes.as_ref().map(|items| {
        Arc::new(ProcessList {
            at: Some(taken.at),
            items: items.clone(),
        })
    });
    Latest {
        at: taken.at,
        sample: Arc::clone(&taken.sample),
        processes: read_now.or_else(|| before.and_then(|before| before.processes.clone())),
        process_count: taken
            .sample
            .process_count
            .or_else(|| before.and_then(|before| before.process_count)),
        health_score,
    }
}
