//! The rules in memory, found by metric; never their state.

use std::collections::HashMap;
use std::sync::Arc;

use common::alert::{Rule, RuleKind};
use common::ids::RuleId;
use common::series::MetricName;

use crate::store::{Store, StoreError, tables};

/// A rule ready to be evaluated.
#[derive(Debug, PartialEq)]
pub(super) struct Active {
    /// The rule.
    pub(super) rule: Rule,
    /// Its metric, cheap to clone.
    pub(super) metric: MetricName,
}

/// The enabled rules.
#[derive(Debug, Default)]
pub(super) struct RuleIndex {
    all: HashMap<RuleId, Arc<Active>>,
    by_metric: HashMap<MetricName, Vec<Arc<Active>>>,
    absences: Vec<Arc<Active>>,
}

impl RuleIndex {
    /// Reads the rules anew.
    pub(super) async fn read(store: &Store) -> Result<Self, StoreError> {
        let rows = store.read(tables::rule::all).await?;
        Ok(Self::of(rows.into_iter().map(Rule::from)))
    }

    fn of(rules: impl Iterator<Item = Rule>) -> Self {
        let mut index = Self::default();
        for rule in rules.filter(|rule| rule.input.enabled) {
            let active = Arc::new(Active {
                metric: rule.input.metric.as_str().into(),
                rule,
            });
            let metric = active.metric.clone();
            if active.rule.input.kind == RuleKind::Absence {
                index.absences.push(Arc::clone(&active));
            }
            index
                .by_metric
                .entry(metric)
                .or_default()
                .push(Arc::clone(&active));
            index.all.insert(active.rule.id, active);
        }
        index
    }

    /// The enabled rule of that id.
    pub(super) fn get(&self, id: RuleId) -> Option<&Arc<Active>> {
        self.all.get(&id)
    }

    /// The rules on a metric, absence rules included.
    pub(super) fn on(&self, metric: &str) -> &[Arc<Active>] {
        self.by_metric.get(metric).map_or(&[], Vec::as_slice)
    }

    /// The absence rules.
    pub(super) fn absences(&self) -> &[Arc<Active>] {
        &self.absences
    }

    /// How many rules are enabled.
    pub(super) fn len(&self) -> usize {
        self.all.len()
    }
}
