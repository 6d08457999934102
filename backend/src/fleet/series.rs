//! Which series there are; never their samples.

use std::collections::BTreeSet;

use common::api::metrics::StoredSeries;
use common::api::series_match::SeriesMatch;
use common::ids::ServerId;
use common::series::{Labels, SeriesKey};

use super::{Fleet, ReadingsError};
use crate::auth::{Allowed, may};
use crate::query::{Engine, Selector};

/// Names the server in a match; no series has it as a label of its own.
const SERVER: &str = "server";

impl Fleet {
    /// The series that any of `matches` means, by server, metric and labels.
    pub async fn series(
        &self,
        _: &Allowed<may::MetricsRead>,
        engine: &Engine,
        server: Option<ServerId>,
        matches: Vec<SeriesMatch>,
    ) -> Result<Vec<StoredSeries>, ReadingsError> {
        let servers = match server {
            Some(id) if !self.knows(id) => return Err(ReadingsError::NoServer),
            Some(id) => vec![id],
            None => self.ids(),
        };
        let mut keys = BTreeSet::new();
        for one in matches {
            let selector = self.selector(&one, &servers);
            let found = engine.series(selector).await;
            keys.extend(found.map_err(ReadingsError::Match)?);
        }
        Ok(keys.into_iter().map(|key| self.stored(key)).collect())
    }

    /// `{server="web-1"}` chooses the server by its name.
    fn selector(&self, wanted: &SeriesMatch, servers: &[ServerId]) -> Selector {
        let named = wanted.labels.get(SERVER);
        let is_meant = |id: &ServerId| {
            named.is_none_or(|named| self.name(*id).is_some_and(|name| name == named))
        };
        let of_series = wanted.labels.iter().filter(|(name, _)| *name != SERVER);
        Selector {
            servers: Some(servers.iter().copied().filter(is_meant).collect()),
            metric: wanted.metric.as_str().into(),
            labels: of_series.collect::<Labels>(),
            from_ms: i64::MIN,
            to_ms: i64::MAX,
        }
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
