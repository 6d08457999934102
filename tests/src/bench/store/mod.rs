//! `bench store`: workload T into Watchpost and into its peers, in one run; never a pass or a fail.

mod engine;
mod figures;
pub(super) mod fill;
pub(super) mod month;
pub(super) mod peers;
pub(super) mod remote_write;
mod serve;
pub(super) mod workload;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};
use backend::query::{Engine, Limits};
use backend::store::Store;
use common::series::matcher::{Filter, Matcher};
use common::time::UnixMs;
use serde_json::Value;
use tempfile::TempDir;
use tokio::process::Command;

use super::document::Section;
use super::figures::Table;
use super::machine;
use figures::Measured;
use workload::Size;

const HOUR_MS: i64 = 3_600_000;
const DAY_SECONDS: usize = 86_400;

/// How much is measured.
#[derive(Debug, Clone, Copy)]
pub(super) struct Extent {
    data: Size,
    month: Size,
    peers: bool,
}

impl Extent {
    /// `--quick` is a size for a look whether all works; `--ours` leaves the peers out.
    pub(super) fn of(options: &[String]) -> Result<Self> {
        let has = |name: &str| options.iter().any(|option| option == name);
        if let Some(unknown) = options
            .iter()
            .find(|it| !["--quick", "--ours"].contains(&it.as_str()))
        {
            bail!("no option {unknown}: there are --quick and --ours");
        }
        let (data, days) = if has("--quick") {
            (
                Size {
                    hosts: 10,
                    seconds: 600,
                },
                1,
            )
        } else {
            (
                Size {
                    hosts: 100,
                    seconds: 3_600,
                },
                30,
            )
        };
        Ok(Self {
            data,
            month: Size {
                hosts: 4,
                seconds: days * DAY_SECONDS,
            },
            peers: !has("--ours"),
        })
    }
}

/// Measures all and gives what is to be written about it.
pub(super) async fn run(extent: Extent) -> Result<Section> {
    let size = extent.data;
    let start = start()?;
    let ours = Filled::new("store-fill", size, start).await?;
    let asked = ours.step("store-engine", size, start).await?;
    let mut rows = vec![
        serve::ask(ours.directory(), size, start).await?,
        ours.measured(size).with_times(&asked),
    ];
    if extent.peers {
        rows.extend(tokio::task::spawn_blocking(move || peers(size, start)).await??);
    }
    let month_start = start.plus_ms(-i64::try_from(extent.month.seconds)? * 1_000);
    let month = Filled::new("store-month", extent.month, month_start).await?;
    let directory = month.directory().to_owned();
    let ready = tokio::task::spawn_blocking(move || serve::ready_ms(&directory)).await??;
    let mut tables = vec![figures::table(&rows, size)];
    if extent.peers {
        tables.push(figures::ratios(&rows, size));
    }
    tables.push(ours.more(size)?);
    tables.push(month.table(extent.month, ready)?);
    Ok(Section {
        name: "store",
        title: "Storing",
        text: text(extent)?,
        tables,
    })
}

fn peers(size: Size, start: UnixMs) -> Result<Vec<Measured>> {
    let mut rows = Vec::from(peers::prometheus(size, start)?);
    rows.push(peers::victoria_by_remote_write(size, start)?);
    rows.push(peers::victoria_by_import(size, start)?);
    Ok(rows)
}

/// A full hour that is long over, and lies within what peers keep.
fn start() -> Result<UnixMs> {
    let now = machine::now()?;
    Ok(UnixMs(now.0 - now.0.rem_euclid(HOUR_MS) - 3 * HOUR_MS))
}

/// A data directory and the figures of the step that filled it.
struct Filled {
    directory: TempDir,
    figures: Value,
}

impl Filled {
    async fn new(name: &str, size: Size, start: UnixMs) -> Result<Self> {
        let directory = tempfile::tempdir()?;
        let figures = in_process(name, directory.path(), size, start).await?;
        Ok(Self { directory, figures })
    }

    fn directory(&self) -> &Path {
        self.directory.path()
    }

    async fn step(&self, name: &str, size: Size, start: UnixMs) -> Result<Value> {
        in_process(name, self.directory(), size, start).await
    }

    fn figure(&self, name: &str) -> Result<f64> {
        self.figures[name]
            .as_f64()
            .with_context(|| format!("a step gave no {name}"))
    }

    fn measured(&self, size: Size) -> Measured {
        let seconds = self.figures["cpu_seconds"].as_f64();
        Measured {
            samples_per_cpu_second: seconds.map(|seconds| size.samples() / seconds),
            bytes: self.figures["bytes"].as_u64(),
            peak_mib: self.figures["peak_mib"].as_f64(),
            ..Measured::new("Watchpost, frames in process")
        }
    }

