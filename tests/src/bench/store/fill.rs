//! Fills Watchpost's store in this process, by the entrance that the server uses, and keeps it small
//! as the server does; never the queries, never a peer.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use backend::clock::Clock;
use backend::collect::local::Readings;
use backend::ingest::{FiringCounts, Ingest, Outlets};
use backend::store::tables::server::{self, ServerRow};
use backend::store::tables::{Blob, Json, Moment, Word};
use backend::store::{Actor, Store, StoreError};
use common::api::servers::{Monitoring, ServerKind};
use common::health::HealthWeights;
use common::host::HostSample;
use common::ids::ServerId;
use common::metric::Value as Reading;
use common::series::Labels;
use common::time::UnixMs;
use futures_util::future::try_join_all;
use serde_json::{Value, json};
use tokio::sync::mpsc;

use super::workload::{self, Size, Workload};
use crate::bench::footprint::{cpu_seconds, peak_mib, thread_seconds};

const ACTOR: Actor = Actor::System("bench");
/// As the server looks at what is to be packed.
const LOOK_EVERY_SECONDS: usize = 10;
/// As the server leaves free pages in the file.
const SPARE_PAGES: u32 = 2;

/// The id of a host, the same in every run.
pub(in crate::bench) fn id_of(host: usize) -> ServerId {
    ServerId(uuid::Uuid::from_u128(
        0x0198_0000_0000_7000_8000_0000_0000_0000 + host as u128,
    ))
}

/// Fills the directory and says what it took. The hours are sealed as after one hour more.
pub(in crate::bench) async fn run(directory: &Path, size: Size, start: UnixMs) -> Result<Value> {
    let path = directory.to_owned();
    let store = tokio::task::spawn_blocking(move || Store::open(&path, None)).await??;
    add_servers(&store, size.hosts, start).await?;
    let (before, prepared) = feed(&store, size, start).await?;
    let fed = cpu_seconds() - before - prepared;
    let metrics = store.metrics();
    let hour_after = start.plus_ms(i64::try_from(size.seconds)? * 1_000 + 3_600_000);
    metrics.pack_windows(hour_after).await?;
    while metrics.seal_hours(hour_after.plus_ms(3_600_000)).await? > 0 {}
    metrics.drop_layouts().await?;
    store.give_back_space(SPARE_PAGES).await?;
    let all = cpu_seconds() - before - prepared;
    let running = bytes_in(directory)?;
    let peak = peak_mib(std::process::id())?;
    store.close().await;
    Ok(json!({
        "fed_cpu_seconds": fed,
        "cpu_seconds": all,
        "prepared_cpu_seconds": prepared,
        "peak_mib": peak,
        "bytes_running": running,
        "bytes": bytes_in(directory)?,
    }))
}

/// Hands over all frames, those of one second together; processor seconds before, and of those how
/// many went into making the samples.
async fn feed(store: &Store, size: Size, start: UnixMs) -> Result<(f64, f64)> {
    let clock = Clock::fixed(start);
    let ingest = entrance(store, clock.clone());
    for host in 0..size.hosts {
        ingest.want(id_of(host), None);
    }
    let mut workload = Workload::new(size.hosts);
    let names: Vec<(&str, Labels)> = workload::names()
        .into_iter()
        .map(|(metric, part)| (metric, Labels::one("part", &part)))
        .collect();
    let before = cpu_seconds();
    let mut prepared = 0.0;
    for second in 0..size.seconds {
        let at = start.plus_ms(i64::try_from(second)? * 1_000);
        let started = thread_seconds();
        let frames: Vec<Readings> = (0..size.hosts)
            .map(|host| readings(&names, workload.next(host)))
            .collect();
        prepared += thread_seconds() - started;
        let accepts = frames.into_iter().enumerate();
        try_join_all(accepts.map(|(host, frame)| ingest.accept(id_of(host), at, frame)))
            .await
            .context("hand a second over")?;
        clock.advance(Duration::from_secs(1));
        if (second + 1).is_multiple_of(LOOK_EVERY_SECONDS) {
            store.metrics().pack_windows(clock.now()).await?;
        }
    }
    ensure!(ingest.losses().so_far().unstored == 0, "samples were lost");
    Ok((before, prepared))
}

fn readings(names: &[(&'static str, Labels)], values: &[f64; workload::SERIES]) -> Readings {
    let details = names.iter().zip(values);
    let details = details.map(|((metric, labels), value)| Reading {
        metric,
        labels: labels.clone(),
        value: *value,
    });
    Readings {
        sample: HostSample::default(),
        details: details.collect(),
    }
}

fn entrance(store: &Store, clock: Clock) -> Ingest {
    let (rules, mut stored) = mpsc::channel(256);
    let (pushed, _) = mpsc::channel(4);
    // The rules look at nothing here, but take what they are given.
    tokio::spawn(async move { while stored.recv().await.is_some() {} });
    let outlets = Outlets {
        keep: Arc::new(store.metrics().clone()),
        live: Arc::new(|_| {}),
        rules,
        pushed,
    };
    let (firing, weights) = (FiringCounts::default(), HealthWeights::default());
    Ingest::new(clock, firing, weights, outlets)
}

/// Makes the hosts known.
pub(in crate::bench) async fn add_servers(store: &Store, hosts: usize, now: UnixMs) -> Result<()> {
    let rows: Vec<ServerRow> = (0..hosts).map(|host| row(host, now)).collect();
    let added = store.change(&ACTOR, move |conn| {
        rows.iter().try_for_each(|row| server::insert(conn, row))
    });
    added.await.map_err(|error: StoreError| error.into())
}

/// A host as the server keeps it, not monitored.
pub(in crate::bench) fn row(host: usize, now: UnixMs) -> ServerRow {
    ServerRow {
        id: Blob(id_of(host)),
        name: workload::host_name(host),
        kind: Word(ServerKind::Push),
        address: None,
        group_name: None,
        tags: Json(Vec::new()),
        interval_seconds: 1,
        enabled: true,
        monitoring: Word(Monitoring::Stopped),
        created_at: Moment(now),
        updated_at: Moment(now),
    }
}

/// Bytes of all files below a folder.
pub(in crate::bench) fn bytes_in(folder: &Path) -> Result<u64> {
    let mut all = 0;
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        all += match path.symlink_metadata()? {
            about if about.is_dir() => bytes_in(&path)?,
            about => about.len(),
        };
    }
    Ok(all)
}
