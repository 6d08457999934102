//! Questions about stored metrics of the servers; never how they are computed.

use common::api::metrics::{AnsweredSeries, MetricAnswer, MetricQuery};
use common::ids::ServerId;
use common::metric::Metric;
use common::series::SeriesKey;

use super::Fleet;
use crate::auth::{Allowed, may};
use crate::query::{Answer, Chunks, Engine, QueryError, Request, Selector};

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
        _: &Allowed<may::MetricsRead>,
        engine: &Engine,
        query: MetricQuery,
    ) -> Result<MetricAnswer, ReadingsError> {
        self.answer(engine, query).await
    }

    /// Answers several questions, all or none.
    pub async fn query_several(
        &self,
        _: &Allowed<may::MetricsRead>,
        engine: &Engine,
        queries: Vec<MetricQuery>,
    ) -> Result<Vec<MetricAnswer>, ReadingsError> {
        let mut answers = Vec::with_capacity(queries.len());
        for (index, query) in queries.into_iter().enumerate() {
            let answer = self.answer(engine, query).await;
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
        _: &Allowed<may::MetricsRead>,
        engine: &Engine,
        query: MetricQuery,
    ) -> Result<Chunks, ReadingsError> {
        Ok(engine.chunks(self.request(query)?).await?)
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
        engine: &Engine,
        query: MetricQuery,
    ) -> Result<MetricAnswer, ReadingsError> {
        let answers = engine.run(self.request(query)?).await?;
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

    /// A question to the engine: every server that there is, unless it names one.
    fn request(&self, query: MetricQuery) -> Result<Request, ReadingsError> {
        let servers: Vec<ServerId> = match query.server {
            Some(id) if !self.knows(id) => return Err(ReadingsError::NoServer),
            Some(id) => vec![id],
            None => self.ids(),
        };
        Ok(Request {
            selector: Selector {
                servers: Some(servers),
                metric: query.metric.into(),
                labels: query.labels,
                from_ms: query.from.0,
                to_ms: query.to.unwrap_or_else(|| self.now()).0,
            },
            step_seconds: query.step,
            aggregation: query.agg,
        })
    }
}
