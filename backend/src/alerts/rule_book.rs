//! The rules that people keep: read, made, changed, removed; never evaluated.

use common::alert::{Rule, RuleInput, RulePatch, RuleScope};
use common::api::rules::EvaluatedRule;
use common::ids::{ChannelId, RuleId};
use common::problem::FieldError;
use common::version::{Seen, Version};
use uuid::Uuid;

use super::error::RuleError;
use super::handle::Alerts;
use crate::auth::{Allowed, Scope, may};
use crate::clock::Clock;
use crate::query::Engine;
use crate::query::promql::Expression;
use crate::rules;
use crate::store::{Connection, Store, StoreError, tables};

/// The book of rules. A change is answered once it is durable and the engine goes by it.
#[derive(Debug, Clone)]
pub struct RuleBook {
    pub(super) store: Store,
    pub(super) clock: Clock,
    pub(super) query: Engine,
    pub(super) alerts: Alerts,
}

impl RuleBook {
    /// The book whose changes `alerts` is told of, and which tries rules on what `query` finds.
    pub fn new(store: Store, clock: Clock, query: Engine, alerts: Alerts) -> Self {
        Self {
            store,
            clock,
            query,
            alerts,
        }
    }

    /// Up to `limit` rules by name, those after the name `after`.
    pub async fn page(
        &self,
        _may: &Allowed<may::AlertsRead>,
        after: Option<String>,
        limit: usize,
    ) -> Result<Vec<EvaluatedRule>, RuleError> {
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let rows = self
            .store
            .read(move |conn| tables::rule::page(conn, after.as_deref(), limit))
            .await?;
        self.evaluated(rows.into_iter().map(Rule::from).collect())
            .await
    }

    /// The rule with that id.
    pub async fn get(
        &self,
        _may: &Allowed<may::AlertsRead>,
        id: RuleId,
    ) -> Result<EvaluatedRule, RuleError> {
        let row = self
            .store
            .read(move |conn| tables::rule::find(conn, id))
            .await?;
        let rule = row.map(Rule::from).ok_or(RuleError::NotFound(id))?;
        let evaluated = self.evaluated(vec![rule]).await?;
        evaluated.into_iter().next().ok_or(RuleError::NotFound(id))
    }

    /// Adds a rule.
    pub async fn create(
        &self,
        may: &Allowed<may::RulesWrite>,
        input: RuleInput,
    ) -> Result<Rule, RuleError> {
        check(&input)?;
        let now = self.clock.now();
        let rule = Rule {
            id: RuleId(Uuid::now_v7()),
            version: 1,
            created_at: now,
            updated_at: now,
            input,
        };
        let row = rule.clone().into();
        let (name, input) = (rule.input.name.clone(), rule.input.clone());
        let scope = may.scope().clone();
        self.store
            .change(&may.actor(), move |conn| {
                must_hold(conn, &scope, &input.scope)?;
                check_channels(conn, &input)?;
                tables::rule::insert(conn, &row).map_err(|error| refused(error, name))
            })
            .await?;
        self.changed().await;
        Ok(rule)
    }

    /// Replaces a rule that the caller saw as `seen`; a rule that is already so stays untouched.
    pub async fn replace(
        &self,
        may: &Allowed<may::RulesWrite>,
        id: RuleId,
        input: RuleInput,
        seen: Seen,
    ) -> Result<Rule, RuleError> {
        self.change(may, id, seen, |_| input).await
    }

    /// Changes some fields of a rule that the caller saw as `seen`.
    pub async fn patch(
        &self,
        may: &Allowed<may::RulesWrite>,
        id: RuleId,
        patch: RulePatch,
        seen: Seen,
    ) -> Result<Rule, RuleError> {
        self.change(may, id, seen, |before| patch.apply(before))
            .await
    }

