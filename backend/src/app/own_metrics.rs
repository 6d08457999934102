//! Watchpost's own metrics, put together from what each part says of itself; never measured here.

use common::api::jobs::JobOutcome;
use common::api::root::HealthStatus;

use super::App;
use super::own_process::OwnProcess;
use crate::auth::Scraper;
use crate::exposition::Kind::{Counter, Gauge};
use crate::exposition::{Chosen, Page, Wanted};
use crate::jobs::JobError;
use crate::query::QueryError;
use crate::store::StoreError;

/// Why there is no page of metrics.
#[derive(Debug, thiserror::Error)]
pub enum PageError {
    /// The last values cannot be read.
    #[error(transparent)]
    Query(#[from] QueryError),
    /// The databases do not say how they are.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The jobs cannot be read.
    #[error(transparent)]
    Jobs(#[from] JobError),
}

impl App {
    /// Watchpost's own metrics and the last values of all servers, those that are wanted.
    pub async fn metrics_page(&self, may: &Scraper, wanted: &Wanted) -> Result<Page, PageError> {
        let mut page = Page::new();
        let mut own = Chosen::new(&mut page, wanted);
        self.show_process(&mut own);
        self.traffic.show(&mut own);
        self.show_store(&mut own).await?;
        self.show_samples(may, &mut own);
        self.show_queries(&mut own);
        self.show_jobs(may, &mut own).await?;
        self.show_alerts(&mut own);
        self.fleet
            .add_last_values(may, &self.query, wanted, &mut page)
            .await?;
        Ok(page)
    }

    #[rustfmt::skip]
    fn show_process(&self, page: &mut Chosen<'_>) {
        let own = OwnProcess::read();
        page.describe("watchpost_build_info", Gauge, "Always 1; its label tells the version.");
        page.add("watchpost_build_info", &[("version", env!("CARGO_PKG_VERSION"))], 1.0);
        page.single("process_cpu_seconds_total", Counter, "Processor time that this process used.", own.cpu_seconds);
        page.single("process_resident_memory_bytes", Gauge, "Resident memory of this process.", own.resident_bytes);
        page.single("process_virtual_memory_bytes", Gauge, "Address space of this process.", own.virtual_bytes);
        page.single("process_start_time_seconds", Gauge, "When this process started, in seconds since 1970.", own.started_seconds);
        page.single("process_open_fds", Gauge, "Open files and sockets of this process.", own.open_files);
        page.single("process_max_fds", Gauge, "How many files and sockets this process may have open.", own.most_files);
        page.single("process_threads", Gauge, "Threads of this process.", own.threads);
        page.single("watchpost_live_clients", Gauge, "Open live connections.", count(self.live.clients()));
    }

    #[rustfmt::skip]
    async fn show_store(&self, page: &mut Chosen<'_>) -> Result<(), StoreError> {
        page.describe("watchpost_database_bytes", Gauge, "Size of a database, without its log.");
        page.describe("watchpost_database_log_bytes", Gauge, "Size of the log beside a database.");
        page.describe("watchpost_database_free_bytes", Gauge, "Space in a database that holds nothing.");
        page.describe("watchpost_database_waiting_changes", Gauge, "Changes that wait for a database or are being made.");
        for figures in self.store.figures().await? {
            let labels = [("database", figures.database)];
            page.add("watchpost_database_bytes", &labels, number(figures.bytes));
            page.add("watchpost_database_log_bytes", &labels, number(figures.log_bytes));
            page.add("watchpost_database_free_bytes", &labels, number(figures.free_bytes));
            page.add("watchpost_database_waiting_changes", &labels, count(figures.waiting).unwrap_or_default());
        }
        let metrics = self.store.metrics();
        page.single("watchpost_stored_series", Gauge, "Series that have samples, or had some.", count(metrics.series_total()));
        page.single("watchpost_unreadable_rows_total", Counter, "Stored rows that could not be read and were skipped.", Some(number(metrics.corrupt_rows())));
        Ok(())
    }

    #[rustfmt::skip]
    fn show_samples(&self, may: &Scraper, page: &mut Chosen<'_>) {
        let lost = self.ingest.losses().so_far();
        page.describe("watchpost_lost_samples_total", Counter, "Samples that were not kept, or not seen by the rules, by why.");
        for (reason, samples) in [
            ("queue_full", lost.samples),
            ("not_stored", lost.unstored),
            ("not_evaluated", lost.unevaluated),
        ] {
            page.add("watchpost_lost_samples_total", &[("reason", reason)], number(samples));
        }
        page.single("watchpost_samples_waiting_for_rules", Gauge, "Samples and pushes that the rules have not seen yet.", count(self.ingest.waiting_for_rules()));
        page.single("watchpost_servers", Gauge, "Servers that are watched and seen.", count(self.fleet.count(may.scope())));
    }

    #[rustfmt::skip]
    fn show_queries(&self, page: &mut Chosen<'_>) {
        let activity = self.query.activity();
        page.single("watchpost_running_queries", Gauge, "Questions about stored metrics that are being answered.", Some(number(activity.running)));
        page.describe("watchpost_given_up_queries_total", Counter, "Questions about stored metrics without an answer, by why.");
        for (reason, queries) in [("client_gone", activity.abandoned), ("timed_out", activity.timed_out)] {
            page.add("watchpost_given_up_queries_total", &[("reason", reason)], number(queries));
        }
        let checks = self.health().checks;
        page.describe("watchpost_healthy", Gauge, "1 while a part works without a loss, else 0.");
        for (part, status) in checks.iter().flat_map(|it| [
            ("database", it.database),
            ("ingest", it.ingest),
            ("rules", it.rules),
            ("notifications", it.notifications),
        ]) {
            page.add("watchpost_healthy", &[("part", part)], truth(status == HealthStatus::Ok));
        }
    }

    #[rustfmt::skip]
    async fn show_jobs(&self, may: &Scraper, page: &mut Chosen<'_>) -> Result<(), JobError> {
        page.describe("watchpost_job_last_start_timestamp_seconds", Gauge, "When a job last started, in seconds since 1970.");
        page.describe("watchpost_job_last_duration_seconds", Gauge, "How long the last run of a job took.");
        page.describe("watchpost_job_healthy", Gauge, "0 when the last run of a job failed or was cut off, else 1.");
        for (kind, run) in self.jobs.last_runs(may).await? {
            let labels = [("name", kind.name())];
            page.add("watchpost_job_last_start_timestamp_seconds", &labels, seconds(run.started_at.0));
            if let Some(duration) = run.duration_seconds {
                page.add("watchpost_job_last_duration_seconds", &labels, duration);
            }
            let is_bad = matches!(run.outcome, JobOutcome::Failed | JobOutcome::Interrupted);
            page.add("watchpost_job_healthy", &labels, truth(!is_bad));
        }
        Ok(())
    }

    #[rustfmt::skip]
    fn show_alerts(&self, page: &mut Chosen<'_>) {
        let engine = self.alerts.status();
        page.single("watchpost_firing_alerts", Gauge, "Alerts that fire, acknowledged ones included.", Some(engine.firing.into()));
        page.single("watchpost_pending_alerts", Gauge, "Alerts whose condition does not hold for long enough yet.", Some(engine.pending.into()));
        page.single("watchpost_enabled_rules", Gauge, "Enabled alert rules.", Some(engine.active_rules.into()));
    }
}

fn truth(is: bool) -> f64 {
    f64::from(u8::from(is))
}

fn count(number_of: usize) -> Option<f64> {
    u64::try_from(number_of).ok().map(number)
}

#[expect(
    clippy::cast_precision_loss,
    reason = "whole numbers up to 2^53 stay exact"
)]
fn number(count: u64) -> f64 {
    count as f64
}

#[expect(
    clippy::cast_precision_loss,
    reason = "milliseconds of this millennium are below 2^53"
)]
fn seconds(ms: i64) -> f64 {
    ms as f64 / 1000.0
}
