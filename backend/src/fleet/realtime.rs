//! How the servers fare right now; never history.

use super::known::Known;
use super::{Fleet, FleetError, status};
use crate::auth::{Allowed, Scope, may};
use common::api::servers::ServerStatus;
use common::api::status::{HealthTerms, RealtimeStatus, StatusDetail};
use common::health::{self, Health};
use common::host::HostSample;
use common::ids::ServerId;

impl Fleet {
    /// All servers that are seen as they fare now, by name.
    pub fn realtime(&self, scope: &Scope) -> Vec<RealtimeStatus> {
        self.all(scope, |known| Some(self.line(known)))
    }

    /// At most `limit` servers as they fare now, by name, those after the name `after`.
    pub fn lines(
        &self,
        may: &Allowed<may::ServersRead>,
        after: Option<&str>,
        limit: usize,
    ) -> Vec<RealtimeStatus> {
        let line = |known: &Known| known.comes_after(after).then(|| self.line(known));
        let mut lines = self.all(may.scope(), line);
        lines.truncate(limit);
        lines
    }

    /// A server as it fares now, with what its health is made of.
    pub fn detail(
        &self,
        may: &Allowed<may::ServersRead>,
        id: ServerId,
    ) -> Result<StatusDetail, FleetError> {
        self.with(may.scope(), id, |known| {
            let line = self.line(known);
            StatusDetail {
                health: self.terms(&line),
                enabled: known.row.enabled,
                monitoring: known.row.monitoring.0,
                interval_seconds: known.interval_seconds(),
                realtime: line,
            }
        })
        .ok_or(FleetError::NotFound)
    }

    /// Readings of a server that does not report are absent: they are not of now.
    pub(super) fn line(&self, known: &Known) -> RealtimeStatus {
        let id = known.row.id.0;
        let seen = self.0.ingest.seen(id);
        let status = known.status(&seen, self.0.clock.monotonic());
        let sample = status::current(&seen, status).map(|latest| &*latest.sample);
        let mut line = RealtimeStatus {
            server_id: id,
            name: known.row.name.clone(),
            group: known.row.group_name.clone(),
            tags: known.row.tags.0.clone(),
            status,
            health_score: None,
            cpu_percent: sample.and_then(HostSample::cpu_percent),
            memory_percent: sample.and_then(HostSample::memory_percent),
            disk_percent: sample.and_then(|s| s.fullest_filesystem()?.percent),
            network_received_bytes_per_second: sample
                .and_then(HostSample::network_received_bytes_per_second),
            network_sent_bytes_per_second: sample
                .and_then(HostSample::network_sent_bytes_per_second),
            load: sample.and_then(|s| s.load),
            alerts: self.0.firing.of(id),
            last_seen_at: seen.last_seen_at,
        };
        line.health_score = self.health(&line).known_score();
        line
    }

    /// What the health of a server is made of; unknown when it does not report.
    pub(super) fn terms(&self, line: &RealtimeStatus) -> HealthTerms {
        let health = self.health(line);
        HealthTerms {
            score: health.known_score(),
            band: health.band,
            cpu: health.cpu,
            memory: health.memory,
            disk: health.disk,
            alerts: health.alerts,
            explanation: health.explain(),
        }
    }

    fn health(&self, line: &RealtimeStatus) -> Health {
        let readings = match line.status {
            ServerStatus::Up => [line.cpu_percent, line.memory_percent, line.disk_percent],
            ServerStatus::Down | ServerStatus::Paused | ServerStatus::Unknown => [None; 3],
        };
        let [cpu, memory, disk] = readings;
        health::score(cpu, memory, disk, line.alerts, &self.0.weights)
    }
}
