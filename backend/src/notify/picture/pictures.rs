//! Reads what a picture shows and has it drawn, few at a time; never decides who sees it.

use std::sync::Arc;

use common::alert::RuleInput;
use common::api::metrics::PixelWidth;
use common::chart::{ChartSpec, Point};
use common::ids::AlertId;
use common::series::matcher::{Filter, Matcher};
use common::time::UnixMs;
use tokio::sync::Semaphore;

use super::draw::{Picture, draw};
use super::error::PictureError;
use super::spec;
use super::theme::Look;
use crate::auth::{Allowed, Scope, may};
use crate::clock::Clock;
use crate::query::{Engine, Request, Resolution, Selector};
use crate::rules::REPORTING;
use crate::store::tables::alert::AlertRow;
use crate::store::{Store, StoreError, tables};

/// Pictures that are drawn at once: each takes ten megabytes while it is drawn.
const TOGETHER: usize = 2;
/// Pixel columns that are asked for: the lowest and the highest of each is drawn.
const COLUMNS: i64 = 600;
/// What is drawn for an alert that no samples come: where they end.
const IN_ITS_PLACE: &str = "host_cpu_usage_percent";

/// Makes pictures of alerts. Clones share it.
#[derive(Debug, Clone)]
pub struct Pictures {
    store: Store,
    query: Engine,
    clock: Clock,
    gate: Arc<Semaphore>,
}

impl Pictures {
    /// Pictures of what is in `store`, whose metrics `query` answers.
    pub fn new(store: Store, query: Engine, clock: Clock) -> Self {
        Self {
            store,
            query,
            clock,
            gate: Arc::new(Semaphore::new(TOGETHER)),
        }
    }

    /// The picture of an alert as of now, for who may see it.
    pub async fn show(
        &self,
        may: &Allowed<may::AlertsRead>,
        id: AlertId,
        look: Look,
    ) -> Result<Picture, PictureError> {
        self.seen(may.scope(), id, look).await
    }

    /// The picture of an alert as of now, for a message.
    pub async fn of(&self, id: AlertId, look: Look) -> Result<Picture, PictureError> {
        self.seen(&Scope::All, id, look).await
    }

    async fn seen(&self, scope: &Scope, id: AlertId, look: Look) -> Result<Picture, PictureError> {
        let chart = self.chart(scope.clone(), id).await?;
        let stopped = |_| PictureError::Drawing("the server is stopping".to_owned());
        let gate = Arc::clone(&self.gate);
        let turn = gate.acquire_owned().await.map_err(|error| {
            let closed = error.to_string();
            PictureError::Drawing(closed)
        })?;
        let drawn = tokio::task::spawn_blocking(move || {
            let picture = draw(&chart, look);
            drop(turn);
            picture
        });
        drawn.await.map_err(stopped)?
    }

    async fn chart(&self, scope: Scope, id: AlertId) -> Result<ChartSpec, PictureError> {
        let read = self.store.read(move |conn| {
            let Some(alert) = scope.find_alert(conn, id)? else {
                return Ok(None);
            };
            let steps = tables::alert_history::of(conn, id)?;
            let rule = tables::rule::find(conn, alert.rule_id.0)?;
            Ok::<_, StoreError>(Some((alert, steps, rule)))
        });
        let (mut alert, steps, rule) = read.await?.ok_or(PictureError::NotFound(id))?;
        if alert.metric == REPORTING {
            IN_ITS_PLACE.clone_into(&mut alert.metric);
        }
        let rule: Option<RuleInput> = rule.map(|row| row.definition.0);
        let window = spec::window(&alert, self.clock.now());
        let points = self.points(&alert, window.from, window.to).await?;
        Ok(spec::chart(&alert, &steps, rule.as_ref(), window, points))
    }

    /// The readings of the alert's own series.
    async fn points(
        &self,
        alert: &AlertRow,
        from: UnixMs,
        to: UnixMs,
    ) -> Result<Vec<Point>, PictureError> {
        let labels = &alert.series_labels.0;
        let matchers: Vec<Matcher> = labels
            .iter()
            .map(|(name, value)| Matcher::equal(name, value))
            .collect();
        let filter = Filter::new(&matchers).map_err(crate::query::QueryError::from)?;
        let request = Request {
            selector: Selector {
                servers: Some(vec![alert.server_id.0]),
                metric: Some(alert.metric.as_str().into()),
                filter,
                from_ms: from.0,
                to_ms: to.0 + 1,
            },
            resolution: Resolution::Columns {
                width: PixelWidth::nearest(COLUMNS),
                sum: false,
            },
        };
        let answers = self.query.run(request).await?;
        let own = answers
            .into_iter()
            .find(|answer| answer.key.labels == *labels);
        let points = own.map(|answer| answer.points).unwrap_or_default();
        let point = |(at, value)| Point {
            at: UnixMs(at),
            value,
        };
        Ok(points.into_iter().map(point).collect())
    }
}
