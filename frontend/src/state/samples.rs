//! The whole samples of the server that is looked at; never those of others.

use std::sync::Arc;

use common::host::HostSample;
use common::ids::ServerId;
use common::live::{ServerMessage, Topic};
use common::time::UnixMs;
use leptos::prelude::*;

use crate::live::use_live;

/// One whole sample.
#[derive(Debug, Clone, PartialEq)]
pub struct LiveSample {
    /// When it was taken.
    pub at: UnixMs,
    /// The readings.
    pub sample: Arc<HostSample>,
}

/// A sample older than three intervals and some patience is shown with its age.
const STALE_MS: i64 = 4_000;

impl LiveSample {
    /// Whether it is so old that the next one is missing.
    pub fn is_stale(&self, now: UnixMs) -> bool {
        now.since_ms(self.at) > STALE_MS
    }
}

/// The samples of a server as they come, for as long as the present component is there.
/// `None` before the first.
pub fn watch_samples(server: ServerId) -> ReadSignal<Option<LiveSample>> {
    let (newest, set_newest) = signal(None);
    use_live().watch(Topic::Server(server), move |message| {
        if let ServerMessage::Sample { at, sample, .. } = message {
            set_newest.set(Some(LiveSample {
                at: *at,
                sample: Arc::new((**sample).clone()),
            }));
        }
    });
    newest
}
