//! Samples of a span of time out of the store, wherever they lie; never the frames as they came.

use std::ops::Range;

use common::series::SeriesKey;
use common::series::matcher::Filter;

use super::error::ForwardError;
use super::message::Outgoing;
use super::section::{Section, Sections};
use crate::query::{Budget, Cancel, Selector, Source};
use crate::store::metrics::Metrics;

/// How much time is read at once.
const SLICE_MS: i64 = 60_000;

/// Samples that are counted one by one, whatever their span.
const MOST_COUNTED: u64 = 1_000_000;
/// A span whose samples are always counted one by one: of a receiver that is just too slow a little is
/// given up again and again.
const SHORT_MS: i64 = 600_000;

/// A part of what was missed.
#[derive(Debug)]
pub(super) struct Slice {
    /// By series, then time.
    pub(super) samples: Vec<Outgoing>,
    /// Up to when that is all.
    pub(super) until: i64,
}

/// The first samples of a span that are sent.
pub(super) async fn slice(
    metrics: &Metrics,
    sections: &Sections,
    missed: &Range<i64>,
) -> Result<Slice, ForwardError> {
    let wanted = wanted(metrics, sections, missed)?;
    let (metrics, missed) = (metrics.clone(), missed.clone());
    let read = tokio::task::spawn_blocking(move || {
        let (keys, sections): (Vec<SeriesKey>, Vec<Section>) = wanted.into_iter().unzip();
        let Some(there) = metrics.bounds(&keys, &missed)? else {
            return Ok(Slice {
                samples: Vec::new(),
                until: missed.end,
            });
        };
        let until = there.start.saturating_add(SLICE_MS).min(missed.end);
        let mut budget = Budget::new(usize::MAX, Cancel::default());
        let set = metrics.samples(&keys, there.start..until, &mut budget)?;
        let mut samples = Vec::new();
        for (series, labels) in set.series.into_iter().zip(sections) {
            let of_one = series.times.iter().zip(series.values.iter());
            samples.extend(of_one.map(|(at, value)| Outgoing {
                labels: Section::clone(&labels),
                at: *at,
                value: *value,
            }));
        }
        Ok::<_, ForwardError>(Slice { samples, until })
    });
    read.await.map_err(|_| ForwardError::Stopping)?
}

/// How many samples there are in a span that would be sent: counted where they are few or the span is
/// short, else about.
pub(super) async fn count(
    metrics: &Metrics,
    sections: &Sections,
    span: Range<i64>,
) -> Result<u64, ForwardError> {
    let wanted = wanted(metrics, sections, &span)?;
    let metrics = metrics.clone();
    let counted = tokio::task::spawn_blocking(move || {
        let keys: Vec<SeriesKey> = wanted.into_iter().map(|(key, _)| key).collect();
        let about = metrics.estimate(&keys, &span)?;
        if about > MOST_COUNTED && span.end.saturating_sub(span.start) > SHORT_MS {
            return Ok(about);
        }
        let mut budget = Budget::new(usize::MAX, Cancel::default());
        let set = metrics.samples(&keys, span, &mut budget)?;
        let counts = set.series.iter().map(|series| series.times.len() as u64);
        Ok::<_, ForwardError>(counts.sum())
    });
    counted.await.map_err(|_| ForwardError::Stopping)?
}

fn wanted(
    metrics: &Metrics,
    sections: &Sections,
    span: &Range<i64>,
) -> Result<Vec<(SeriesKey, Section)>, ForwardError> {
    let all = Selector {
        servers: None,
        metric: None,
        filter: Filter::default(),
        from_ms: span.start,
        to_ms: span.end,
    };
    let keys = metrics.series(&all)?.into_iter();
    Ok(keys
        .filter_map(|key| sections.of(&key).map(|section| (key, section)))
        .collect())
}
