//! `bench ingest`: workload T by remote write over HTTP into Watchpost, Prometheus and
//! `VictoriaMetrics`, in one run; never a pass or a fail.

use std::time::Duration;

use anyhow::{Result, bail};
use common::time::UnixMs;

use super::document::Section;
use super::figures::Table;
use super::footprint::{cpu_seconds_of, peak_mib};
use super::load::{self, Load};
use super::machine;
use super::serving::{MANY_SERIES, Serving};
use super::store::peers;
use super::store::workload::{SERIES, Size};
use crate::peer::Peer;

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
}

/// Measures all. `--quick` is a size for a look whether all works, `--ours` leaves the peers out, `--large`
/// sends 10,000 samples in a request and not 2,000, as senders do.
pub(super) async fn run(options: &[String]) -> Result<Section> {
    let has = |name: &str| options.iter().any(|option| option == name);
    let known = ["--quick", "--ours", "--large"];
    if let Some(unknown) = options.iter().find(|it| !known.contains(&it.as_str())) {
        bail!("no option {unknown}: there are {}", known.join(", "));
    }
    let load = Load {
        size: Size {
            hosts: 100,
            seconds: if has("--quick") { 300 } else { 3_600 },
        },
        hosts_at_once: if has("--large") { 100 } else { 20 },
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

/// A full hour that is long over, and lies within what peers keep.
fn start() -> Result<UnixMs> {
    let now = machine::now()?;
    Ok(UnixMs(now.0 - now.0.rem_euclid(HOUR_MS) - 3 * HOUR_MS))
}

async fn ours(load: Load) -> Result<Measured> {
    let directory = tempfile::tempdir()?;
    let path = directory.path().to_owned();
    let serving = tokio::task::spawn_blocking(move || Serving::start(&path, &[MANY_SERIES]));
    let mut serving = serving.await??;
    let mut http = serving.connect().await?;
    let pid = serving.pid();
    let before = cpu_seconds_of(pid)?;
    tokio::task::spawn_blocking(move || load.send(&mut http, load::OURS)).await??;
    let cpu_seconds = cpu_seconds_of(pid)? - before;
    tokio::time::sleep(SETTLING).await;
    let settled_cpu_seconds = cpu_seconds_of(pid)? - before;
    let peak_mib = peak_mib(pid)?;
    serving.stop()?;
    Ok(Measured {
        name: OURS,
        cpu_seconds,
        settled_cpu_seconds,
        peak_mib,
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
    load.send(&mut http, load::THEIRS)?;
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
    })
}

fn table(rows: &[Measured], load: Load) -> Table {
    let mut table = Table::new([
        "remote write into",
        "M samples a CPU-second",
        "the same, packed or merged",
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
         packed what it took and VictoriaMetrics merged it; Watchpost reads its own host beside that. What \
         the same samples take on disk says the section on storing. Watchpost must: ≥ 1.3 M samples a \
         CPU-second.",
        load.samples_at_once(),
    );
    if has_peers {
        text.push_str("\n\nPeers: ");
        text.push_str(&peers::versions()?.join("; "));
        text.push('.');
    }
    Ok(text)
}
