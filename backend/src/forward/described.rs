//! What the metrics are that went to a receiver, as messages of metadata; never a sample.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use common::exposition::FamilyKind;
use common::metric::{Metric, MetricKind};

use super::section::Sent;
use crate::ingest::{Metadata, MetadataBook};
use crate::protobuf::{put_bytes, put_integer};

/// How often a receiver is told, as by Prometheus.
const EVERY: Duration = Duration::from_mins(1);
/// Metrics of one message, as by Prometheus.
const AT_ONCE: usize = 2_000;
/// What series of a family are called beside the family itself.
const ENDINGS: [&str; 8] = [
    "", "_bucket", "_count", "_sum", "_total", "_info", "_gcount", "_gsum",
];

/// When a receiver is told what metrics are, and what.
#[derive(Debug)]
pub(super) struct Descriptions {
    book: MetadataBook,
    /// When it is told next, by the clock that never goes back; `None` before the first time.
    next: Option<Duration>,
}

impl Descriptions {
    pub(super) fn new(book: MetadataBook) -> Self {
        Self { book, next: None }
    }

    /// The messages that are due: soon after something went, then again and again, as nobody says
    /// whether a receiver still knows.
    pub(super) fn due(&mut self, sent: &Sent, now: Duration) -> Vec<Vec<u8>> {
        let is_early = self.next.is_some_and(|next| now < next);
        if is_early || sent.metrics.is_empty() {
            return Vec::new();
        }
        self.next = Some(now + EVERY);
        let known: Vec<_> = self.known(sent).into_iter().collect();
        known.chunks(AT_ONCE).map(message).collect()
    }

    /// What the metrics are that went: by the catalogue, else what was heard last of those servers.
    fn known(&self, sent: &Sent) -> BTreeMap<String, Metadata> {
        let said = self
            .book
            .known(|server| sent.servers.contains(&server), None);
        let said = said
            .into_iter()
            .filter(|(family, _)| has_series(family, &sent.metrics))
            .filter_map(|(family, mut entries)| Some((family, entries.pop()?)));
        let of_catalogue = sent.metrics.iter().filter_map(|name| {
            let metric = Metric::find(name)?;
            Some((name.clone(), of_catalogue(metric)))
        });
        said.chain(of_catalogue).collect()
    }
}

fn has_series(family: &str, metrics: &BTreeSet<String>) -> bool {
    let mut names = ENDINGS.iter().map(|ending| format!("{family}{ending}"));
    names.any(|name| metrics.contains(&name))
}

fn of_catalogue(metric: &Metric) -> Metadata {
    Metadata {
        kind: match metric.kind {
            MetricKind::Gauge => FamilyKind::Gauge,
            MetricKind::Counter => FamilyKind::Counter,
        },
        help: metric.help.to_owned(),
        unit: metric.unit.as_str().to_owned(),
    }
}

/// A `WriteRequest` with metadata alone.
fn message(known: &[(String, Metadata)]) -> Vec<u8> {
    let (mut message, mut inner) = (Vec::new(), Vec::new());
    for (family, said) in known {
        inner.clear();
        put_integer(1, said.kind.number().into(), &mut inner);
        for (number, text) in [(2, family), (4, &said.help), (5, &said.unit)] {
            put_bytes(number, text.as_bytes(), &mut inner);
        }
        put_bytes(3, &inner, &mut message);
    }
    message
}

#[cfg(test)]
mod tests {
    use common::ids::ServerId;
    use uuid::Uuid;

    use super::*;

    #[test]
    fn what_went_is_told_once_a_minute() {
        let book = MetadataBook::default();
        let (ours, other) = (ServerId(Uuid::nil()), ServerId(Uuid::from_u128(1)));
        for (server, metric, help) in [
            (ours, "calls", "Calls."),
            (other, "calls", "Something else."),
            (ours, "orders_total", "Not these."),
            (ours, "node_load1", "As an exporter says it."),
        ] {
            let said = Metadata {
                kind: FamilyKind::Histogram,
                help: help.to_owned(),
                unit: String::new(),
            };
            book.note(server, metric, said);
        }
        let mut descriptions = Descriptions::new(book);
        let mut sent = Sent::default();
        let minute = Duration::from_mins(1);
        assert!(descriptions.due(&sent, minute).is_empty());
        sent.servers.insert(ours);
        let metrics = ["calls_bucket", "node_load1", "unheard_of"];
        sent.metrics.extend(metrics.map(ToOwned::to_owned));
        let known = descriptions.known(&sent);
        let helps: Vec<_> = known.values().map(|said| said.help.as_str()).collect();
        assert_eq!(helps, ["Calls.", Metric::find("node_load1").unwrap().help]);
        let told: Vec<_> = [minute, minute * 3 / 2, minute * 2]
            .map(|now| descriptions.due(&sent, now).len())
            .into();
        assert_eq!(told, [1, 0, 1]);
    }
}
