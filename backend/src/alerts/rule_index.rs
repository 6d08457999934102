//! The rules in memory, found by server and metric; never their state.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use common::alert::{Rule, RuleKind};
use common::ids::{RuleId, ServerId};
use common::series::MetricName;
use foldhash::fast::RandomState;

use crate::rules::REPORTING;
use crate::store::{Store, StoreError, tables};

/// A rule ready to be evaluated.
#[derive(Debug, PartialEq)]
pub(super) struct Active {
    /// The rule.
    pub(super) rule: Rule,
    /// Its metric, cheap to clone.
    pub(super) metric: MetricName,
}

/// Rules by their metric.
type ByMetric = HashMap<MetricName, Vec<Arc<Active>>, RandomState>;

/// The enabled rules.
#[derive(Debug, Default)]
pub(super) struct RuleIndex {
    all: HashMap<RuleId, Arc<Active>>,
    /// Those that may look at any server.
    of_any: ByMetric,
    /// Those that name their servers: a sample of one does not meet the rules of all others.
    of_server: HashMap<ServerId, ByMetric, RandomState>,
    waits_for_metrics: bool,
    absences: Vec<Arc<Active>>,
    timed: Vec<Arc<Active>>,
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
            match active.rule.input.kind {
                RuleKind::Threshold => index.follow(&active),
                RuleKind::Absence => {
                    index.follow(&active);
                    index.waits_for_metrics |= active.rule.input.metric != REPORTING;
                    index.absences.push(Arc::clone(&active));
                }
                RuleKind::Rate | RuleKind::Promql | RuleKind::Composite => {
                    index.timed.push(Arc::clone(&active));
                }
            }
            index.all.insert(active.rule.id, active);
        }
        index
    }

    /// Lets a rule see the samples of its metric.
    fn follow(&mut self, active: &Arc<Active>) {
        let scope = &active.rule.input.scope;
        if scope.servers.is_empty() || !scope.groups.is_empty() {
            let own = self.of_any.entry(active.metric.clone()).or_default();
            own.push(Arc::clone(active));
            return;
        }
        let servers: BTreeSet<ServerId> = scope.servers.iter().copied().collect();
        for server in servers {
            let of_server = self.of_server.entry(server).or_default();
            let own = of_server.entry(active.metric.clone()).or_default();
            own.push(Arc::clone(active));
        }
    }

    /// The enabled rule of that id.
    pub(super) fn get(&self, id: RuleId) -> Option<&Arc<Active>> {
        self.all.get(&id)
    }

    /// The rules that may see a sample of a metric of a server, absence rules included.
    pub(super) fn on(&self, server: ServerId, metric: &str) -> impl Iterator<Item = &Arc<Active>> {
        let of_server = self.of_server.get(&server).and_then(|own| own.get(metric));
        let both = [self.of_any.get(metric), of_server];
        both.into_iter().flatten().flatten()
    }

    /// Whether a rule waits for a metric, and not for samples of any kind alone.
    pub(super) fn waits_for_metrics(&self) -> bool {
        self.waits_for_metrics
    }

    /// The absence rules.
    pub(super) fn absences(&self) -> &[Arc<Active>] {
        &self.absences
    }

    /// The metrics whose values rules compare as they come.
    pub(super) fn followed(&self) -> impl Iterator<Item = MetricName> {
        let rules = self.all.values();
        let follows = |active: &&Arc<Active>| active.rule.input.kind == RuleKind::Threshold;
        rules.filter(follows).map(|active| active.metric.clone())
    }

    /// The rules that are evaluated on their interval.
    pub(super) fn timed(&self) -> &[Arc<Active>] {
        &self.timed
    }

    /// How many rules are enabled.
    pub(super) fn len(&self) -> usize {
        self.all.len()
    }
}
