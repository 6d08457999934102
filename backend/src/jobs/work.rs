//! What each job does, in calls to the store; never when.

use common::api::jobs::{JobKind, JobOutcome};
use common::time::UnixMs;

use crate::store::metrics::{DAY_MS, Plan, Retention};
use crate::store::{Actor, Store, StoreError, Thoroughness};

/// Free pages that stay in the file; more come as fast from its end.
const SPARE_PAGES: u32 = 2;

/// What the jobs work on.
#[derive(Debug, Clone)]
pub struct Work {
    /// The databases.
    pub store: Store,
    /// How long what is kept.
    pub retention: Retention,
    /// Days for which past alerts are.
    pub alert_days: u32,
    /// Days for which deliveries that are over are.
    pub delivery_days: u32,
}

/// How a run ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Done {
    pub(super) outcome: JobOutcome,
    /// In a sentence.
    pub(super) result: String,
}

impl Done {
    fn well(result: String) -> Self {
        let outcome = JobOutcome::Done;
        Self { outcome, result }
    }

    pub(super) fn failed(result: String) -> Self {
        let outcome = JobOutcome::Failed;
        Self { outcome, result }
    }
}

impl Work {
    /// Does a job once, as at `now`.
    pub(super) async fn run(
        &self,
        kind: JobKind,
        now: UnixMs,
        confirmed: bool,
    ) -> Result<Done, StoreError> {
        match kind {
            JobKind::Sealing => self.seal(now).await,
            JobKind::Rollup => self.roll_up(now).await,
            JobKind::Retention => self.clean_up(now, confirmed).await,
            JobKind::Vacuum => self.vacuum().await,
            JobKind::Integrity => self.check().await,
        }
    }

    async fn seal(&self, now: UnixMs) -> Result<Done, StoreError> {
        let metrics = self.store.metrics();
        let hours = metrics.seal_hours(now).await?;
        if hours > 0 {
            metrics.drop_layouts().await?;
        }
        Ok(Done::well(match hours {
            0 => "No hour was to be sealed.".to_owned(),
            1 => "Sealed one hour of a server.".to_owned(),
            hours => format!("Sealed {hours} hours of servers."),
        }))
    }

    async fn roll_up(&self, now: UnixMs) -> Result<Done, StoreError> {
        let days = self.store.metrics().roll_up_days(now).await?;
        Ok(Done::well(match days {
            0 => "No day was to be merged.".to_owned(),
            1 => "Merged one day of a server.".to_owned(),
            days => format!("Merged {days} days of servers."),
        }))
    }

    async fn clean_up(&self, now: UnixMs, confirmed: bool) -> Result<Done, StoreError> {
        let metrics = self.store.metrics();
        match metrics.plan_cleanup(now, self.retention, confirmed).await? {
            Plan::Go {
                samples_before,
                aggregates_before,
            } => {
                let cleaned = metrics.clean_up(samples_before, aggregates_before).await?;
                let alerts = self.clean_alerts(now).await?;
                Ok(Done::well(format!("Removed {cleaned}{alerts}.")))
            }
            Plan::Held { days } => {
                let result = format!(
                    "Would remove {days} days of samples at once. Look at the server's clock and at \
                     metrics.retention_days; then confirm it, or run `watchpost db cleanup --confirm` \
                     while the server is stopped."
                );
                tracing::error!(days, "the clean-up waits for a person: {result}");
                Ok(Done {
                    outcome: JobOutcome::Waiting,
                    result,
                })
            }
        }
    }

    /// Removes alerts and deliveries that ended long ago; what that was, to go on a sentence with.
    async fn clean_alerts(&self, now: UnixMs) -> Result<String, StoreError> {
        let before = now.plus_ms(-i64::from(self.alert_days) * DAY_MS);
        let jobs = Actor::System("jobs");
        let documents = self.store.remove_past_noise(jobs, now).await?;
        tracing::debug!(
            documents,
            "silences and windows that ended a month ago were removed"
        );
        let removed = self
            .store
            .remove_past_alerts(Actor::System("jobs"), before)
            .await?;
        let before = now.plus_ms(-i64::from(self.delivery_days) * DAY_MS);
        let deliveries = self
            .store
            .remove_past_deliveries(Actor::System("jobs"), before)
            .await?;
        let alerts = match removed.alerts {
            0 => String::new(),
            1 => "; one past alert".to_owned(),
            count => format!("; {count} past alerts"),
        };
        Ok(match deliveries {
            0 => alerts,
            1 => format!("{alerts}; one past delivery"),
            count => format!("{alerts}; {count} past deliveries"),
        })
    }

    async fn vacuum(&self) -> Result<Done, StoreError> {
        let bytes = self.store.give_back_space(SPARE_PAGES).await?;
        Ok(Done::well(format!(
            "Gave back {}.",
            common::units::binary_size(bytes)
        )))
    }

    async fn check(&self) -> Result<Done, StoreError> {
        let report = self.store.verify(Thoroughness::Quick).await?;
        let result = report.to_string();
        Ok(if report.is_whole() {
            Done::well(result)
        } else {
            Done::failed(result)
        })
    }
}
