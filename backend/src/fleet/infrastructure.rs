//! One server at a glance: now, the last minutes, and how it stands to the thresholds; never an alert.

use std::num::NonZeroU32;

use common::api::infrastructure::{
    Crossing, InfrastructureReport, Platform, ProcessNow, Reading, Spread, SystemCpu, SystemDisk,
    SystemMemory, SystemNetwork, SystemNow, ThresholdCheck, Thresholds, WindowSummary,
};
use common::api::metrics::Aggregation;
use common::api::status::RealtimeStatus;
use common::health::HealthBand;
use common::host::{HostFacts, HostSample};
use common::ids::ServerId;
use common::series::Labels;
use common::units::{GIB, MIB, bytes_f64};

use super::{Fleet, FleetError, ReadingsError, realtime, status};
use crate::auth::{Allowed, may};
use crate::query::{Engine, Request, Selector, aggregate};
use crate::rules::default_rules;

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
        _: &Allowed<may::MetricsRead>,
        server: Which,
    ) -> Result<SystemNow, FleetError> {
        Ok(system(&self.glance(server)?.sample))
    }

    /// The process that takes its samples.
    pub fn own_process(
        &self,
        _: &Allowed<may::MetricsRead>,
        server: Which,
    ) -> Result<ProcessNow, FleetError> {
        Ok(process(&self.glance(server)?.sample))
    }

    /// What it is.
    pub fn platform(
        &self,
        _: &Allowed<may::MetricsRead>,
        server: Which,
    ) -> Result<Platform, FleetError> {
        Ok(platform(self.glance(server)?.host))
    }

    /// How it stands to the thresholds.
    pub fn threshold_check(
        &self,
        _: &Allowed<may::MetricsRead>,
        server: Which,
    ) -> Result<ThresholdCheck, FleetError> {
        Ok(threshold_check(&self.glance(server)?))
    }

    /// All of it at once.
    pub fn report(
        &self,
        _: &Allowed<may::MetricsRead>,
        server: Which,
    ) -> Result<InfrastructureReport, FleetError> {
        let glance = self.glance(server)?;
        Ok(InfrastructureReport {
            system: system(&glance.sample),
            process: process(&glance.sample),
            threshold_check: threshold_check(&glance),
            health_score: glance.line.health_score,
            platform: platform(glance.host),
        })
    }

    /// The last minutes of a server.
    pub async fn summary(
        &self,
        _: &Allowed<may::MetricsRead>,
        engine: &Engine,
        server: Which,
        minutes: NonZeroU32,
    ) -> Result<WindowSummary, ReadingsError> {
        let server = server.unwrap_or_else(|| self.local());
        if !self.knows(server) {
            return Err(ReadingsError::NoServer);
        }
        let to_ms = self.now().0;
        let spread = async |metric: &str, labels: Labels| {
            let request = Request {
                selector: Selector {
                    servers: Some(vec![server]),
                    metric: metric.into(),
                    labels,
                    from_ms: to_ms - i64::from(minutes.get()) * 60_000,
                    to_ms,
                },
                step_seconds: None,
                aggregation: Aggregation::default(),
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

    fn glance(&self, server: Which) -> Result<Glance, FleetError> {
        let id = server.unwrap_or_else(|| self.local());
        self.with(id, |known| {
            let line = self.line(known);
            let seen = self.0.ingest.seen(id);
            let sample = status::current(&seen, line.status).map(|latest| &*latest.sample);
            Glance {
                sample: sample.cloned().unwrap_or_default(),
                host: known.host.clone().unwrap_or_default(),
                band: realtime::terms(&line).band,
                line,
            }
        })
        .ok_or(FleetError::NotFound)
    }
}

fn gib(count: u64) -> f64 {
    bytes_f64(count) / GIB
}

fn system(sample: &HostSample) -> SystemNow {
    let (cpu, memory) = (sample.cpu.as_ref(), sample.memory.as_ref());
    let disk = sample.root_filesystem();
    let counted = || sample.networks.iter().filter(|network| network.physical);
    let has_network = counted().next().is_some();
    let sockets = sample.sockets;
    SystemNow {
        cpu: SystemCpu {
            percent: sample.cpu_percent(),
            count: cpu.map(|cpu| cpu.count),
            freq_mhz: cpu.and_then(|cpu| cpu.frequency_mhz),
        },
        memory: SystemMemory {
            total_gb: memory.map(|memory| gib(memory.total_bytes)),
            used_gb: memory.map(|memory| gib(memory.used_bytes)),
            available_gb: memory.map(|memory| gib(memory.available_bytes)),
            percent: sample.memory_percent(),
        },
        disk: SystemDisk {
            total_gb: disk.map(|disk| gib(disk.total_bytes)),
            used_gb: disk.map(|disk| gib(disk.used_bytes)),
            free_gb: disk.map(|disk| gib(disk.available_bytes)),
            percent: disk.and_then(|disk| disk.percent),
        },
        network: SystemNetwork {
            bytes_sent: has_network.then(|| counted().map(|network| network.sent_bytes).sum()),
            bytes_received: has_network
                .then(|| counted().map(|network| network.received_bytes).sum()),
            connections: sockets.map(|sockets| sockets.tcp_in_use + sockets.tcp6_in_use),
        },
        uptime_seconds: sample.uptime_seconds,
    }
}

fn process(sample: &HostSample) -> ProcessNow {
    let Some(own) = sample.own_process.clone() else {
        return ProcessNow::default();
    };
    ProcessNow {
        pid: Some(own.pid),
        name: Some(own.name),
        cpu_percent: own.cpu_percent,
        memory_mb: Some(bytes_f64(own.resident_bytes) / MIB),
        threads: Some(own.threads),
        file_descriptors: own.open_files,
    }
}

fn platform(host: HostFacts) -> Platform {
    Platform {
        system: Some(host.system).filter(|name| !name.is_empty()),
        hostname: host.hostname,
        kernel: host.kernel,
        arch: Some(host.arch).filter(|name| !name.is_empty()),
        version: host.os.or(host.os_version),
    }
}

fn spread(values: &[f64]) -> Spread {
    Spread {
        avg: aggregate(values, Aggregation::Avg),
        min: aggregate(values, Aggregation::Min),
        max: aggregate(values, Aggregation::Max),
    }
}

/// The thresholds of the rules that every installation begins with.
fn thresholds() -> Thresholds {
    let rules = default_rules();
    let of = |metric: &str| {
        let rule = rules.iter().find(|rule| rule.metric == metric);
        rule.map_or((None, None), |rule| (rule.warning, rule.critical))
    };
    let (cpu_warning, cpu_critical) = of("host_cpu_usage_percent");
    let (memory_warning, memory_critical) = of("host_memory_usage_percent");
    let (disk_warning, disk_critical) = of("host_filesystem_usage_percent");
    Thresholds {
        cpu_warning,
        cpu_critical,
        memory_warning,
        memory_critical,
        disk_warning,
        disk_critical,
    }
}

fn threshold_check(glance: &Glance) -> ThresholdCheck {
    let thresholds = thresholds();
    let (warnings, critical) = crossings(
        [
            glance.line.cpu_percent,
            glance.line.memory_percent,
            glance.line.disk_percent,
        ],
        &thresholds,
    );
    ThresholdCheck {
        status: glance.band,
        warnings,
        critical,
        thresholds,
    }
}

/// Processor, memory and disk against their thresholds: warnings, and what is critical.
fn crossings(
    [cpu, memory, disk]: [Option<f64>; 3],
    limits: &Thresholds,
) -> (Vec<Crossing>, Vec<Crossing>) {
    let (mut warnings, mut critical) = (Vec::new(), Vec::new());
    for (metric, value, warning_at, critical_at) in [
        (Reading::Cpu, cpu, limits.cpu_warning, limits.cpu_critical),
        (
            Reading::Memory,
            memory,
            limits.memory_warning,
            limits.memory_critical,
        ),
        (
            Reading::Disk,
            disk,
            limits.disk_warning,
            limits.disk_critical,
        ),
    ] {
        let Some(value) = value else { continue };
        let reached = |limit: Option<f64>| limit.filter(|limit| value >= *limit);
        let crossing = |threshold| Crossing {
            metric,
            value,
            threshold,
        };
        if let Some(threshold) = reached(critical_at) {
            critical.push(crossing(threshold));
        } else if let Some(threshold) = reached(warning_at) {
            warnings.push(crossing(threshold));
        }
    }
    (warnings, critical)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn readings_are_put_to_their_thresholds() {
        use Reading::{Cpu, Disk, Memory};
        for (readings, warn, crit) in [
            ([Some(69.9), Some(74.9), Some(79.9)], vec![], vec![]),
            (
                [Some(70.0), Some(75.0), Some(80.0)],
                vec![Cpu, Memory, Disk],
                vec![],
            ),
            ([Some(90.0), None, Some(95.0)], vec![], vec![Cpu, Disk]),
            ([None, Some(89.9), None], vec![Memory], vec![]),
        ] {
            let (warnings, critical) = crossings(readings, &thresholds());
            let metrics = |list: &[Crossing]| list.iter().map(|one| one.metric).collect::<Vec<_>>();
            assert_eq!(metrics(&warnings), warn, "{readings:?}");
            assert_eq!(metrics(&critical), crit, "{readings:?}");
        }
    }

    #[test]
    fn what_is_not_read_stays_absent() {
        let now = system(&HostSample::default());
        assert_eq!(now, SystemNow::default());
        assert_eq!(process(&HostSample::default()), ProcessNow::default());
        assert_eq!(platform(HostFacts::default()), Platform::default());
    }
}
