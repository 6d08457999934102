//! What messages say by themselves; never what an alert says, which it brings along.

use common::alert::{Alert, AlertChange, AlertState, Severity};
use common::api::webhook::{Event, Links, TestEvent};
use common::ids::{AlertId, DeliveryId, RuleId, ServerId};
use common::time::UnixMs;
use uuid::Uuid;

use super::message::{Happened, Message, Text};

/// Alerts that a message tells one by one.
const TOLD: usize = 20;

/// "Critical: High CPU on web-1".
pub(super) fn title(change: AlertChange, severity: Severity, rule: &str, server: &str) -> String {
    let what = match (change, severity) {
        (AlertChange::Fired, Severity::Warning) => "Warning",
        (AlertChange::Fired, Severity::Critical) => "Critical",
        (AlertChange::Escalated, _) => "Now critical",
        (AlertChange::Deescalated, _) => "Now a warning",
        (AlertChange::Acknowledged, _) => "Acknowledged",
        (AlertChange::Resolved, _) => "Resolved",
        (AlertChange::Commented, _) => "Commented",
        (AlertChange::Assigned, _) => "Assigned",
        (AlertChange::Flapping, _) => "Flapping",
        (AlertChange::Calmed, Severity::Warning) => "Calm again, a warning",
        (AlertChange::Calmed, Severity::Critical) => "Calm again, critical",
    };
    format!("{what}: {rule} on {server}")
}

/// What a message says without a template.
pub(super) fn text(message: &Message) -> Text {
    match message.alerts.as_slice() {
        [] => Text::default(),
        [one] => Text {
            title: title_of(one),
            body: one.alert.message.clone(),
            html: format!("<p>{}</p>", escaped(&one.alert.message)),
            raw: None,
        },
        several => all(several),
    }
}

fn all(several: &[Happened]) -> Text {
    let title = format!("{} alerts: {}", several.len(), title_of(&several[0]));
    let (mut body, mut html) = (String::new(), "<ul>".to_owned());
    for one in several.iter().take(TOLD) {
        let (title, message) = (title_of(one), &one.alert.message);
        body.extend([title.as_str(), ": ", message, "\n"]);
        let (title, message) = (escaped(&title), escaped(message));
        html.extend(["<li><b>", &title, "</b>: ", &message, "</li>"]);
    }
    html.push_str("</ul>");
    if let Some(more) = several.len().checked_sub(TOLD).filter(|more| *more > 0) {
        let more = format!("and {more} more");
        body.push_str(&more);
        html.extend(["<p>", &more, "</p>"]);
    }
    Text {
        title,
        body: body.trim_end().to_owned(),
        html,
        raw: None,
    }
}

fn title_of(one: &Happened) -> String {
    let alert = &one.alert;
    match one.event {
        Event::Changed(change) => title(change, alert.severity, &alert.rule, &alert.server),
        Event::Test(_) => "Test: this channel works".to_owned(),
    }
}

/// A message that only shows that a channel works.
pub(super) fn trial(key: DeliveryId, now: UnixMs, public_url: Option<&str>) -> Message {
    let mut message = Message {
        key,
        event: Event::Test(TestEvent::Test),
        alerts: vec![Happened {
            event: Event::Test(TestEvent::Test),
            at: now,
            alert: made_up(now),
        }],
        text: Text::default(),
        links: Links {
            alert: public_url.map(str::to_owned),
            ..Links::default()
        },
        picture: None,
        browsers: Vec::new(),
        at: now,
        now,
    };
    message.text = text(&message);
    message
}

/// An alert that never was.
pub(super) fn made_up(now: UnixMs) -> Alert {
    Alert {
        id: AlertId(Uuid::nil()),
        rule_id: RuleId(Uuid::nil()),
        rule: "Test".to_owned(),
        rule_version: 1,
        server_id: ServerId(Uuid::nil()),
        server: "watchpost".to_owned(),
        labels: std::collections::BTreeMap::new(),
        severity: Severity::Warning,
        state: AlertState::Firing,
        value: Some(95.0),
        threshold: Some(90.0),
        message: "Somebody tries this channel out. There is nothing to do.".to_owned(),
        started_at: now,
        acknowledged_at: None,
        acknowledged_by: None,
        assignee: None,
        flapping: false,
        resolved_at: None,
        resolved_by: None,
        silenced_by: Vec::new(),
        muted_by: Vec::new(),
        inhibited_by: Vec::new(),
    }
}

/// Text as HTML shows it.
pub(super) fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}
