//! `bench collect`: the collectors alone beside the node exporter and Netdata on the same host, idle and
//! busy; never a pass or a fail.

mod busy;
mod measured;
mod netdata;
mod node_exporter;
mod ours;

use anyhow::{Context, Result, bail, ensure};
use serde_json::{Value, json};
use tokio::process::Command;

use super::document::Section;
use super::figures::Table;
use crate::peer::Peer;
use measured::Measured;

/// Seconds that each collector is watched.
const SECONDS: u32 = 30;
const QUICK_SECONDS: u32 = 5;

/// What the host is like while it is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Host {
    Idle,
    Busy,
}

impl Host {
    fn name(self) -> &'static str {
        match self {
            Self::Idle => "idle",
            Self::Busy => "busy",
        }
    }
}

/// Measures all and gives what is to be written about it.
pub(super) async fn run(options: &[String]) -> Result<Section> {
    let seconds = match options {
        [] => SECONDS,
        [quick] if quick == "--quick" => QUICK_SECONDS,
        [seconds] => seconds.parse().context("seconds, or --quick")?,
        _ => bail!("usage: bench collect [seconds | --quick]"),
    };
    let mut tables = Vec::new();
    let mut mounts = 0;
    for host in [Host::Idle, Host::Busy] {
        let figures = in_process(host, seconds).await?;
        mounts = mounts.max(figures["mounts"].as_u64().unwrap_or_default());
        let rows = figures["rows"].as_array().context("a step gave no rows")?;
        let rows: Result<Vec<Measured>> = rows.iter().map(Measured::read).collect();
        tables.push(table(host, &rows?));
    }
    Ok(Section {
        name: "collect",
        title: "Collecting",
        text: text(seconds, mounts)?,
        tables,
    })
}

/// The steps that run in a process of their own.
pub(super) async fn step(name: &str, arguments: &[String]) -> Result<Value> {
    let [host, seconds] = arguments else {
        bail!("usage: bench {name} <idle|busy> <seconds>");
    };
    let seconds = seconds.parse().context("seconds")?;
    let host = if host == Host::Busy.name() {
        Host::Busy
    } else {
        Host::Idle
    };
    let name = name.to_owned();
    tokio::task::spawn_blocking(move || match name.as_str() {
        "collect-all" => all(host, seconds),
        "collect-ours" => ours::run(seconds),
        _ => bail!("no step {name}"),
    })
    .await?
}

/// One after the other, so that none pays for another.
fn all(host: Host, seconds: u32) -> Result<Value> {
    let load = match host {
        Host::Idle => None,
        Host::Busy => Some(busy::Load::begin()?),
    };
    let rows = [
        ours::measured(seconds)?,
        node_exporter::measured(seconds)?,
        netdata::measured(seconds)?,
    ];
    Ok(json!({
        "rows": rows.iter().map(Measured::write).collect::<Vec<_>>(),
        "mounts": load.map_or(0, |load| load.mounts()),
    }))
}

/// In a mount namespace of its own where that is allowed: what it mounts goes with it.
async fn in_process(host: Host, seconds: u32) -> Result<Value> {
    let own = std::env::current_exe()?;
    let arguments = [
        "collect-all".to_owned(),
        host.name().to_owned(),
        seconds.to_string(),
    ];
    let apart = Command::new("unshare")
        .args(["--mount", "true"])
        .status()
        .await;
    let mut command = match apart {
        Ok(status) if status.success() => {
            let mut command = Command::new("unshare");
            command.arg("--mount").arg(own);
            command
        }
        _ => Command::new(own),
    };
    let output = command.args(arguments).kill_on_drop(true).output().await?;
    let errors = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "{}: {errors}", host.name());
    Ok(serde_json::from_slice(&output.stdout)?)
}

fn table(host: Host, rows: &[Measured]) -> Table {
    let title = format!("{} host", host.name());
    let mut table = Table::with_head(
        [
            &title,
            "readings",
            "CPU, % of a core",
            "µs a reading",
            "PSS, MiB",
            "CPU, × ours",
            "a reading, × ours",
        ]
        .map(str::to_owned)
        .into(),
    );
    let ours = rows.first();
    for row in rows {
        let times = |theirs: f64, ours: Option<f64>| {
            ours.map_or_else(String::new, |ours| format!("{:.2} ×", theirs / ours))
        };
        table.line(vec![
            row.name.clone(),
            format!("{:.0}", row.readings),
            format!("{:.2}", row.cpu_percent()),
            format!("{:.1}", row.microseconds()),
            format!("{:.1}", row.pss_mib),
            times(row.cpu_percent(), ours.map(Measured::cpu_percent)),
            times(row.microseconds(), ours.map(Measured::microseconds)),
        ]);
    }
    table
}

fn text(seconds: u32, mounts: u64) -> Result<String> {
    Ok(format!(
        "Each collector alone for {seconds} s. Watchpost reads, flattens and throws away in a small \
         process; the node exporter with all its defaults is scraped each second; Netdata runs with its \
         defaults, and what the programs that it starts take is not counted. A busy host has {} \
         more processes and {mounts} more mounts. Watchpost must: ≥ 500 readings, ≤ 0.4 % of a core, \
         < 8 µs a reading, ≤ 10 MiB.\n\nPeers: {}; {}.",
        busy::PROCESSES,
        Peer::version(node_exporter::PROGRAM, "--version")?,
        Peer::version(netdata::PROGRAM, "-V")?,
    ))
}
