//! `bench query`: the same questions in `PromQL` over HTTP to Watchpost, Prometheus and
//! `VictoriaMetrics`, over the same hour that ends now; never a pass or a fail.

use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};
use common::time::UnixMs;
use serde_json::Value;

use super::document::Section;
use super::figures::Table;
use super::footprint::peak_mib;
use super::http::Http;
use super::load::{self, Load};
use super::machine;
use super::serving::{MANY_SERIES, Serving};
use super::store::peers::{self, encoded};
use super::store::workload::{SERIES, Size, host_name};
use crate::peer::Peer;

/// What a store does by itself with what it took, before it is asked.
const SETTLING: Duration = Duration::from_secs(25);
/// Hosts in one remote write: 10,000 samples.
const HOSTS_AT_ONCE: usize = 100;

/// How a question is put.
#[derive(Debug, Clone, Copy)]
enum Over {
    /// The hour, a point each so many seconds.
    Hour(u32),
    /// The last moment.
    Now,
    /// A moment in the middle, half an hour ago.
    Middle,
}

/// A question to all.
struct Question {
    name: &'static str,
    expression: String,
    over: Over,
    /// Times that it is put.
    times: usize,
    /// The most milliseconds that Watchpost may take.
    must: Option<f64>,
}

/// What is asked of workload T.
fn questions(size: Size) -> Vec<Question> {
    let host = host_name(size.hosts / 2);
    let one = format!(r#"bench_percent{{instance="{host}",part="00"}}"#);
    let ask = |name, expression: &str, over, times, must| Question {
        name,
        expression: expression.to_owned(),
        over,
        times,
        must,
    };
    let average = r#"avg(bench_percent{part="00"})"#;
    let rate = r#"avg(rate(bench_busy_total{part="00"}[1m]))"#;
    let by_part = "sum by (part) (rate(bench_busy_total[5m]))";
    let all = r#"{__name__=~"bench_.+"}"#;
    vec![
        ask("1 series, 1 s step", &one, Over::Hour(1), 201, Some(0.5)),
        ask("1 series, 15 s step", &one, Over::Hour(15), 201, Some(0.3)),
        ask(
            "average of 100 hosts",
            average,
            Over::Hour(15),
            61,
            Some(4.0),
        ),
        ask("average of 100 rates", rate, Over::Hour(15), 61, Some(4.0)),
        ask(
            "2,500 rates by part, 60 s",
            by_part,
            Over::Hour(60),
            11,
            None,
        ),
        ask(
            "100 series now",
            r#"bench_percent{part="00"}"#,
            Over::Now,
            201,
            Some(1.0),
        ),
        ask("10,000 series now", all, Over::Now, 21, Some(90.0)),
        ask(
            "10,000 series half an hour ago",
            all,
            Over::Middle,
            21,
            None,
        ),
    ]
}

/// What one server did.
struct Answered {
    name: &'static str,
    /// Milliseconds of each question, in the middle.
    times: Vec<f64>,
    /// Series of each answer.
    series: Vec<usize>,
    peak_mib: f64,
}

/// Measures all. `--quick` is a size for a look whether all works, `--ours` leaves the peers out.
pub(super) async fn run(options: &[String]) -> Result<Section> {
    let has = |name: &str| options.iter().any(|option| option == name);
    let known = ["--quick", "--ours"];
    if let Some(unknown) = options.iter().find(|it| !known.contains(&it.as_str())) {
        bail!("no option {unknown}: there are {}", known.join(", "));
    }
    let size = Size {
        hosts: 100,
        seconds: if has("--quick") { 600 } else { 3_600 },
    };
    let length = i64::try_from(size.seconds)? * 1_000;
    let now = machine::now()?;
    let load = Load {
        size,
        hosts_at_once: HOSTS_AT_ONCE,
        start: UnixMs(now.0 - now.0.rem_euclid(1_000) - length),
    };
    let mut all = vec![ours(load).await?];
    if !has("--ours") {
        all.extend(tokio::task::spawn_blocking(move || others(load)).await??);
    }
    let questions = questions(size);
    agree(&all, &questions)?;
    Ok(Section {
        name: "query",
        title: "PromQL over HTTP",
        text: text(load, all.len() > 1)?,
        tables: vec![table(&all, &questions)],
    })
}

async fn ours(load: Load) -> Result<Answered> {
    let directory = tempfile::tempdir()?;
    let path = directory.path().to_owned();
    let serving = tokio::task::spawn_blocking(move || Serving::start(&path, &[MANY_SERIES]));
    let mut serving = serving.await??;
    let mut http = serving.connect().await?;
    let answered = tokio::task::spawn_blocking(move || {
        load.send(&mut http, load::OURS)?;
        let answered = ask("Watchpost", &mut http, "/api/v1/prom", load, serving.pid())?;
        serving.stop()?;
        anyhow::Ok(answered)
    });
    answered.await?
}

fn others(load: Load) -> Result<[Answered; 2]> {
    Ok([
        other("Prometheus", peers::start_prometheus()?, "/-/ready", load)?,
        other("VictoriaMetrics", peers::start_victoria()?, "/health", load)?,
    ])
}

fn other(name: &'static str, mut peer: Peer, ready: &str, load: Load) -> Result<Answered> {
    let mut http = peers::ready(&peer, ready)?;
    load.send(&mut http, load::THEIRS)?;
    if name == "VictoriaMetrics" {
        // What came last can be asked for only then.
        http.get("/internal/force_flush")?;
    }
    let answered = ask(name, &mut http, "", load, peer.pid())?;
    peer.stop()?;
    Ok(answered)
}

fn ask(name: &'static str, http: &mut Http, base: &str, load: Load, pid: u32) -> Result<Answered> {
    std::thread::sleep(SETTLING);
    http.reconnect()?;
    let questions = questions(load.size);
    let (mut times, mut series) = (Vec::new(), Vec::new());
    for question in &questions {
        let target = format!("{base}{}", target(question, load)?);
        let answer: Value = serde_json::from_slice(&http.get(&target)?)?;
        let result = answer["data"]["result"].as_array();
        series.push(result.with_context(|| format!("{name}: no result"))?.len());
        times.push(http.median_ms(&target, question.times)?);
    }
    Ok(Answered {
        name,
        times,
        series,
        peak_mib: peak_mib(pid)?,
    })
}

fn target(question: &Question, load: Load) -> Result<String> {
    let (from, to) = (load.start.0 / 1_000, load.end()?.0 / 1_000);
    let query = encoded(&question.expression);
    Ok(match question.over {
        Over::Hour(step) => {
            format!("/api/v1/query_range?query={query}&start={from}&end={to}&step={step}")
        }
        Over::Now => format!("/api/v1/query?query={query}&time={to}"),
        Over::Middle => format!(
            "/api/v1/query?query={query}&time={}",
            i64::midpoint(from, to)
        ),
    })
}

/// Times compare only where the answers do.
fn agree(all: &[Answered], questions: &[Question]) -> Result<()> {
    for (at, question) in questions.iter().enumerate() {
        let counts: Vec<usize> = all.iter().map(|one| one.series[at]).collect();
        let is_same = counts.windows(2).all(|pair| pair[0] == pair[1]);
        ensure!(
            is_same,
            "{}: series of each answer: {counts:?}",
            question.name
        );
    }
    Ok(())
}

fn table(all: &[Answered], questions: &[Question]) -> Table {
    let mut head = vec!["milliseconds, in the middle".to_owned()];
    head.extend(all.iter().map(|one| one.name.to_owned()));
    head.extend(
        all.iter()
            .skip(1)
            .map(|one| format!("{}, × ours", one.name)),
    );
    head.push("must".to_owned());
    let mut table = Table::with_head(head);
    for (at, question) in questions.iter().enumerate() {
        let times = all.iter().map(|one| one.times[at]);
        let must = question
            .must
            .map_or(String::new(), |must| format!("≤ {must}"));
        table.line(line(question.name, &times.collect::<Vec<_>>(), 2, must));
    }
    let peaks: Vec<f64> = all.iter().map(|one| one.peak_mib).collect();
    table.line(line("peak MiB", &peaks, 0, String::new()));
    table
}

fn line(name: &str, figures: &[f64], decimals: usize, must: String) -> Vec<String> {
    let mut cells = vec![name.to_owned()];
    cells.extend(figures.iter().map(|it| format!("{it:.decimals$}")));
    let ours = figures.first().copied().unwrap_or(f64::NAN);
    cells.extend(
        figures
            .iter()
            .skip(1)
            .map(|it| format!("{:.2} ×", it / ours)),
    );
    cells.push(must);
    cells
}

fn text(load: Load, has_peers: bool) -> Result<String> {
    let Size { hosts, seconds } = load.size;
    let mut text = format!(
        "Workload T: {hosts} hosts with {SERIES} series each, a sample a second for the {seconds} s before \
         the run, by remote write. From 25 s after the last of them on the same expressions over one connection, by the API that \
         Grafana asks, one at a time, the median of many; VictoriaMetrics without its cache of answers, \
         and each answer has as many series from all. No hour has been sealed yet.",
    );
    if has_peers {
        text.push_str("\n\nPeers: ");
        text.push_str(&peers::versions()?.join("; "));
        text.push('.');
    }
    Ok(text)
}
