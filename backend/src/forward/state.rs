//! What one receiver did since the start, for people; never how far it has come in the database.

use std::sync::{Mutex, PoisonError};

use common::api::remote_write::{Receiver, ReceiverState};
use common::time::UnixMs;

use crate::config::remote_write::ReceiverConfig;

/// What of a receiver's words is told, in characters.
const WORDS: usize = 500;

/// What one receiver did since the start.
#[derive(Debug)]
pub(super) struct State(Mutex<Inner>);

#[derive(Debug)]
struct Inner {
    told: Receiver,
    /// The time of the oldest sample that it did not take; `None` when it has all.
    waiting_since: Option<i64>,
}

impl State {
    pub(super) fn new(config: &ReceiverConfig) -> Self {
        let mut url = config.url.0.clone();
        url.set_query(None);
        Self(Mutex::new(Inner {
            told: Receiver {
                name: config.name.clone(),
                url: url.into(),
                state: ReceiverState::Sending,
                lag_seconds: 0.0,
                sent_samples: 0,
                refused_samples: 0,
                dropped_samples: 0,
                failed_requests: 0,
                last_success_at: None,
                last_error_at: None,
                last_error: None,
            },
            waiting_since: None,
        }))
    }

    /// All of it, as it is now.
    #[expect(
        clippy::cast_precision_loss,
        reason = "milliseconds of years stay far below 2^53"
    )]
    pub(super) fn at(&self, now: UnixMs) -> Receiver {
        self.with(|inner| {
            let since = inner.waiting_since;
            let lag = since.map_or(0, |since| now.0.saturating_sub(since).max(0));
            Receiver {
                lag_seconds: lag as f64 / 1_000.0,
                ..inner.told.clone()
            }
        })
    }

    /// What it does, and since when samples wait.
    pub(super) fn waits(&self, state: ReceiverState, since: Option<i64>) {
        self.with(|inner| {
            inner.told.state = state;
            inner.waiting_since = since;
        });
    }

    /// It took samples.
    pub(super) fn took(&self, samples: usize, now: UnixMs) {
        self.with(|inner| {
            inner.told.sent_samples += samples as u64;
            inner.told.last_success_at = Some(now);
            if inner.told.state == ReceiverState::Retrying {
                inner.told.state = ReceiverState::Sending;
            }
        });
    }

    /// It refused samples for good.
    pub(super) fn refused(&self, samples: usize, words: &str, now: UnixMs) {
        self.with(|inner| {
            inner.told.refused_samples += samples as u64;
            inner.fault(words, now);
        });
    }

    /// A request failed and is sent again.
    pub(super) fn failed(&self, words: &str, now: UnixMs) {
        self.with(|inner| {
            inner.told.failed_requests += 1;
            inner.told.state = ReceiverState::Retrying;
            inner.fault(words, now);
        });
    }

    /// Samples waited too long.
    pub(super) fn dropped(&self, samples: u64, words: &str, now: UnixMs) {
        self.with(|inner| {
            inner.told.dropped_samples += samples;
            inner.fault(words, now);
        });
    }

    fn with<T>(&self, change: impl FnOnce(&mut Inner) -> T) -> T {
        change(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Inner {
    fn fault(&mut self, words: &str, now: UnixMs) {
        self.told.last_error = Some(words.chars().take(WORDS).collect());
        self.told.last_error_at = Some(now);
    }
}
