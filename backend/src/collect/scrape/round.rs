//! One scrape after the other of one target: asks, reads, hands on, ends what is not said any more;
//! never when the next one is.

use std::sync::Arc;
use std::time::Duration;

use common::time::UnixMs;

use super::board::LastScrape;
use super::fetch::Connections;
use super::job::Job;
use super::memory::{Memory, Report};
use super::page::{self, Families, Page, Scraped};
use super::target::Target;
use super::{Deliver, Delivery};
use crate::clock::Clock;

/// A target and what is known of it.
pub(super) struct Round {
    /// Its job.
    pub(super) job: Arc<Job>,
    /// The target.
    pub(super) target: Target,
    /// How it is asked.
    pub(super) connections: Arc<Connections>,
    /// Where the time comes from.
    pub(super) clock: Clock,
    /// Takes what it says.
    pub(super) deliver: Arc<dyn Deliver>,
    /// What it said last.
    pub(super) memory: Memory,
}

impl Round {
    /// Scrapes the target once.
    pub(super) async fn scrape(&mut self) -> LastScrape {
        let (at, started) = (self.clock.now(), self.clock.monotonic());
        let read = self.page().await;
        let duration = self.clock.monotonic().saturating_sub(started);
        let taken = match read {
            Ok(page) => self.store(at, duration, page).await,
            Err(error) => Err((error, 0)),
        };
        let (samples, error) = match taken {
            Ok(samples) => (samples, None),
            Err((error, read)) => {
                self.fail(at, duration, read).await;
                (0, Some(error))
            }
        };
        LastScrape {
            at,
            duration,
            samples,
            error,
        }
    }

    /// The target has gone: all its series end.
    pub(super) async fn end(&mut self) {
        let ended = self.memory.ends_with_reports(&self.target);
        let at = self.clock.now();
        if let Err(error) = self.hand(at, ended, Families::new(), true).await {
            tracing::debug!(
                url = self.target.shown_url(),
                error,
                "series of a target did not end"
            );
        }
    }

    async fn page(&mut self) -> Result<Page, String> {
        let fetched = self.connections.fetch(&self.job, &self.target).await;
        let (format, body) = fetched.map_err(|error| error.to_string())?;
        let page = page::read(&self.job, &self.target, format, &body);
        let page = page.map_err(|fault| fault.to_string())?;
        let checked = self.memory.check_kinds(&page);
        checked.map_err(|fault| fault.to_string())?;
        Ok(page)
    }

    /// Hands a page on with what ends and what is said about the scrape; how many values were taken.
    /// When it is refused: why, and how many were read.
    async fn store(
        &mut self,
        at: UnixMs,
        duration: Duration,
        page: Page,
    ) -> Result<usize, (String, usize)> {
        let (read, kept) = (page.read, page.samples.len());
        let mut turn = self.memory.compare(&page);
        let report = Report {
            is_up: true,
            seconds: duration.as_secs_f64(),
            read,
            kept,
            added: turn.added,
        };
        let mut samples = page.samples;
        samples.append(&mut turn.ended);
        samples.extend(self.memory.report(&self.target, report));
        let stored = self.hand(at, samples, page.families, false).await;
        stored.map_err(|error| (error, read))?;
        self.memory.follow(turn);
        Ok(kept)
    }

    /// All that there was ends, and `up` is 0.
    async fn fail(&mut self, at: UnixMs, duration: Duration, read: usize) {
        let mut samples = self.memory.ends();
        let report = Report {
            is_up: false,
            seconds: duration.as_secs_f64(),
            read,
            kept: 0,
            added: 0,
        };
        samples.extend(self.memory.report(&self.target, report));
        match self.hand(at, samples, Families::new(), true).await {
            Ok(()) => self.memory.clear(),
            Err(error) => {
                let url = self.target.shown_url();
                tracing::debug!(url, error, "a failed scrape was not noted");
            }
        }
    }

    async fn hand(
        &self,
        at: UnixMs,
        samples: Vec<Scraped>,
        families: Families,
        is_about_scrape: bool,
    ) -> Result<(), String> {
        let delivery = Delivery {
            server: self.job.config.server.clone(),
            at,
            samples,
            families,
            is_about_scrape,
        };
        self.deliver.deliver(delivery).await
    }
}

#[cfg(test)]
mod tests;
