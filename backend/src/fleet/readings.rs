//! Questions about stored metrics of the servers; never how they are computed.

use common::api::metrics::{AnsweredSeries, MetricAnswer, MetricExportParams, MetricQuery};
use common::api::series_match::SeriesMatch;
use common::metric::Metric;
use common::series::SeriesKey;
use common::series::matcher::Filter;

use super::Fleet;
use crate::auth::{Allowed, Scope, may};
use crate::query::{Answer, Chunks, Engine, QueryError, Request, Resolution, Selector};

/// Why a question about readings has no answer.
#[derive(Debug, thiserror::Error)]
pub enum ReadingsError {
    /// There is no such server.
    #[error("there is no such server")]
    NoServer,
    /// The engine has no answer.
    #[error(transparent)]
    Query(#[from] QueryError),
    /// One of several matches of series has no answer.
    #[error(transparent)]
    Match(QueryError),
    /// One of several questions has no answer.
    #[error("question {index}: {error}")]
    OneOfSeveral {
        /// Which one, from 0.
        index: usize,
        /// Why.
        error: Box<ReadingsError>,
    },
}

impl Fleet {
    /// Answers a question about stored metrics.
    pub async fn query(
        &self,
        may: &Allowed<may::MetricsRead>,
        engine: &Engine,
        query: MetricQuery,
    ) -> Result<MetricAnswer, ReadingsError> {
        self.answer(may.scope(), engine, query).await
    }

    /// Answers several questions, all or none.
    pub async fn query_several(
        &self,
        may: &Allowed<may::MetricsRead>,
        engine: &Engine,
        queries: Vec<MetricQuery>,
    ) -> Result<Vec<MetricAnswer>, ReadingsError> {
        let mut answers = Vec::with_capacity(queries.len());
        for (index, query) in queries.into_iter().enumerate() {
            let answer = self.answer(may.scope(), engine, query).await;
            answers.push(answer.map_err(|error| ReadingsError::OneOfSeveral {
                index,
                error: Box::new(error),
            })?);
        }
        Ok(answers)
    }

    /// The answer to a question in pieces, for a file: without a limit on its points.
    pub async fn export(
        &self,
        may: &Allowed<may::MetricsRead>,
        engine: &Engine,
        params: MetricExportParams,
        matches: Vec<SeriesMatch>,
    ) -> Result<Chunks, ReadingsError> {
        let servers = self.asked(may.scope(), params.server)?;
        let of_metric = SeriesMatch {
            metric: params.metric,
            labels: params.labels.unwrap_or_default(),
        };
        let is_match = !matches.is_empty();
        if is_match && (of_metric.metric.is_some() || !of_metric.labels.is_empty()) {
            return Err(ReadingsError::Match(QueryError::MatchAndMetric));
        }
        let wanted = if is_match { matches } else { vec![of_metric] };
        let to_ms = params.to.unwrap_or_else(|| self.now()).0;
        let selectors = wanted.into_iter().map(|one| {
            let selector = self.selector(one, &servers)?;
            Ok(Selector {
                from_ms: params.from.0,
                to_ms,
                ..selector
            })
        });
        let selectors: Result<Vec<Selector>, QueryError> = selectors.collect();
        let named = if is_match {
            ReadingsError::Match
        } else {
            ReadingsError::Query
        };
        let resolution = Resolution::of(params.step, params.agg.unwrap_or_default());
        let chunks = engine.chunks(selectors.map_err(named)?, resolution);
        chunks.await.map_err(named)
    }

    /// A series as the API names it, still without points.
    pub fn named(&self, key: &SeriesKey) -> AnsweredSeries {
        AnsweredSeries {
            server_id: key.server,
            server: self.name(key.server).unwrap_or_default(),
            metric: key.metric.as_str().to_owned(),
            labels: key.labels.clone(),
            unit: Metric::find(&key.metric).map(|metric| metric.unit),
            points: Vec::new(),
        }
    }

    async fn answer(
        &self,
        scope: &Scope,
        engine: &Engine,
        query: MetricQuery,
    ) -> Result<MetricAnswer, ReadingsError> {
        let answers = engine.run(self.request(scope, query)?).await?;
        let series = answers
            .into_iter()
            .map(|Answer { key, points }| AnsweredSeries {
                points,
                ..self.named(&key)
            });
        Ok(MetricAnswer {
            series: series.collect(),
        })
    }

    /// A question to the engine: every server that is seen, unless it names one.
    fn request(&self, scope: &Scope, query: MetricQuery) -> Result<Request, ReadingsError> {
        let resolution = resolution(&query)?;
        let servers = self.asked(scope, query.server)?;
        Ok(Request {
            selector: Selector {
                servers: Some(servers),
                metric: Some(query.metric.into()),
                filter: Filter::new(&query.labels.0).map_err(QueryError::from)?,
                from_ms: query.from.0,
                to_ms: query.to.unwrap_or_else(|| self.now()).0,
            },
            resolution,
        })
    }
}

/// What points are asked for.
fn resolution(query: &MetricQuery) -> Result<Resolution, QueryError> {
    match (query.width, query.step) {
        (Some(_), Some(_)) => Err(QueryError::Contradiction(
            "stands in the place of a step: leave one of them out",
        )),
        (Some(width), None) => Ok(Resolution::Columns {
            width,
            sum: query.sum,
        }),
        (None, _) if query.sum => Err(QueryError::Contradiction(
            "is missing: series are added up for a picture alone",
        )),
        (None, step) => Ok(Resolution::of(step, query.agg)),
    }
}
