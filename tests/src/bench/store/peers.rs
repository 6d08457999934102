//! Workload T into Prometheus and `VictoriaMetrics`, and the same questions to them over HTTP; never
//! into our own store.

use std::path::Path;

use anyhow::{Context, Result};
use common::time::UnixMs;

use super::figures::Measured;
use super::fill::bytes_in;
use super::remote_write::Bodies;
use super::workload::{SERIES, Size, Workload};
use crate::bench::footprint::{cpu_seconds_of, peak_mib};
use crate::bench::http::Http;
use crate::bench::load::{self, Load};
use crate::peer::Peer;

/// Hosts in one remote write: 2,000 samples, as senders do by default.
const HOSTS_AT_ONCE: usize = 20;
/// Seconds of all series in one import.
const SECONDS_AT_ONCE: usize = 60;
/// Times that each question is put.
const TIMES: usize = 41;
/// What is said about the body of a remote write.
pub(in crate::bench) const REMOTE_WRITE: &str = "Content-Type: application/x-protobuf\r\nContent-Encoding: snappy\r\n\
    X-Prometheus-Remote-Write-Version: 0.1.0\r\n";

/// Prometheus by remote write. An hour stays in its log and its head; what it comes down to in a block
/// says a snapshot, in a second row.
pub(super) fn prometheus(size: Size, start: UnixMs) -> Result<[Measured; 2]> {
    let mut peer = start_prometheus()?;
    let mut http = ready(&peer, "/-/ready")?;
    let fed = remote_write(&peer, &mut http, size, start)?;
    let measured = ask(
        &mut http,
        size,
        start,
        Measured::new("Prometheus, remote write"),
    )?;
    http.post("/api/v1/admin/tsdb/snapshot", "", &[])?;
    let data = peer.directory().join("data");
    let snapshot = bytes_in(&data.join("snapshots"))?;
    let peak = peak_mib(peer.pid())?;
    peer.stop()?;
    let live = bytes_in(&data)?.saturating_sub(snapshot);
    Ok([
        Measured {
            samples_per_cpu_second: Some(fed),
            bytes: Some(live),
            peak_mib: Some(peak),
            ..measured
        },
        Measured {
            bytes: Some(snapshot),
            ..Measured::new("Prometheus, the hour as a block")
        },
    ])
}

/// An empty Prometheus that takes remote writes and scrapes nothing.
pub(in crate::bench) fn start_prometheus() -> Result<Peer> {
    Peer::start("usr/bin/prometheus", |address, directory| {
        let config = directory.join("prometheus.yml");
        // An empty file means: scrape nothing.
        drop(std::fs::write(&config, ""));
        vec![
            format!("--config.file={}", config.display()),
            format!("--storage.tsdb.path={}", directory.join("data").display()),
            format!("--web.listen-address={address}"),
            "--web.enable-remote-write-receiver".to_owned(),
            "--web.enable-admin-api".to_owned(),
        ]
    })
}

/// `VictoriaMetrics` by remote write.
pub(super) fn victoria_by_remote_write(size: Size, start: UnixMs) -> Result<Measured> {
    let mut peer = start_victoria()?;
    let mut http = ready(&peer, "/health")?;
    let fed = remote_write(&peer, &mut http, size, start)?;
    http.get("/internal/force_flush")?;
    let measured = Measured::new("VictoriaMetrics, remote write");
    let measured = ask(&mut http, size, start, measured)?;
    finish(&mut peer, measured, fed)
}

/// `VictoriaMetrics` by its own import: a minute of all series in one request.
pub(super) fn victoria_by_import(size: Size, start: UnixMs) -> Result<Measured> {
    let mut peer = start_victoria()?;
    let mut http = ready(&peer, "/health")?;
    let fed = import(&peer, &mut http, size, start)?;
    http.get("/internal/force_flush")?;
    finish(&mut peer, Measured::new("VictoriaMetrics, import"), fed)
}

fn finish(peer: &mut Peer, measured: Measured, fed: f64) -> Result<Measured> {
    let peak = peak_mib(peer.pid())?;
    peer.stop()?;
    Ok(Measured {
        samples_per_cpu_second: Some(fed),
        bytes: Some(bytes_in(peer.directory())?),
        peak_mib: Some(peak),
        ..measured
    })
}

