//! `bench ingest`: workload T by remote write over HTTP into Watchpost, Prometheus and
//! `VictoriaMetrics`, in one run; never a pass or a fail.

use std::path::Path;
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use common::time::UnixMs;

use super::document::Section;
use super::figures::Table;
use super::footprint::{cpu_seconds_of, peak_mib};
use super::http::Http;
use super::machine;
use super::store::fill::bytes_in;
use super::store::peers::{self, REMOTE_WRITE};
use super::store::remote_write::Bodies;
use super::store::workload::{SERIES, Size, Workload};
use crate::api::Api;
use crate::peer::Peer;
use crate::{process, server};

const PATIENCE: Duration = Duration::from_mins(1);
/// What a store does by itself with what it took: packs it, merges it.
const SETTLING: Duration = Duration::from_secs(25);
const HOUR_MS: i64 = 3_600_000;
const OURS: &str = "Watchpost";

/// What was measured of one store.
struct Measured {
    name: &'static str,
    /// Until all was answered.
    cpu_seconds: f64,
    /// Until what follows was done as well.
    settled_cpu_seconds: f64,
    peak_mib: f64,
    bytes: u64,
}

/// Measures all. `--quick` is a size for a look whether all works, `--ours` leaves the peers out, `--small`
/// sends 2,000 samples in a request and not 10,000.
pub(super) async fn run(options: &[String]) -> Result<Section> {
    let has = |name: &str| options.iter().any(|option| option == name);
    let known = ["--quick", "--ours", "--small"];
    if let Some(unknown) = options.iter().find(|it| !known.contains(&it.as_str())) {
        bail!("no option {unknown}: there are {}", known.join(", "));
    }
    let load = Load {
        size: Size {
            hosts: 100,
            seconds: if has("--quick") { 300 } else { 3_600 },
        },
        hosts_at_once: if has("--small") { 20 } else { 100 },
        start: start()?,
    };
    let mut rows = vec![ours(load).await?];
    if !has("--ours") {
        rows.extend(tokio::task::spawn_blocking(move || others(load)).await??);
    }
    Ok(Section {
        name: "ingest",
        title: "Remote write",
        text: text(load, rows.len() > 1)?,
        tables: vec![table(&rows, load)],
    })
}

/// What is sent.
#[derive(Clone, Copy)]
struct Load {
    size: Size,
    hosts_at_once: usize,
    start: UnixMs,
}

impl Load {
    fn samples_at_once(self) -> usize {
        self.hosts_at_once * SERIES
    }

    /// Sends all of it.
    fn send(self, http: &mut Http, target: &str) -> Result<()> {
        let bodies = Bodies::new(self.size.hosts);
        let mut workload = Workload::new(self.size.hosts);
        for second in 0..self.size.seconds {
            let at = self.start.plus_ms(i64::try_from(second)? * 1_000);
            let hosts = 0..self.size.hosts;
            let values: Vec<_> = hosts.map(|host| *workload.next(host)).collect();
            for (chunk, hosts) in values.chunks(self.hosts_at_once).enumerate() {
                let body = bodies.second(chunk * self.hosts_at_once, hosts, at.0)?;
                http.post(target, REMOTE_WRITE, &body)?;
            }
        }
        Ok(())
    }
}

/// A full hour that is long over, and lies within what peers keep.
fn start() -> Result<UnixMs> {
    let now = machine::now()?;
    Ok(UnixMs(now.0 - now.0.rem_euclid(HOUR_MS) - 3 * HOUR_MS))
}

async fn ours(load: Load) -> Result<Measured> {
    let directory = tempfile::tempdir()?;
    let address = format!("127.0.0.1:{}", server::free_port()?);
    let mut child = server::serve_command(directory.path())
        .args(["--listen", &address])
        .env("WATCHPOST_ADMIN_PASSWORD", server::PASSWORD)
        // The workload has 10,000 series beside those of this host.
        .env("WATCHPOST_METRICS__MAX_SERIES_PER_SERVER", "20000")
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .context("start watchpost")?;
    let measured = feed_ours(&mut child, &address, directory.path(), load).await;
    if measured.is_err() {
        // The first error is the one to be told.
        drop(process::kill(&mut child));
    }
    measured
}

