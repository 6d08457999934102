//! One receiver: what is next for it, step after step; never how a request goes.

use std::ops::Range;
use std::sync::Arc;
use std::time::Duration;

use common::api::remote_write::ReceiverState;
use tokio_util::sync::CancellationToken;

use super::Parts;
use super::connection::{Connection, Outcome};
use super::cursor::{Cursor, Numbers, Step};
use super::delivery::Delivery;
use super::described::Descriptions;
use super::error::ForwardError;
use super::message::Outgoing;
use super::missed;
use super::section::Sections;
use super::state::State;
use crate::clock::Clock;
use crate::config::remote_write::ReceiverConfig;
use crate::store::metrics::{Metrics, TailFrame};

/// Rows of frames that are read at once: most have less than a quarter of a MiB.
const PAGE: i64 = 16;
/// Time between two looks when there was nothing.
const LOOK_EVERY: Duration = Duration::from_millis(500);
/// Time until the store is asked again when it failed.
const STORE_WAIT: Duration = Duration::from_secs(5);
/// Labels are made anew after so many pages: a server may be called otherwise by then.
const PAGES_A_NAME: u32 = 100;
const HOUR_MS: i64 = 3_600_000;

/// What sends to one receiver.
#[derive(Debug)]
pub(super) struct Worker {
    name: String,
    metrics: Metrics,
    clock: Clock,
    connection: Connection,
    sections: Sections,
    descriptions: Descriptions,
    state: Arc<State>,
    max_age_ms: i64,
    samples_at_once: usize,
    pages: u32,
}

impl Worker {
    pub(super) fn new(
        parts: &Parts,
        config: &ReceiverConfig,
        connection: Connection,
        state: Arc<State>,
    ) -> Self {
        Self {
            name: config.name.clone(),
            metrics: parts.metrics.clone(),
            clock: parts.clock.clone(),
            connection,
            sections: Sections::new(config, parts.names.clone()),
            descriptions: Descriptions::new(parts.metadata.clone()),
            state,
            max_age_ms: i64::from(config.max_age_hours) * HOUR_MS,
            samples_at_once: usize::try_from(config.max_samples_per_send).unwrap_or(1),
            pages: 0,
        }
    }

    /// Sends until the tasks are told to stop; what was on its way then is sent again.
    pub(super) async fn run(mut self, token: CancellationToken) {
        let mut cursor = None;
        let mut failing = false;
        while let Some(turn) = token.run_until_cancelled(self.turn(&mut cursor)).await {
            let wait = match turn {
                Ok(true) => {
                    failing = false;
                    continue;
                }
                Ok(false) => LOOK_EVERY,
                Err(error) => {
                    if !std::mem::replace(&mut failing, true) {
                        tracing::error!(receiver = self.name, %error, "samples are not sent on; it is tried again");
                    }
                    STORE_WAIT
                }
            };
            if token
                .run_until_cancelled(tokio::time::sleep(wait))
                .await
                .is_none()
            {
                break;
            }
        }
    }

    /// Whether there was something to do.
    async fn turn(&mut self, cursor: &mut Option<Cursor>) -> Result<bool, ForwardError> {
        let cursor = match cursor {
            Some(cursor) => cursor,
            None => cursor.insert(self.begin().await?),
        };
        let frames = if cursor.missed.is_some() {
            Vec::new()
        } else {
            self.metrics.frames_after(cursor.frame, PAGE).await?
        };
        let numbers = Numbers {
            first_unpacked: self.metrics.first_unpacked(),
            last: self.metrics.last_frame(),
        };
        match cursor.step(frames, numbers, self.clock.now().0) {
            Step::Nothing => {
                self.state.waits(ReceiverState::Sending, None);
                self.describe().await;
                Ok(false)
            }
            Step::Frames(frames) => {
                self.send_frames(&frames).await;
                cursor.took(&frames);
                self.note(cursor).await?;
                self.describe().await;
                Ok(true)
            }
            Step::Missed(span) => {
                let is_again = cursor.may_have(span.end - 1);
                let until = self.send_missed(span, is_again).await?;
                cursor.caught_up(until);
                self.note(cursor).await?;
                Ok(true)
            }
        }
    }

    /// From where it stopped; a new receiver gets what comes from now on.
    async fn begin(&self) -> Result<Cursor, ForwardError> {
        let known = self.metrics.forwarded(self.name.clone()).await?;
        if let Some(row) = known {
            return Ok(row.into());
        }
        let cursor = Cursor::new(self.metrics.last_frame(), self.clock.now().0);
        self.note(&cursor).await?;
        Ok(cursor)
    }

    async fn note(&self, cursor: &Cursor) -> Result<(), ForwardError> {
        Ok(self.metrics.note_forwarded(cursor.row(&self.name)).await?)
    }

    async fn send_frames(&mut self, frames: &[TailFrame]) {
        self.pages += 1;
        if self.pages.is_multiple_of(PAGES_A_NAME) {
            self.sections.forget();
        }
        let oldest = frames.iter().map(|frame| frame.at.0).min();
        self.state.waits(ReceiverState::Sending, oldest);
        let mut samples = Vec::new();
        for frame in frames {
            for (series, value) in &frame.values {
                let key = || self.metrics.series_of(*series);
                if let Some(labels) = self.sections.numbered(*series, key) {
                    samples.push(Outgoing {
                        labels,
                        at: frame.at.0,
                        value: *value,
                    });
                }
            }
        }
        self.deliver(&samples, false).await;
    }

    /// Sends the first part of what was missed; up to when that was.
    async fn send_missed(&mut self, span: Range<i64>, is_again: bool) -> Result<i64, ForwardError> {
        self.sections.forget();
        let oldest = self.clock.now().0 - self.max_age_ms;
        if span.start < oldest {
            let until = oldest.min(span.end);
            if is_again {
                return Ok(until);
            }
            let lost = missed::count(&self.metrics, &self.sections, span.start..until).await?;
            let words = "samples waited longer than `max_age_hours` and were given up";
            self.state.dropped(lost, words, self.clock.now());
            tracing::warn!(receiver = self.name, samples = lost, "{words}");
            return Ok(until);
        }
        self.state
            .waits(ReceiverState::CatchingUp, Some(span.start));
        let slice = missed::slice(&self.metrics, &self.sections, &span).await?;
        self.deliver(&slice.samples, is_again).await;
        Ok(slice.until)
    }

    /// Tells what the metrics are that went, when that is due. One that does not take it is told again
    /// when it is due again: no sample waits for that.
    async fn describe(&mut self) {
        let now = self.clock.monotonic();
        for message in self.descriptions.due(self.sections.sent(), now) {
            let Ok(packed) = snap::raw::Encoder::new().compress_vec(&message) else {
                return;
            };
            match self.connection.send(packed).await {
                Outcome::Taken => {}
                Outcome::Bad(words) | Outcome::Refused(words) | Outcome::Later(words, _) => {
                    let receiver = &self.name;
                    tracing::debug!(receiver, words, "a receiver took no metadata");
                    return;
                }
            }
        }
    }

    async fn deliver(&self, samples: &[Outgoing], is_again: bool) {
        let delivery = Delivery {
            connection: &self.connection,
            state: &self.state,
            clock: &self.clock,
            max_age_ms: self.max_age_ms,
            is_again,
        };
        for request in samples.chunks(self.samples_at_once) {
            delivery.send(request).await;
        }
    }
}