    /// Removes a rule that the caller saw as `seen`; its open alerts are resolved.
    pub async fn delete(
        &self,
        may: &Allowed<may::RulesWrite>,
        id: RuleId,
        seen: Seen,
    ) -> Result<(), RuleError> {
        let scope = may.scope().clone();
        self.store
            .change(&may.actor(), move |conn| {
                let row = tables::rule::find(conn, id)?.ok_or(RuleError::NotFound(id))?;
                if !seen.fits(Version(row.version.into())) {
                    return Err(RuleError::Changed);
                }
                must_hold(conn, &scope, &Rule::from(row).input.scope)?;
                Ok(tables::rule::delete(conn, id)?)
            })
            .await?;
        self.changed().await;
        Ok(())
    }

    /// Waits until the engine goes by the rules as they are now.
    pub async fn changed(&self) {
        self.alerts.reload().await;
    }

    async fn change(
        &self,
        may: &Allowed<may::RulesWrite>,
        id: RuleId,
        seen: Seen,
        change: impl FnOnce(RuleInput) -> RuleInput + Send + 'static,
    ) -> Result<Rule, RuleError> {
        let (now, scope) = (self.clock.now(), may.scope().clone());
        let rule = self
            .store
            .change(&may.actor(), move |conn| {
                let row = tables::rule::find(conn, id)?.ok_or(RuleError::NotFound(id))?;
                if !seen.fits(Version(row.version.into())) {
                    return Err(RuleError::Changed);
                }
                let before = Rule::from(row);
                let input = change(before.input.clone());
                check(&input)?;
                must_hold(conn, &scope, &before.input.scope)?;
                must_hold(conn, &scope, &input.scope)?;
                if input == before.input {
                    return Ok(before);
                }
                if input.channels != before.input.channels {
                    check_channels(conn, &input)?;
                }
                let rule = Rule {
                    version: before.version + 1,
                    updated_at: now,
                    input,
                    ..before
                };
                let row = rule.clone().into();
                tables::rule::update(conn, &row)
                    .map_err(|error| refused(error, rule.input.name.clone()))?;
                Ok(rule)
            })
            .await?;
        self.changed().await;
        Ok(rule)
    }
}

/// Refuses a rule that makes no sense.
pub(super) fn check(input: &RuleInput) -> Result<(), RuleError> {
    let wrong = rules::check(input);
    let mut wrong: Vec<_> = wrong
        .into_iter()
        .map(|it| FieldError::new(it.field, it.message))
        .collect();
    if let Some(text) = input.expression.as_deref().filter(|_| wrong.is_empty())
        && let Err(error) = Expression::parse(text)
    {
        wrong.push(FieldError::new("expression", error.to_string()));
    }
    if wrong.is_empty() {
        Ok(())
    } else {
        Err(RuleError::Invalid(wrong))
    }
}

/// Refuses channels that do not exist.
fn check_channels(conn: &mut Connection, input: &RuleInput) -> Result<(), RuleError> {
    let wrong = unknown_channels(conn, input)?;
    if wrong.is_empty() {
        Ok(())
    } else {
        Err(RuleError::Invalid(wrong))
    }
}

/// What is wrong with the channels that a rule names.
pub(super) fn unknown_channels(
    conn: &mut Connection,
    input: &RuleInput,
) -> Result<Vec<FieldError>, StoreError> {
    let mut wrong = Vec::new();
    for (index, id) in input.channels.iter().enumerate() {
        if tables::channel::find(conn, ChannelId(*id))?.is_none() {
            let field = format!("channels[{index}]");
            wrong.push(FieldError::new(field, format!("there is no channel {id}")));
        }
    }
    Ok(wrong)
}

/// Refuses a rule that applies to servers which the person does not see.
pub(super) fn must_hold(
    conn: &mut Connection,
    scope: &Scope,
    rule: &RuleScope,
) -> Result<(), RuleError> {
    let holds = scope.holds_rule(conn, rule)?;
    holds.then_some(()).ok_or(RuleError::OutOfScope)
}

/// The name is the one unique field of a rule.
fn refused(error: StoreError, name: String) -> RuleError {
    if error.is_unique_violation() {
        RuleError::NameTaken(name)
    } else {
        error.into()
    }
}