    /// What is not compared with anybody.
    fn more(&self, size: Size) -> Result<Table> {
        let samples = size.samples();
        let mut table = Table::new(["Watchpost", "figure", "must"]);
        let mut row = |what: &str, figure: f64, must: &str| {
            table.row([what.to_owned(), format!("{figure:.2}"), must.to_owned()]);
        };
        let fed = samples / self.figure("fed_cpu_seconds")? / 1e6;
        row("M samples a CPU-second until all were durable", fed, "");
        let all = samples / self.figure("cpu_seconds")? / 1e6;
        row("the same, windows packed and hours sealed", all, "≥ 4");
        row(
            "bytes a sample, stopped",
            self.figure("bytes")? / samples,
            "≤ 1.00",
        );
        let running = self.figure("bytes_running")? / samples;
        row(
            "bytes a sample while it runs, log included",
            running,
            "≤ 1.00",
        );
        row("peak MiB", self.figure("peak_mib")?, "≤ 120");
        let prepared = self.figure("prepared_cpu_seconds")?;
        row("CPU-seconds of making the samples, taken off", prepared, "");
        Ok(table)
    }

    fn table(&self, size: Size, ready: f64) -> Result<Table> {
        let days = size.seconds / DAY_SECONDS;
        let mut table = Table::new(["days of data", "figure", "must"]);
        let mut row = |what: String, figure: f64, must: &str| {
            table.row([what, format!("{figure:.1}"), must.to_owned()]);
        };
        row(
            format!("start to ready with {days} days, ms"),
            ready,
            "≤ 1000",
        );
        let (hours, samples) = (self.figure("aggregates_ms")?, self.figure("samples_ms")?);
        row(
            format!("{days} days of a series in hours, from aggregates, ms"),
            hours,
            "≤ 20",
        );
        row(
            "the same in half hours, from samples, ms".to_owned(),
            samples,
            "",
        );
        row(
            "aggregates are faster by a factor of".to_owned(),
            samples / hours,
            "≥ 10",
        );
        row(
            "MiB of files".to_owned(),
            self.figure("bytes")? / 1_048_576.0,
            "",
        );
        Ok(table)
    }
}

/// Runs a step in a process of its own.
async fn in_process(name: &str, directory: &Path, size: Size, start: UnixMs) -> Result<Value> {
    let output = Command::new(std::env::current_exe()?)
        .arg(name)
        .arg(directory)
        .args([
            size.hosts.to_string(),
            size.seconds.to_string(),
            start.0.to_string(),
        ])
        .kill_on_drop(true)
        .output()
        .await?;
    let errors = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "{name}: {errors}");
    Ok(serde_json::from_slice(&output.stdout)?)
}

fn text(extent: Extent) -> Result<String> {
    let Size { hosts, seconds } = extent.data;
    let mut text = format!(
        "Workload T: {hosts} hosts with {} series each, a sample a second for {seconds} s, the same \
         for all. Watchpost takes frames by the entrance that the server uses, packs windows and seals \
         the hour; all its files are counted then, once it has stopped. Its questions over 100 hosts \
         are put to the engine: `average` is \
         the mean of 100 hosts at 15 s, `rate` their rate over a minute at 15 s, `instant` the newest \
         value of 100 series. Peers answer them over HTTP, VictoriaMetrics without its cache of \
         answers. Prometheus does not compact an hour by itself: its bytes are those of its log and \
         head, and those of a snapshot as a block. The month has four hosts with 100 series each, a \
         sample in 15 s.",
        workload::SERIES,
    );
    if extent.peers {
        text.push_str("\n\nPeers: ");
        text.push_str(&peers::versions()?.join("; "));
        text.push('.');
    }
    Ok(text)
}

/// An engine whose limits nothing here meets.
fn unlimited(store: &Store) -> Engine {
    let limits = Limits {
        max_samples: usize::MAX,
        max_series: usize::MAX,
        timeout: Duration::from_mins(10),
    };
    Engine::new(Arc::new(store.metrics().clone()), limits)
}

/// One series of a class.
fn one_part(part: usize) -> Filter {
    Filter::new(&[Matcher::equal("part", &format!("{part:02}"))]).unwrap_or_default()
}

/// The steps that run in a process of their own, so that its memory and time are theirs alone.
pub(super) async fn step(name: &str, arguments: &[String]) -> Result<Value> {
    let [directory, hosts, seconds, start] = arguments else {
        bail!("usage: bench {name} <directory> <hosts> <seconds> <start>");
    };
    let size = Size {
        hosts: hosts.parse().context("hosts")?,
        seconds: seconds.parse().context("seconds")?,
    };
    let directory = PathBuf::from(directory);
    let start = UnixMs(start.parse().context("start")?);
    match name {
        "store-fill" => fill::run(&directory, size, start).await,
        "store-engine" => engine::run(&directory, size, start).await,
        "store-month" => month::run(&directory, size, start).await,
        _ => bail!("no step {name}"),
    }
}
