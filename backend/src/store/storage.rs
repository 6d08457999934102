//! What is stored, by kind, and how it goes on; never changes anything.

use common::api::database::{DataKind, DiskSpace, KindSize, Storage};
use common::time::UnixMs;

use super::engine::{self, Engine, Sizes};
use super::forecast::{self, Growing, Recent};
use super::metrics::{DAY_MS, Retention};
use super::sizes::{self, Dated};
use super::{Connection, Store, StoreError};
use crate::query::HOUR_MS;

/// Days of samples that people think about.
const SAMPLE_DAYS: &[u32] = &[7, 14, 30, 60, 90, 180, 365];
/// Days of aggregates that people think about.
const AGGREGATE_DAYS: &[u32] = &[90, 180, 365, 730, 1_825];

/// What the database of the metrics says of itself.
struct Counted {
    samples: Option<Recent>,
    samples_today: Option<Recent>,
    processes: Option<Recent>,
    processes_today: Option<Recent>,
    frames: u64,
    series: u64,
    aggregates: u64,
    oldest_aggregate: Option<UnixMs>,
    sizes: Sizes,
}

impl Store {
    /// What is stored at `now`, and how it goes on with that retention on that disk.
    pub async fn storage(
        &self,
        now: UnixMs,
        retention: Retention,
        disk: Option<DiskSpace>,
    ) -> Result<Storage, StoreError> {
        let (state, metrics) = (&self.inner.state, self.metrics().database());
        let engine = metrics.engine().clone();
        let counted = metrics.read(move |conn| count(conn, &engine, now)).await?;
        let sizes = [counted.sizes, state.sizes().await?];
        let all = |of: fn(&Sizes) -> u64| sizes.iter().map(of).sum::<u64>();
        let (pages, free) = (all(|it| it.page_bytes), all(|it| it.free_bytes));
        let on_disk = all(|it| it.file_bytes + it.log_bytes);
        let of_state = sizes[1].page_bytes.saturating_sub(sizes[1].free_bytes);
        let mut kinds = counted.kinds(of_state);
        kinds.push(undated(DataKind::Free, free));
        let known: u64 = kinds.iter().map(|kind| kind.bytes).sum();
        kinds.push(undated(DataKind::Indexes, pages.saturating_sub(known)));
        // The log has copies of pages that are counted already.
        kinds.push(undated(DataKind::Log, on_disk.saturating_sub(pages)));
        let total = kinds.iter().map(|kind| kind.bytes).sum();
        let growing = counted.growing(now, retention);
        let available = disk.map(|disk| disk.available_bytes);
        Ok(Storage {
            total_bytes: total,
            kinds,
            growth_bytes_per_day: forecast::growth(&growing, now),
            disk,
            outlook: forecast::outlook(&growing, now, total, available),
            retention: growing.iter().map(Growing::outlook).collect(),
        })
    }
}

fn undated(kind: DataKind, bytes: u64) -> KindSize {
    KindSize {
        kind,
        bytes,
        oldest_at: None,
    }
}

fn count(conn: &mut Connection, engine: &Engine, now: UnixMs) -> Result<Counted, StoreError> {
    let (all, today) = (UnixMs(i64::MIN), now.plus_ms(-DAY_MS));
    let mut lists = |since| {
        let packed = sizes::since(conn, Dated::ProcessPacks, since)?;
        let single = sizes::since(conn, Dated::Processes, since)?;
        Ok::<_, StoreError>(both(packed, single))
    };
    let (processes, processes_today) = (lists(all)?, lists(today)?);
    Ok(Counted {
        samples: sizes::since(conn, Dated::Packs, all)?,
        samples_today: sizes::since(conn, Dated::Packs, today)?,
        processes,
        processes_today,
        frames: engine::table_bytes(conn, "frame")?,
        series: engine::table_bytes(conn, "series")? + engine::table_bytes(conn, "layout")?,
        aggregates: engine::table_bytes(conn, "aggregate")?
            + engine::table_bytes(conn, "aggregate_day")?,
        oldest_aggregate: sizes::oldest_aggregate(conn)?.map(|hour| UnixMs(hour * HOUR_MS)),
        sizes: engine.sizes(conn)?,
    })
}

fn both(one: Option<Recent>, other: Option<Recent>) -> Option<Recent> {
    let (Some(a), Some(b)) = (one, other) else {
        return one.or(other);
    };
    Some(Recent {
        bytes: a.bytes + b.bytes,
        since: a.since.min(b.since),
    })
}

impl Counted {
    /// What is not log, index or free, with so many bytes of state.
    fn kinds(&self, state: u64) -> Vec<KindSize> {
        let bytes = |kind: Option<Recent>| kind.map_or(0, |kind| kind.bytes);
        let since = |kind: Option<Recent>| kind.map(|kind| kind.since);
        let (samples, processes) = (self.samples, self.processes);
        [
            (
                DataKind::Samples,
                bytes(samples) + self.frames,
                since(samples),
            ),
            (DataKind::Aggregates, self.aggregates, self.oldest_aggregate),
            (DataKind::Processes, bytes(processes), since(processes)),
            (DataKind::Series, self.series, None),
            (DataKind::State, state, None),
        ]
        .into_iter()
        .map(|(kind, bytes, oldest_at)| KindSize {
            kind,
            bytes,
            oldest_at,
        })
        .collect()
    }

    /// What grows until retention ends that.
    fn growing(&self, now: UnixMs, retention: Retention) -> [Growing; 2] {
        let today = both(self.samples_today, self.processes_today);
        let all = self.oldest_aggregate.map(|since| Recent {
            bytes: self.aggregates,
            since,
        });
        let samples = Growing {
            setting: "metrics.retention_days",
            days: retention.samples_days,
            others: SAMPLE_DAYS,
            bytes_per_day: forecast::bytes_per_day(today, now),
            oldest_at: both(self.samples, self.processes).map(|all| all.since),
        };
        let aggregates = Growing {
            setting: "metrics.aggregate_retention_days",
            days: retention.aggregates_days,
            others: AGGREGATE_DAYS,
            bytes_per_day: forecast::bytes_per_day(all, now),
            oldest_at: self.oldest_aggregate,
        };
        [samples, aggregates]
    }
}
