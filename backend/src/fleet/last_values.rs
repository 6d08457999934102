//! The last values of all servers on a page of metrics; never older ones, never Watchpost's own.

use std::collections::HashMap;
use std::sync::Arc;

use common::ids::ServerId;
use common::metric::{Metric, MetricKind};
use common::series::matcher::Filter;
use common::series::{Labels, SeriesKey};
use common::time::UnixMs;

use super::Fleet;
use crate::auth::Scraper;
use crate::exposition::{Kind, Page, Point, Wanted};
use crate::query::{Engine, QueryError, Selector};

/// What is older is no value of now.
const RECENT_MS: i64 = 5 * 60 * 1_000;

/// Names the server in a choice of series; it is not on the page.
const SERVER: &str = "server";

impl Fleet {
    /// Adds the last values of the series that are wanted and seen, each with its time.
    pub async fn add_last_values(
        &self,
        may: &Scraper,
        engine: &Engine,
        wanted: &Wanted,
        page: &mut Page,
    ) -> Result<(), QueryError> {
        let names = self.all(may.scope(), |known| {
            Some((known.row.id.0, known.row.name.clone()))
        });
        let names: Arc<HashMap<ServerId, String>> = Arc::new(names.into_iter().collect());
        let now = self.now();
        let selector = Selector {
            servers: Some(names.keys().copied().collect()),
            metric: None,
            filter: Filter::default(),
            from_ms: now.plus_ms(-RECENT_MS).0,
            to_ms: now.plus_ms(1).0,
        };
        let (wanted, known) = (wanted.clone(), Arc::clone(&names));
        let wants = move |key: &SeriesKey| {
            if wanted.is_all() {
                return true;
            }
            let server = known.get(&key.server).map_or("", String::as_str);
            let is_known = Metric::find(&key.metric).is_some();
            let mut labels = leaving(&key.labels, server, is_known);
            if key.labels.get(SERVER).is_none() {
                labels.push((SERVER, server));
            }
            wanted.wants(&key.metric, &Labels::of(&labels))
        };
        let values = engine.last(selector, wants).await?;
        let mut metric = (None, false);
        for last in &values {
            let server = names.get(&last.key.server).map_or("", String::as_str);
            // Those of one metric stand together, mostly.
            if metric.0 != Some(&last.key.metric) {
                metric = (Some(&last.key.metric), describe(page, &last.key.metric));
            }
            let point = Point {
                value: last.value,
                at: Some(UnixMs(last.at_ms)),
            };
            let labels = leaving(&last.key.labels, server, metric.1);
            page.add(&last.key.metric, &labels, point);
        }
        Ok(())
    }
}

/// The labels of a series as it leaves, by name: `instance` names its server, and the job of what
/// the catalogue has is `node`, unless it has its own.
pub(super) fn leaving<'a>(
    own: &'a Labels,
    server: &'a str,
    is_known: bool,
) -> Vec<(&'a str, &'a str)> {
    let mut labels: Vec<(&str, &str)> = own.iter().collect();
    if own.get("instance").is_none() {
        labels.push(("instance", server));
    }
    if is_known && own.get("job").is_none() {
        labels.push(("job", "node"));
    }
    labels.sort_unstable();
    labels
}

/// Says what a metric of the catalogue is; whether it is one.
fn describe(page: &mut Page, name: &str) -> bool {
    let Some(metric) = Metric::find(name) else {
        return false;
    };
    let kind = match metric.kind {
        MetricKind::Gauge => Kind::Gauge,
        MetricKind::Counter => Kind::Counter,
    };
    page.describe(name, kind, Some(metric.help));
    true
}
