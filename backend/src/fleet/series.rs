//! Which series there are; never their samples.

use std::collections::{BTreeMap, BTreeSet};

use common::api::metrics::{StoredMetric, StoredSeries};
use common::api::series_match::SeriesMatch;
use common::ids::ServerId;
use common::series::matcher::{Filter, Matcher};
use common::series::{Labels, MetricName, SeriesKey};

use super::{Fleet, ReadingsError};
use crate::auth::{Allowed, Scope, may};
use crate::ingest::Metadata;
use crate::query::{Engine, QueryError, Selector};

/// Names the server in a match; no series has it as a label of its own.
const SERVER: &str = "server";

impl Fleet {
    /// The series that any of `matches` means, by server, metric and labels.
    pub async fn series(
        &self,
        may: &Allowed<may::MetricsRead>,
        engine: &Engine,
        server: Option<ServerId>,
        matches: Vec<SeriesMatch>,
    ) -> Result<Vec<StoredSeries>, ReadingsError> {
        let servers = self.asked(may.scope(), server)?;
        let mut keys = BTreeSet::new();
        for one in matches {
            let selector = self.selector(one, &servers).map_err(ReadingsError::Match)?;
            let found = engine.series(selector).await;
            keys.extend(found.map_err(ReadingsError::Match)?);
        }
        Ok(keys.into_iter().map(|key| self.stored(key)).collect())
    }

    /// The metrics that have series, by name.
    pub fn metric_names(
        &self,
        may: &Allowed<may::MetricsRead>,
        server: Option<ServerId>,
    ) -> Result<Vec<StoredMetric>, ReadingsError> {
        let servers = self.asked(may.scope(), server)?;
        let names = self.0.store.metrics().metric_names(&servers);
        let stored = names.into_iter().map(|(metric, series)| StoredMetric {
            metric: metric.as_str().to_owned(),
            series,
        });
        Ok(stored.collect())
    }

    /// What exporters and senders said that metrics are, by name; with `metric` that one alone.
    pub fn described(
        &self,
        may: &Allowed<may::MetricsRead>,
        metric: Option<&str>,
    ) -> BTreeMap<String, Vec<Metadata>> {
        let servers: BTreeSet<ServerId> = self.ids(may.scope()).into_iter().collect();
        let book = self.0.ingest.metadata();
        book.known(|server| servers.contains(&server), metric)
    }

    /// The server that was asked about; without one all that are seen.
    pub(super) fn asked(
        &self,
        scope: &Scope,
        server: Option<ServerId>,
    ) -> Result<Vec<ServerId>, ReadingsError> {
        match server {
            Some(id) if !self.knows(scope, id) => Err(ReadingsError::NoServer),
            Some(id) => Ok(vec![id]),
            None => Ok(self.ids(scope)),
        }
    }

    /// `{server="web-1"}` chooses the server by its name.
    pub(super) fn selector(
        &self,
        wanted: SeriesMatch,
        servers: &[ServerId],
    ) -> Result<Selector, QueryError> {
        let of_server = |one: &Matcher| one.name == SERVER;
        let (named, of_series): (Vec<_>, Vec<_>) = wanted.labels.0.into_iter().partition(of_server);
        let (named, filter) = (Filter::new(&named)?, Filter::new(&of_series)?);
        if wanted.metric.is_none() && named.wants_all() && filter.wants_all() {
            return Err(QueryError::AnySeries);
        }
        let is_meant = |id: &ServerId| {
            let name = self.name(*id).unwrap_or_default();
            named.wants("", &Labels::one(SERVER, &name))
        };
        Ok(Selector {
            servers: Some(servers.iter().copied().filter(is_meant).collect()),
            metric: wanted.metric.map(MetricName::from),
            filter,
            from_ms: i64::MIN,
            to_ms: i64::MAX,
        })
    }

    fn stored(&self, key: SeriesKey) -> StoredSeries {
        StoredSeries {
            server_id: key.server,
            server: self.name(key.server).unwrap_or_default(),
            metric: key.metric.as_str().to_owned(),
            labels: key.labels,
        }
    }
}
