//! One request after another until each is taken, refused or too old; never which samples are next.

use std::time::Duration;

use common::time::UnixMs;

use super::connection::{Connection, Outcome};
use super::message::{Outgoing, message};
use super::state::State;
use crate::clock::Clock;

const FIRST_WAIT: Duration = Duration::from_millis(500);
const LONGEST_WAIT: Duration = Duration::from_secs(30);
/// Requests that one that was bad is taken apart into, to find what is bad in it.
const MOST_PARTS: usize = 64;

/// What sending to one receiver needs.
#[derive(Debug)]
pub(super) struct Delivery<'a> {
    pub(super) connection: &'a Connection,
    pub(super) state: &'a State,
    pub(super) clock: &'a Clock,
    pub(super) max_age_ms: i64,
    /// The receiver may have the samples already: nothing is lost where it refuses them.
    pub(super) is_again: bool,
}

impl Delivery<'_> {
    /// Sends samples; done when they are taken, refused, or given up. One bad sample takes no others
    /// with it: a request that is bad is taken apart.
    pub(super) async fn send(&self, samples: &[Outgoing]) {
        let mut open = vec![samples];
        let mut parts = 0;
        while let Some(samples) = open.pop() {
            if samples.is_empty() {
                continue;
            }
            match self.until_answered(samples).await {
                Answered::Taken => self.state.took(samples.len(), self.clock.now()),
                Answered::Bad(_) if samples.len() > 1 && parts < MOST_PARTS => {
                    parts += 2;
                    let (first, rest) = samples.split_at(samples.len() / 2);
                    open.extend([rest, first]);
                }
                Answered::Bad(words) | Answered::Refused(words) if self.is_again => {
                    tracing::debug!(words, "a receiver refused what it may have already");
                }
                Answered::Bad(words) | Answered::Refused(words) => {
                    self.state.refused(samples.len(), &words, self.clock.now());
                    tracing::warn!(samples = samples.len(), words, "a receiver refused samples");
                }
                Answered::TooOld => {
                    let words = "samples waited longer than `max_age_hours` and were given up";
                    let now = self.clock.now();
                    self.state.dropped(samples.len() as u64, words, now);
                }
            }
        }
    }

    async fn until_answered(&self, samples: &[Outgoing]) -> Answered {
        let message = message(samples);
        let mut wait = FIRST_WAIT;
        loop {
            let Ok(packed) = snap::raw::Encoder::new().compress_vec(&message) else {
                return Answered::Refused("the request is too large to be packed".to_owned());
            };
            let (words, after) = match self.connection.send(packed).await {
                Outcome::Taken => return Answered::Taken,
                Outcome::Bad(words) => return Answered::Bad(words),
                Outcome::Refused(words) => return Answered::Refused(words),
                Outcome::Later(words, after) => (words, after),
            };
            self.state.failed(&words, self.clock.now());
            tokio::time::sleep(after.unwrap_or(wait).max(wait)).await;
            wait = (wait * 2).min(LONGEST_WAIT);
            if self.are_too_old(samples) {
                return Answered::TooOld;
            }
        }
    }

    fn are_too_old(&self, samples: &[Outgoing]) -> bool {
        let now = self.clock.now();
        let is_old = |sample: &Outgoing| now.since_ms(UnixMs(sample.at)) > self.max_age_ms;
        samples.iter().all(is_old)
    }
}

enum Answered {
    Taken,
    Bad(String),
    Refused(String),
    TooOld,
}
