//! One server at a glance: now, the last minutes, and how it stands to the thresholds; never an alert.

mod now;
mod thresholds;

use std::num::NonZeroU32;

use common::api::infrastructure::{
    InfrastructureReport, Platform, ProcessNow, Spread, SystemNow, ThresholdCheck, WindowSummary,
};
use common::api::metrics::Aggregation;
use common::api::status::RealtimeStatus;
use common::health::HealthBand;
use common::host::{HostFacts, HostSample};
use common::ids::ServerId;
use common::series::Labels;
use common::series::matcher::{Filter, Matchers};

use super::{Fleet, FleetError, ReadingsError, status};
use crate::auth::{Allowed, Scope, may};
use crate::query::{Engine, QueryError, Request, Resolution, Selector, aggregate};

/// Which server is meant: one by its id, or, without one, the machine that Watchpost runs on.
pub type Which = Option<ServerId>;

/// A server as it is now.
struct Glance {
    /// Its readings; all absent when it does not report.
    sample: HostSample,
    host: HostFacts,
    line: RealtimeStatus,
    band: HealthBand,
}

impl Fleet {
    /// How a server fares now.
    pub fn system(
        &self,
        may: &Allowed<may::MetricsRead>,
        server: Which,
    ) -> Result<SystemNow, FleetError> {
        Ok(now::system(&self.glance(may.scope(), server)?.sample))
    }

    /// The process that takes its samples.
    pub fn own_process(
        &self,
        may: &Allowed<may::MetricsRead>,
        server: Which,
    ) -> Result<ProcessNow, FleetError> {
        Ok(now::process(&self.glance(may.scope(), server)?.sample))
    }

    /// What it is.
    pub fn platform(
        &self,
        may: &Allowed<may::MetricsRead>,
        server: Which,
    ) -> Result<Platform, FleetError> {
        Ok(now::platform(self.glance(may.scope(), server)?.host))
    }

    /// How it stands to the thresholds.
    pub fn threshold_check(
        &self,
        may: &Allowed<may::MetricsRead>,
        server: Which,
    ) -> Result<ThresholdCheck, FleetError> {
        Ok(threshold_check(&self.glance(may.scope(), server)?))
    }

    /// All of it at once.
    pub fn report(
        &self,
        may: &Allowed<may::MetricsRead>,
        server: Which,
    ) -> Result<InfrastructureReport, FleetError> {
        let glance = self.glance(may.scope(), server)?;
        Ok(InfrastructureReport {
            system: now::system(&glance.sample),
            process: now::process(&glance.sample),
            threshold_check: threshold_check(&glance),
            health_score: glance.line.health_score,
            platform: now::platform(glance.host),
        })
    }

    /// The last minutes of a server.
    pub async fn summary(
        &self,
        may: &Allowed<may::MetricsRead>,
        engine: &Engine,
        server: Which,
        minutes: NonZeroU32,
    ) -> Result<WindowSummary, ReadingsError> {
        let server = server.unwrap_or_else(|| self.local());
        if !self.knows(may.scope(), server) {
            return Err(ReadingsError::NoServer);
        }
        let to_ms = self.now().0;
        let spread = async |metric: &str, labels: Labels| {
            let request = Request {
                selector: Selector {
                    servers: Some(vec![server]),
                    metric: Some(metric.into()),
                    filter: Filter::new(&Matchers::from(labels).0).map_err(QueryError::from)?,
                    from_ms: to_ms - i64::from(minutes.get()) * 60_000,
                    to_ms,
                },
                resolution: Resolution::Samples,
            };
            let answers = engine.run(request).await?;
            let points = answers.iter().flat_map(|answer| &answer.points);
            let values: Vec<f64> = points.filter_map(|(_, value)| *value).collect();
            Ok::<_, ReadingsError>(spread(&values))
        };
        Ok(WindowSummary {
            time_window_minutes: minutes.get(),
            cpu: spread("host_cpu_usage_percent", Labels::none()).await?,
            memory: spread("host_memory_usage_percent", Labels::none()).await?,
            disk: spread(
                "host_filesystem_usage_percent",
                Labels::one("mountpoint", "/"),
            )
            .await?,
        })
    }

    fn glance(&self, scope: &Scope, server: Which) -> Result<Glance, FleetError> {
        let id = server.unwrap_or_else(|| self.local());
        self.with(scope, id, |known| {
            let line = self.line(known);
            let seen = self.0.ingest.seen(id);
            let sample = status::current(&seen, line.status).map(|latest| &*latest.sample);
            Glance {
                sample: sample.cloned().unwrap_or_default(),
                host: known.host.clone().unwrap_or_default(),
                band: self.terms(&line).band,
                line,
            }
        })
        .ok_or(FleetError::NotFound)
    }
}

fn threshold_check(glance: &Glance) -> ThresholdCheck {
    let RealtimeStatus {
        cpu_percent,
        memory_percent,
        disk_percent,
        ..
    } = glance.line;
    thresholds::check([cpu_percent, memory_percent, disk_percent], glance.band)
}

fn spread(values: &[f64]) -> Spread {
    Spread {
        avg: aggregate(values, Aggregation::Avg),
        min: aggregate(values, Aggregation::Min),
        max: aggregate(values, Aggregation::Max),
    }
}
