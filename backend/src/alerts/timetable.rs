//! The rules that are evaluated on their interval, and the servers that they may look at; never when.

use std::sync::Arc;

use common::alert::RuleInput;
use common::ids::ServerId;

use super::rule_index::{Active, RuleIndex};
use super::watched::Servers;

/// What is to be evaluated, and on what.
#[derive(Debug, Default)]
pub(super) struct Timetable {
    /// The rules.
    pub(super) rules: Vec<Arc<Active>>,
    /// The servers that rules may look at now, by name.
    pub(super) servers: Vec<Target>,
}

/// A server that rules may look at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Target {
    /// Its id.
    pub(super) id: ServerId,
    /// Its name.
    pub(super) name: String,
    /// Its group; `None` when it is in none.
    pub(super) group: Option<String>,
    /// The machine that Watchpost runs on.
    pub(super) is_local: bool,
}

impl Timetable {
    /// As rules and servers are now.
    pub(super) fn of(rules: &RuleIndex, servers: &Servers) -> Self {
        let mut targets: Vec<Target> = servers
            .all_active()
            .map(|server| Target {
                id: server.id,
                name: server.name.clone(),
                group: server.group.clone(),
                is_local: server.is_local,
            })
            .collect();
        targets.sort_by(|a, b| a.name.cmp(&b.name));
        Self {
            rules: rules.timed().to_vec(),
            servers: targets,
        }
    }

    /// The servers in a rule's scope.
    pub(super) fn targets(&self, rule: &RuleInput) -> Vec<Target> {
        let all = self.servers.iter();
        all.filter(|target| rule.scope.covers(target.id, target.group.as_deref()))
            .cloned()
            .collect()
    }
}
