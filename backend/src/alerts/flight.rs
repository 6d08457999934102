//! What a server did in a stretch of time: its main series, lists of processes, units; read, packed
//! and unpacked; never when.

use std::io::{Read, Write as _};
use std::ops::Range;

use common::api::servers::ProcessList;
use common::ids::ServerId;
use common::series::matcher::{Filter, Matcher};
use common::series::{Labels, SeriesKey};
use common::time::UnixMs;
use flate2::Compression;
use flate2::read::DeflateDecoder;
use flate2::write::DeflateEncoder;
use serde::{Deserialize, Serialize};

use super::error::AlertError;
use crate::query::{Engine, QueryError, Request, Resolution, Selector};
use crate::store::metrics::{Column, Metrics};
use crate::store::{Store, StoreError};

/// The series that say most about a server.
const MAIN: [&str; 14] = [
    "host_cpu_usage_percent",
    "host_cpu_mode_percent",
    "host_load_per_core",
    "host_memory_usage_percent",
    "host_swap_usage_percent",
    "host_pressure_some_percent",
    "host_disk_busy_percent",
    "host_disk_read_bytes_per_second",
    "host_disk_written_bytes_per_second",
    "host_network_receive_bytes_per_second",
    "host_network_transmit_bytes_per_second",
    "host_filesystem_usage_percent",
    "host_health_score",
    "node_systemd_units",
];
/// The units that failed are series of this metric, 1 while they have.
const UNITS: &str = "node_systemd_unit_state";
/// Series of one metric at most.
const SERIES: usize = 60;
/// One list of processes is kept of each minute, so many of the busiest.
const LIST_EVERY_MS: i64 = 60_000;
const PROCESSES: usize = 20;
/// Most bytes that the lists may unpack to.
const MOST_BYTES: u64 = 16 << 20;

/// What a server did.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Flight {
    /// Series with their samples.
    pub(super) series: Vec<(SeriesName, Column)>,
    /// Lists of processes, by time.
    pub(super) processes: Vec<ProcessList>,
}

/// Which series, on a server that is known.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct SeriesName {
    /// Its metric.
    pub(super) metric: String,
    /// Its labels.
    pub(super) labels: Labels,
}

/// A flight as bytes.
#[derive(Serialize, Deserialize)]
struct Packed {
    names: Vec<(String, Vec<(String, String)>)>,
    samples: Vec<u8>,
    processes: Vec<u8>,
}

/// What the store has of a server in a range of milliseconds.
pub(super) async fn read(
    store: &Store,
    query: &Engine,
    server: ServerId,
    range: Range<i64>,
) -> Result<Flight, AlertError> {
    let mut flight = Flight::default();
    for metric in MAIN {
        let found = samples(query, server, metric, &[], &range).await?;
        flight.series.extend(found);
    }
    let failed = [Matcher::equal("state", "failed")];
    let units = samples(query, server, UNITS, &failed, &range).await?;
    let has_failed = |(_, (_, values)): &(SeriesName, Column)| values.iter().any(|it| *it > 0.0);
    flight.series.extend(units.into_iter().filter(has_failed));
    flight.processes = processes(store, server, &range).await?;
    Ok(flight)
}

/// The samples of the series of a metric whose labels are so.
pub(super) async fn samples(
    query: &Engine,
    server: ServerId,
    metric: &str,
    matchers: &[Matcher],
    range: &Range<i64>,
) -> Result<Vec<(SeriesName, Column)>, AlertError> {
    let request = Request {
        selector: Selector {
            servers: Some(vec![server]),
            metric: Some(metric.into()),
            filter: Filter::new(matchers).map_err(QueryError::from)?,
            from_ms: range.start,
            to_ms: range.end,
        },
        resolution: Resolution::Samples,
    };
    let answers = match query.run(request).await {
        Ok(answers) => answers,
        // Too much of one metric is no reason to keep nothing of the others.
        Err(error @ (QueryError::TooManySeries { .. } | QueryError::AnswerTooLarge { .. })) => {
            tracing::warn!(metric, %error, "a metric is left out of a recording");
            return Ok(Vec::new());
        }
        Err(error) => return Err(error.into()),
    };
    let column = |points: Vec<(i64, Option<f64>)>| {
        let present = points
            .into_iter()
            .filter_map(|(at, value)| Some((at, value?)));
        present.unzip()
    };
    let named = answers.into_iter().take(SERIES).map(|answer| {
        let SeriesKey { metric, labels, .. } = answer.key;
        let name = SeriesName {
            metric: metric.as_str().to_owned(),
            labels,
        };
        (name, column(answer.points))
    });
    Ok(named.collect())
}

async fn processes(
    store: &Store,
    server: ServerId,
    range: &Range<i64>,
) -> Result<Vec<ProcessList>, StoreError> {
    let mut lists: Vec<ProcessList> = Vec::new();
    let mut at = range.start + LIST_EVERY_MS;
    while at <= range.end {
        let found = store.metrics().processes_at(server, UnixMs(at - 1)).await?;
        if let Some((read_at, mut items)) = found
            && lists.last().and_then(|list| list.at) < Some(read_at)
        {
            items.truncate(PROCESSES);
            lists.push(ProcessList {
                at: Some(read_at),
                items,
            });
        }
        at += LIST_EVERY_MS;
    }
    Ok(lists)
}

/// A flight as it is kept.
pub(super) fn packed(flight: &Flight) -> Result<Vec<u8>, StoreError> {
    let failed = || StoreError::Corrupt {
        what: "flight recording",
    };
    let (names, columns): (Vec<_>, Vec<_>) = flight.series.iter().cloned().unzip();
    let kept = |name: SeriesName| {
        let labels = name.labels.iter();
        let labels = labels.map(|(name, value)| (name.to_owned(), value.to_owned()));
        (name.metric, labels.collect())
    };
    let lists = serde_json::to_vec(&flight.processes).map_err(|_| failed())?;
    let mut deflated = DeflateEncoder::new(Vec::new(), Compression::default());
    deflated.write_all(&lists).map_err(|_| failed())?;
    let packed = Packed {
        names: names.into_iter().map(kept).collect(),
        samples: Metrics::pack_columns(&columns),
        processes: deflated.finish().map_err(|_| failed())?,
    };
    postcard::to_allocvec(&packed).map_err(|_| failed())
}

/// A flight that was kept.
pub(super) fn unpacked(body: &[u8]) -> Result<Flight, StoreError> {
    let damaged = || StoreError::Corrupt {
        what: "flight recording",
    };
    let packed: Packed = postcard::from_bytes(body).map_err(|_| damaged())?;
    let columns = Metrics::unpack_columns(&packed.samples, packed.names.len())?;
    let names = packed.names.into_iter().map(|(metric, labels)| {
        let labels: Vec<_> = labels
            .iter()
            .map(|(a, b)| (a.as_str(), b.as_str()))
            .collect();
        SeriesName {
            metric,
            labels: Labels::of(&labels),
        }
    });
    let lists = DeflateDecoder::new(packed.processes.as_slice()).take(MOST_BYTES);
    Ok(Flight {
        series: names.zip(columns).collect(),
        processes: serde_json::from_reader(lists).map_err(|_| damaged())?,
    })
}
