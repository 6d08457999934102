//! The few facts about an alert that cards show as a table; never more than a glance takes.

use common::api::webhook::Event;

use crate::notify::message::Message;

/// Names and values; none for a message about several alerts or for a trial.
pub(super) fn facts(message: &Message) -> Vec<(&'static str, String)> {
    let [one] = message.alerts.as_slice() else {
        return Vec::new();
    };
    if matches!(one.event, Event::Test(_)) {
        return Vec::new();
    }
    let alert = &one.alert;
    let mut facts = vec![
        ("Server", alert.server.clone()),
        ("Severity", alert.severity.as_str().to_owned()),
        ("State", alert.state.as_str().to_owned()),
        ("Since", alert.started_at.to_string()),
    ];
    if let Some(ended) = alert.resolved_at {
        facts.push(("Until", ended.to_string()));
    }
    facts
}
