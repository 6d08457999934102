//! An alert as conditions on labels see it; never its state.

use std::collections::BTreeMap;

use common::alert::AlertState;
use common::ids::{AlertId, ServerId};
use common::series::matcher::Filter;
use uuid::Uuid;

use crate::rules::REPORTING;
use crate::store::tables::alert::AlertRow;

/// An alert with all labels that can be asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subject {
    /// The alert; nil for one that is only thought of.
    pub id: AlertId,
    /// The server it is about; `None` for one that is only thought of.
    pub server: Option<ServerId>,
    /// It says that its server does not report.
    pub is_unreachable: bool,
    /// It fires, taken by a person or not.
    pub fires: bool,
    pub(super) group: Option<String>,
    pub(super) labels: BTreeMap<String, String>,
}

impl Subject {
    /// The alert of that row, of a server of that group. Beside its own labels it has `alertname`
    /// and `rule`, `server`, `severity`, `metric`, and `group` when the server is in one: a label of
    /// that name which a series or a rule brings is none, as groups say who sees what.
    pub fn of(row: &AlertRow, group: Option<&str>) -> Self {
        let mut labels = row.labels.0.clone();
        labels.remove("group");
        let own = [
            ("alertname", row.rule_name.as_str()),
            ("rule", &row.rule_name),
            ("server", &row.server_name),
            ("severity", row.severity.0.as_str()),
            ("metric", &row.metric),
        ];
        for (name, value) in own.into_iter().chain(group.map(|group| ("group", group))) {
            labels.insert(name.to_owned(), value.to_owned());
        }
        Self {
            id: row.id.0,
            server: Some(row.server_id.0),
            is_unreachable: row.metric == REPORTING && row.threshold.is_none(),
            fires: matches!(row.state.0, AlertState::Firing | AlertState::Acknowledged),
            group: group.map(str::to_owned),
            labels,
        }
    }

    /// An alert that is only thought of, with these labels.
    pub fn thought_of(labels: BTreeMap<String, String>) -> Self {
        Self {
            id: AlertId(Uuid::nil()),
            server: None,
            is_unreachable: false,
            fires: true,
            group: labels.get("group").cloned(),
            labels,
        }
    }

    /// The value of a label; an absent one is empty.
    pub fn label(&self, name: &str) -> &str {
        self.labels.get(name).map_or("", String::as_str)
    }

    /// The group of its server; `None`: none.
    pub fn group(&self) -> Option<&str> {
        self.group.as_deref()
    }

    /// All labels.
    pub fn labels(&self) -> &BTreeMap<String, String> {
        &self.labels
    }

    /// Whether all conditions hold for it.
    pub fn meets(&self, filter: &Filter) -> bool {
        filter.holds(|name| self.label(name))
    }
}
