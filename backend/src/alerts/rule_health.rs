//! How the evaluation of each rule goes, and what a rule will not find; never an evaluation itself.

use std::collections::HashMap;
use std::sync::Arc;

use common::alert::{Rule, RuleInput, RuleKind};
use common::api::rules::{EvaluatedRule, EvaluationStatus, RuleEvaluation, SavedRule};
use common::ids::RuleId;
use common::time::UnixMs;

use super::error::RuleError;
use super::measure::{LOOKBACK_MS, measure, selector};
use super::preview::ALWAYS_THERE;
use super::rule_book::RuleBook;
use super::timetable::Target;
use super::trial::targets;
use crate::query::{QueryError, Reader};
use crate::rules::{REPORTING, severity_of_presence};
use crate::store::tables;

impl RuleBook {
    /// Rules with how their evaluation goes.
    pub(super) async fn evaluated(
        &self,
        rules: Vec<Rule>,
    ) -> Result<Vec<EvaluatedRule>, RuleError> {
        let rules = Arc::new(rules);
        let (asked, now, all) = (Arc::clone(&rules), self.clock.now(), self.targets().await?);
        let work = self.query.work(move |reader| {
            let following = asked.iter().filter(|rule| !rule.input.kind.is_timed());
            let found = following.map(|rule| (rule.id, followed(reader, &rule.input, &all, now)));
            Ok(found.collect::<HashMap<RuleId, RuleEvaluation>>())
        });
        let mut followed = work.await.map_err(RuleError::Tried)?;
        let rules = Arc::unwrap_or_clone(rules).into_iter();
        let evaluated = rules.map(|rule| {
            let known = followed.remove(&rule.id);
            let evaluation = known.or_else(|| self.alerts.evaluations.of(rule.id));
            let evaluation = match evaluation {
                Some(evaluation) if rule.input.enabled => evaluation,
                _ if rule.input.enabled => nothing(EvaluationStatus::NoData),
                _ => nothing(EvaluationStatus::Off),
            };
            EvaluatedRule { rule, evaluation }
        });
        Ok(evaluated.collect())
    }

    /// A saved rule with what it will not find. That it is saved stands, whatever can be read now.
    pub async fn saved(&self, rule: Rule) -> SavedRule {
        let warnings = self.warnings(&rule.input).await.unwrap_or_else(|error| {
            tracing::warn!(%error, "what a saved rule finds could not be read");
            Vec::new()
        });
        SavedRule { rule, warnings }
    }

    async fn warnings(&self, rule: &RuleInput) -> Result<Vec<String>, RuleError> {
        let (rule, now, all) = (rule.clone(), self.clock.now(), self.targets().await?);
        let work = self
            .query
            .work(move |reader| missed(reader, &rule, &covered(&rule, &all), now));
        work.await.map_err(RuleError::Tried)
    }

    async fn targets(&self) -> Result<Vec<Target>, RuleError> {
        Ok(targets(self.store.read(tables::server::all).await?))
    }
}

fn nothing(status: EvaluationStatus) -> RuleEvaluation {
    RuleEvaluation {
        status,
        last_at: None,
        error: None,
        series: 0,
    }
}

fn covered(rule: &RuleInput, all: &[Target]) -> Vec<Target> {
    let covers = |target: &&Target| rule.scope.covers(target.id, target.group.as_deref());
    all.iter().filter(covers).cloned().collect()
}

/// How a rule goes that follows samples: which there are, and when the newest came.
fn followed(reader: &mut Reader, rule: &RuleInput, all: &[Target], now: UnixMs) -> RuleEvaluation {
    match newest(reader, rule, &covered(rule, all), now) {
        Ok((series, last_at)) => RuleEvaluation {
            // An absence is what such a rule looks for.
            status: if last_at.is_some() || series > 0 && rule.kind == RuleKind::Absence {
                EvaluationStatus::Ok
            } else {
                EvaluationStatus::NoData
            },
            last_at,
            error: None,
            series,
        },
        Err(error) => RuleEvaluation {
            error: Some(error.to_string()),
            ..nothing(EvaluationStatus::Failing)
        },
    }
}

fn newest(
    reader: &mut Reader,
    rule: &RuleInput,
    targets: &[Target],
    now: UnixMs,
) -> Result<(u64, Option<UnixMs>), QueryError> {
    let range = now.plus_ms(-LOOKBACK_MS).0..now.0.saturating_add(1);
    let metric = metric_of(rule, &rule.metric);
    let keys = reader.series(&selector(metric, &rule.matchers, targets, &range)?)?;
    let newest = reader.newest(&keys, range)?.into_iter().flatten();
    let last_at = newest.map(|(at, _)| UnixMs(at)).max();
    Ok((keys.len() as u64, last_at))
}

/// A server reports with the series that always comes.
fn metric_of<'a>(rule: &RuleInput, metric: &'a str) -> &'a str {
    if rule.kind == RuleKind::Absence && metric == REPORTING {
        ALWAYS_THERE
    } else {
        metric
    }
}

/// What a rule looks at and is not there.
fn missed(
    reader: &mut Reader,
    rule: &RuleInput,
    targets: &[Target],
    now: UnixMs,
) -> Result<Vec<String>, QueryError> {
    if targets.is_empty() {
        return Ok(vec!["no server is in its scope".to_owned()]);
    }
    if rule.kind == RuleKind::Promql {
        return Ok(missed_by_expression(reader, rule, targets, now));
    }
    let own = (!rule.metric.is_empty()).then_some((&rule.metric, &rule.matchers));
    let conditions = rule.conditions.iter();
    let asked = own
        .into_iter()
        .chain(conditions.map(|condition| (&condition.metric, &condition.matchers)));
    let mut warnings = Vec::new();
    for (metric, matchers) in asked {
        let looked = metric_of(rule, metric);
        let selector = selector(looked, matchers, targets, &(i64::MIN..i64::MAX))?;
        if reader.series(&selector)?.is_empty() {
            let with = if matchers.is_empty() {
                ""
            } else {
                " with these labels"
            };
            warnings.push(format!(
                "there is no series of {metric}{with} yet: the rule waits for one"
            ));
        }
    }
    Ok(warnings)
}

fn missed_by_expression(
    reader: &mut Reader,
    rule: &RuleInput,
    targets: &[Target],
    now: UnixMs,
) -> Vec<String> {
    match measure(reader, rule, targets, now) {
        Ok(found) if found.is_empty() && severity_of_presence(rule).is_none() => {
            vec!["the expression has no result now: the rule waits for one".to_owned()]
        }
        Ok(_) => Vec::new(),
        Err(error) => vec![format!("the expression cannot be evaluated now: {error}")],
    }
}