/// An empty `VictoriaMetrics`.
pub(in crate::bench) fn start_victoria() -> Result<Peer> {
    Peer::start("usr/bin/victoria-metrics", |address, directory: &Path| {
        vec![
            format!("-storageDataPath={}", directory.join("data").display()),
            format!("-httpListenAddr={address}"),
            // As it answers when dashboards ask for something new each time.
            "-search.disableCache".to_owned(),
        ]
    })
}

/// A connection, once the peer says that it can serve.
pub(in crate::bench) fn ready(peer: &Peer, target: &str) -> Result<Http> {
    for _ in 0..600 {
        if let Ok(mut http) = Http::connect(&peer.address, "")
            && http.get(target).is_ok()
        {
            return Ok(http);
        }
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
    Http::connect(&peer.address, "").context("the peer is not ready")
}

/// Samples a processor second of the peer.
fn remote_write(peer: &Peer, http: &mut Http, size: Size, start: UnixMs) -> Result<f64> {
    let load = Load {
        size,
        hosts_at_once: HOSTS_AT_ONCE,
        start,
    };
    let before = cpu_seconds_of(peer.pid())?;
    load.send(http, load::THEIRS)?;
    Ok(size.samples() / (cpu_seconds_of(peer.pid())? - before))
}

fn import(peer: &Peer, http: &mut Http, size: Size, start: UnixMs) -> Result<f64> {
    let bodies = Bodies::new(size.hosts);
    let mut workload = Workload::new(size.hosts);
    let before = cpu_seconds_of(peer.pid())?;
    let mut second = 0;
    while second < size.seconds {
        let count = SECONDS_AT_ONCE.min(size.seconds - second);
        let mut samples = vec![Vec::with_capacity(count); size.hosts * SERIES];
        for at in second..second + count {
            let at = start.plus_ms(i64::try_from(at)? * 1_000).0;
            for host in 0..size.hosts {
                for (series, value) in workload.next(host).iter().enumerate() {
                    samples[host * SERIES + series].push((at, *value));
                }
            }
        }
        let mut lines = String::new();
        for (index, samples) in samples.iter().enumerate() {
            bodies.line(index / SERIES, index % SERIES, samples, &mut lines);
        }
        http.post("/api/v1/import", "", lines.as_bytes())?;
        second += count;
    }
    Ok(size.samples() / (cpu_seconds_of(peer.pid())? - before))
}

/// The questions, in the peers' language.
fn ask(http: &mut Http, size: Size, start: UnixMs, measured: Measured) -> Result<Measured> {
    let from = start.0 / 1_000;
    let to = from + i64::try_from(size.seconds)? - 1;
    let host = super::workload::host_name(size.hosts / 2);
    let one = format!(r#"bench_percent{{instance="{host}",part="00"}}"#);
    let range = |query: &str, step: u32| {
        let query = encoded(query);
        format!("/api/v1/query_range?query={query}&start={from}&end={to}&step={step}")
    };
    let mut time = |target: &str| http.median_ms(target, TIMES).map(Some);
    Ok(Measured {
        one_1s_ms: time(&range(&one, 1))?,
        one_15s_ms: time(&range(&one, 15))?,
        average_ms: time(&range(r#"avg(bench_percent{part="00"})"#, 15))?,
        rate_ms: time(&range(r#"avg(rate(bench_busy_total{part="00"}[1m]))"#, 15))?,
        instant_ms: time(&format!(
            "/api/v1/query?query={}&time={to}",
            encoded(r#"bench_percent{part="00"}"#)
        ))?,
        ..measured
    })
}

/// What the peers call themselves.
pub(in crate::bench) fn versions() -> Result<Vec<String>> {
    Ok(vec![
        Peer::version("usr/bin/prometheus", "--version")?,
        // The program that Debian builds does not know its own version.
        Peer::packaged("victoria-metrics")?,
    ])
}

/// Text as it stands in a query string.
pub(in crate::bench) fn encoded(text: &str) -> String {
    url::form_urlencoded::byte_serialize(text.as_bytes()).collect()
}
