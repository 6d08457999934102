//! Reads what a picture shows and has it drawn, few at a time; never decides who sees it.

use std::sync::Arc;

use bytes::Bytes;
use common::api::metrics::PixelWidth;
use common::chart::{ChartSpec, Point, TimeWindow};
use common::ids::AlertId;
use common::series::SeriesKey;
use common::series::matcher::{Filter, Matcher};
use common::time::UnixMs;
use tokio::sync::Semaphore;

use super::draw::{Picture, draw};
use super::error::PictureError;
use super::spec;
use super::theme::Look;
use crate::alerts::{CurveOf, CurveValues};
use crate::auth::{Allowed, Scope, may};
use crate::clock::Clock;
use crate::query::{Engine, QueryError, Request, Resolution, Selector};
use crate::store::{Store, StoreError, tables};

/// Pictures that are drawn at once: each takes ten megabytes while it is drawn.
const TOGETHER: usize = 2;
/// Pixel columns that are asked for: the lowest and the highest of each is drawn.
const COLUMNS: i64 = 600;

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

    /// The file of the picture that was kept of an alert when it fired, for who may see it.
    pub async fn kept(
        &self,
        may: &Allowed<may::AlertsRead>,
        id: AlertId,
    ) -> Result<Bytes, PictureError> {
        let scope = may.scope().clone();
        let read = self.store.read(move |conn| {
            if scope.find_alert(conn, id)?.is_none() {
                return Ok(None);
            }
            Ok::<_, StoreError>(Some(tables::alert_picture::find(conn, id)?))
        });
        let kept = read.await?.ok_or(PictureError::NotFound(id))?;
        kept.map(Bytes::from).ok_or(PictureError::NotKept(id))
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

    /// What the picture of an alert shows, as of now.
    pub(super) async fn chart(&self, scope: Scope, id: AlertId) -> Result<ChartSpec, PictureError> {
        let read = self.store.read(move |conn| {
            let Some(alert) = scope.find_alert(conn, id)? else {
                return Ok(None);
            };
            let (began, steps) = (alert.started_at.0, tables::alert_history::of(conn, id)?);
            Ok::<_, StoreError>(Some((began, steps, CurveOf::alert(conn, alert)?)))
        });
        let (began, steps, asked) = read.await?.ok_or(PictureError::NotFound(id))?;
        let window = spec::window(began, self.clock.now());
        // An expression may add up servers that who looks does not see: what came of it is the alert's own value.
        let curve = asked.over(&self.query, window.from.0..window.to.0 + 1);
        let curve = curve.await?;
        let points = match &curve.values {
            CurveValues::Readings(key) => self.readings(key, window).await?,
            CurveValues::Found { points, .. } => {
                let point = |(at, value): &(i64, f64)| Point::new(UnixMs(*at), *value);
                points.iter().map(point).collect()
            }
        };
        Ok(spec::chart(&curve, &steps, window, points))
    }

    /// The readings of one series.
    async fn readings(
        &self,
        key: &SeriesKey,
        window: TimeWindow,
    ) -> Result<Vec<Point>, QueryError> {
        let matchers: Vec<Matcher> = key
            .labels
            .iter()
            .map(|(name, value)| Matcher::equal(name, value))
            .collect();
        let request = Request {
            selector: Selector {
                servers: Some(vec![key.server]),
                metric: Some(key.metric.clone()),
                filter: Filter::new(&matchers)?,
                from_ms: window.from.0,
                to_ms: window.to.0 + 1,
            },
            resolution: Resolution::Columns {
                width: PixelWidth::nearest(COLUMNS),
                sum: false,
            },
        };
        let answers = self.query.run(request).await?;
        let own = answers.into_iter().find(|answer| answer.key == *key);
        let points = own.map(|answer| answer.points).unwrap_or_default();
        let point = |(at, value)| Point {
            at: UnixMs(at),
            value,
        };
        Ok(points.into_iter().map(point).collect())
    }
}