async fn feed_ours(
    child: &mut Child,
    address: &str,
    directory: &Path,
    load: Load,
) -> Result<Measured> {
    let started = Instant::now();
    let is_ready = || Http::connect(address, "").and_then(|mut http| http.get("/health/ready"));
    while is_ready().is_err() {
        if started.elapsed() > PATIENCE {
            bail!("not ready within {} s", PATIENCE.as_secs());
        }
        std::thread::sleep(Duration::from_millis(5));
    }
    let admin = Api::login(&format!("http://{address}"), "admin", server::PASSWORD).await?;
    let authorization = format!("Authorization: Bearer {}\r\n", admin.token());
    let pid = child.id();
    let before = cpu_seconds_of(pid)?;
    let address = address.to_owned();
    let sent = tokio::task::spawn_blocking(move || {
        let mut http = Http::connect(&address, &authorization)?;
        load.send(&mut http, "/api/v1/prom/api/v1/write")
    });
    sent.await??;
    let cpu_seconds = cpu_seconds_of(pid)? - before;
    tokio::time::sleep(SETTLING).await;
    let settled_cpu_seconds = cpu_seconds_of(pid)? - before;
    let peak_mib = peak_mib(pid)?;
    process::stop(child, PATIENCE)?;
    // As the job does that gives free pages back each night.
    let vacuum = server::db_command(directory, &["cleanup", "--vacuum"]).output()?;
    ensure!(vacuum.status.success(), "db cleanup --vacuum failed");
    Ok(Measured {
        name: OURS,
        cpu_seconds,
        settled_cpu_seconds,
        peak_mib,
        bytes: bytes_in(directory)?,
    })
}

fn others(load: Load) -> Result<Vec<Measured>> {
    let prometheus = peers::start_prometheus()?;
    let victoria = peers::start_victoria()?;
    Ok(vec![
        other("Prometheus", prometheus, "/-/ready", load)?,
        other("VictoriaMetrics", victoria, "/health", load)?,
    ])
}

fn other(name: &'static str, mut peer: Peer, ready: &str, load: Load) -> Result<Measured> {
    let mut http = peers::ready(&peer, ready)?;
    let before = cpu_seconds_of(peer.pid())?;
    load.send(&mut http, "/api/v1/write")?;
    let cpu_seconds = cpu_seconds_of(peer.pid())? - before;
    std::thread::sleep(SETTLING);
    let settled_cpu_seconds = cpu_seconds_of(peer.pid())? - before;
    let peak_mib = peak_mib(peer.pid())?;
    peer.stop()?;
    Ok(Measured {
        name,
        cpu_seconds,
        settled_cpu_seconds,
        peak_mib,
        bytes: bytes_in(peer.directory())?,
    })
}

#[expect(
    clippy::cast_precision_loss,
    reason = "files stay far below 2^53 bytes"
)]
fn table(rows: &[Measured], load: Load) -> Table {
    let mut table = Table::new([
        "remote write into",
        "M samples a CPU-second",
        "the same, packed or merged",
        "bytes a sample, stopped",
        "peak MiB",
        "samples a CPU-second, × of it that Watchpost takes",
    ]);
    let samples = load.size.samples();
    let rate = |row: &Measured| samples / row.cpu_seconds / 1e6;
    let ours = rows.iter().find(|row| row.name == OURS).map_or(0.0, rate);
    for row in rows {
        table.row([
            row.name.to_owned(),
            format!("{:.2}", rate(row)),
            format!("{:.2}", samples / row.settled_cpu_seconds / 1e6),
            format!("{:.3}", row.bytes as f64 / samples),
            format!("{:.0}", row.peak_mib),
            format!("{:.2} ×", ours / rate(row)),
        ]);
    }
    table
}

fn text(load: Load, has_peers: bool) -> Result<String> {
    let Size { hosts, seconds } = load.size;
    let mut text = format!(
        "Workload T: {hosts} hosts with {SERIES} series each, a sample a second for {seconds} s, by remote \
         write over one connection, {} samples in a request, the same requests for all. Processor \
         time is that of each server until its last answer, then until 25 s later, when Watchpost has \
         packed what it took and VictoriaMetrics merged it; Watchpost reads its own host beside that. \
         Files are counted once it has stopped, those of Watchpost without free pages, before its hours \
         are sealed. Watchpost must: ≥ 1.3 M samples a CPU-second.",
        load.samples_at_once(),
    );
    if has_peers {
        text.push_str("\n\nPeers: ");
        text.push_str(&peers::versions()?.join("; "));
        text.push('.');
    }
    Ok(text)
}
