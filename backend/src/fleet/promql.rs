//! Questions in PromQL about the servers that somebody may see; never how they are evaluated.

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::Arc;
use std::time::Duration;

use common::series::matcher::Matcher;

use super::Fleet;
use crate::auth::{Allowed, Scope, may};
use crate::query::promql::{At, EvaluateError, Evaluation, Expression, LabelSet, Names, Question};
use crate::query::{Engine, QueryError};

/// A question in PromQL.
#[derive(Debug, Clone)]
pub struct Asking {
    /// What is asked.
    pub expression: Expression,
    /// When.
    pub at: At,
    /// How far back a sample is looked for, milliseconds.
    pub lookback_ms: i64,
    /// How long the answer may take; `None`: as long as the settings say.
    pub timeout: Option<Duration>,
}

/// Which series are listed.
#[derive(Debug, Clone)]
pub struct Listing {
    /// Those that any of these lists of conditions means; all, without one.
    pub matches: Vec<Vec<Matcher>>,
    /// With samples in this range of milliseconds, to the hour; `None` stands for all there ever were.
    pub range: Option<Range<i64>>,
}

impl Fleet {
    /// What an expression is worth.
    pub async fn evaluate(
        &self,
        may: &Allowed<may::MetricsRead>,
        engine: &Engine,
        asking: Asking,
    ) -> Result<Evaluation, EvaluateError> {
        let work = engine.evaluate(Question {
            expression: asking.expression,
            at: asking.at,
            lookback_ms: asking.lookback_ms,
            names: self.names(may.scope()),
        });
        match asking.timeout {
            None => work.await,
            // The timer alone would let a quick answer win.
            Some(timeout) if timeout.is_zero() => Err(QueryError::TimedOut(timeout).into()),
            Some(timeout) => tokio::time::timeout(timeout, work)
                .await
                .unwrap_or(Err(QueryError::TimedOut(timeout).into())),
        }
    }

    /// Series as PromQL sees them, sorted, each once.
    pub async fn label_sets(
        &self,
        may: &Allowed<may::MetricsRead>,
        engine: &Engine,
        listing: Listing,
    ) -> Result<BTreeSet<LabelSet>, EvaluateError> {
        let add = |found: &mut BTreeSet<_>, labels| {
            found.insert(labels);
        };
        self.listed(may.scope(), engine, listing, add).await
    }

    /// The names of labels that series have, sorted.
    pub async fn label_names(
        &self,
        may: &Allowed<may::MetricsRead>,
        engine: &Engine,
        listing: Listing,
    ) -> Result<BTreeSet<String>, EvaluateError> {
        let add = |found: &mut BTreeSet<String>, labels: LabelSet| {
            for (name, _) in labels.iter() {
                put(found, name);
            }
        };
        self.listed(may.scope(), engine, listing, add).await
    }

    /// The values that a label has, sorted.
    pub async fn label_values(
        &self,
        may: &Allowed<may::MetricsRead>,
        engine: &Engine,
        listing: Listing,
        name: String,
    ) -> Result<BTreeSet<String>, EvaluateError> {
        let add = move |found: &mut BTreeSet<String>, labels: LabelSet| {
            if let Some(value) = labels.get(&name) {
                put(found, value);
            }
        };
        self.listed(may.scope(), engine, listing, add).await
    }

    /// The servers that somebody may see, as PromQL names them.
    pub(super) fn names(&self, scope: &Scope) -> Arc<Names> {
        let servers = self.all(scope, |known| {
            Some((known.row.id.0, known.row.name.clone()))
        });
        Arc::new(Names::new(servers))
    }

    async fn listed<T: Default + Send + 'static>(
        &self,
        scope: &Scope,
        engine: &Engine,
        listing: Listing,
        add: impl Fn(&mut T, LabelSet) + Send + 'static,
    ) -> Result<T, EvaluateError> {
        let Listing { mut matches, range } = listing;
        if matches.is_empty() {
            matches.push(Vec::new());
        }
        engine.list(self.names(scope), matches, range, add).await
    }
}

/// Most are there already: those are not copied.
fn put(found: &mut BTreeSet<String>, text: &str) {
    if !found.contains(text) {
        found.insert(text.to_owned());
    }
}
