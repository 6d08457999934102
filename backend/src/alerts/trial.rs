//! What a rule is tried on: the servers and series it would look at, in a range; never what comes of it.

use std::collections::HashMap;
use std::ops::Range;

use common::alert::RuleInput;
use common::api::servers::ServerKind;
use common::ids::ServerId;
use common::problem::FieldError;
use common::time::UnixMs;

use super::error::RuleError;
use super::measure::selector;
use super::rule_book::{RuleBook, check};
use super::timetable::Target;
use crate::auth::Scope;
use crate::query::{QueryError, Selector};
use crate::store::tables;
use crate::store::tables::server::ServerRow;

/// Most days that a rule is tried on.
const MOST_DAYS: i64 = 31;
const DAY_MS: i64 = 86_400_000;

/// A rule with what it is tried on.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Trial {
    pub(super) rule: RuleInput,
    pub(super) range: Range<i64>,
    /// The servers in the rule's scope and the person's, by name.
    pub(super) targets: Vec<Target>,
    /// Seconds between the samples of each.
    pub(super) intervals: HashMap<ServerId, u32>,
}

impl RuleBook {
    /// Checks rule and range, and finds the servers in the rule's scope that somebody sees.
    pub(super) async fn trial(
        &self,
        scope: &Scope,
        rule: RuleInput,
        (from, to): (UnixMs, UnixMs),
    ) -> Result<Trial, RuleError> {
        check_range(from, to)?;
        check(&rule).map_err(inside_rule)?;
        let rows = self.store.read(tables::server::all).await?;
        let covered: Vec<_> = rows
            .into_iter()
            .filter(|row| {
                let group = row.group_name.as_deref();
                rule.scope.covers(row.id.0, group) && scope.sees(group)
            })
            .collect();
        let seconds = |row: &ServerRow| u32::try_from(row.interval_seconds).unwrap_or(1);
        Ok(Trial {
            intervals: covered.iter().map(|row| (row.id.0, seconds(row))).collect(),
            targets: targets(covered),
            range: from.0..to.0.min(self.clock.now().plus_ms(1).0).max(from.0),
            rule,
        })
    }
}

impl Trial {
    /// What the store is asked for: the series of a metric with the rule's labels.
    pub(super) fn selector(&self, metric: &str) -> Result<Selector, QueryError> {
        selector(metric, &self.rule.matchers, &self.targets, &self.range)
    }
}

/// The servers of rows, by name.
pub(super) fn targets(rows: Vec<ServerRow>) -> Vec<Target> {
    let mut targets: Vec<Target> = rows
        .into_iter()
        .map(|row| Target {
            id: row.id.0,
            name: row.name,
            group: row.group_name,
            is_local: row.kind.0 == ServerKind::Local,
        })
        .collect();
    targets.sort_by(|a, b| a.name.cmp(&b.name));
    targets
}

fn check_range(from: UnixMs, to: UnixMs) -> Result<(), RuleError> {
    let refused = |field: &str, message: &str| {
        let error = FieldError::new(field, message);
        Err(RuleError::Invalid(vec![error]))
    };
    if to.since_ms(from) <= 0 {
        return refused("to", "must lie after from");
    }
    if to.since_ms(from) > MOST_DAYS * DAY_MS {
        return refused("from", "must lie at most 31 days before to");
    }
    Ok(())
}

/// The rule is a field of the request.
fn inside_rule(error: RuleError) -> RuleError {
    match error {
        RuleError::Invalid(errors) => {
            let inside = |it: FieldError| FieldError::new(format!("rule.{}", it.field), it.message);
            RuleError::Invalid(errors.into_iter().map(inside).collect())
        }
        other => other,
    }
}
