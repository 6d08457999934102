//! How the parts are, put together from what each says of itself; never measured here.

use std::time::Duration;

use common::api::alerts::EngineState;
use common::api::root::{Health, HealthChecks, HealthStatus, QueryCounts};

use super::App;

/// This host's samples come at least this often, or three intervals when that is longer.
const SILENCE: Duration = Duration::from_secs(15);

impl App {
    /// How the parts are, with all details.
    pub fn health(&self) -> Health {
        let checks = HealthChecks {
            database: self.database_health(),
            ingest: self.ingest_health(),
            rules: degraded(self.alerts.status().status == EngineState::Failing),
            notifications: degraded(self.outbox.is_failing()),
        };
        let activity = self.query.activity();
        Health {
            status: checks.worst(),
            version: Some(env!("CARGO_PKG_VERSION").to_owned()),
            uptime_seconds: Some(self.clock.monotonic().as_secs()),
            checks: Some(checks),
            queries: Some(QueryCounts {
                running: activity.running,
                abandoned: activity.abandoned,
                timed_out: activity.timed_out,
            }),
        }
    }

    /// Failing when nothing can be written, degraded when something stored could not be read.
    fn database_health(&self) -> HealthStatus {
        let is_damaged = self.store.metrics().corrupt_rows() > 0;
        failing(self.store.is_read_only()).max(degraded(is_damaged))
    }

    /// Failing when samples are not stored, degraded when those of this host do not come.
    fn ingest_health(&self) -> HealthStatus {
        if self.ingest.losses().is_failing() {
            return HealthStatus::Failing;
        }
        let seen = self.ingest.seen(self.fleet.local());
        let Some(since) = seen.heard_at.max(seen.wanted_since) else {
            return HealthStatus::Ok;
        };
        let silent = self.clock.monotonic().saturating_sub(since);
        let interval = Duration::from_secs(self.config.collect.interval_seconds.into());
        degraded(seen.wanted_since.is_some() && silent > SILENCE.max(interval * 3))
    }
}

fn failing(is: bool) -> HealthStatus {
    if is {
        HealthStatus::Failing
    } else {
        HealthStatus::Ok
    }
}

fn degraded(is: bool) -> HealthStatus {
    if is {
        HealthStatus::Degraded
    } else {
        HealthStatus::Ok
    }
}
