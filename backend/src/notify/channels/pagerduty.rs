//! `PagerDuty`: events that open, take and close an incident; never its REST API.
//!
//! By `POST /v2/enqueue`, `reference/events-v2/openapiv3.json` of <https://github.com/PagerDuty/api-schema>:
//! `summary`, `source` and `severity` are needed; a summary has 1,024 characters, a key 255.

use common::alert::{AlertChange, Severity};
use common::api::webhook::Event;
use serde::Deserialize;
use serde_json::json;

use super::config::{Endpoint, Line};
use super::{Provider, request};
use crate::egress::Request;
use crate::notify::message::{Happened, Message, cut};

/// What must not be read.
pub(super) const SECRETS: &[&str] = &["routing_key"];

const SUMMARY_CHARS: usize = 1_024;

/// The configuration.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Pagerduty {
    routing_key: Line,
    #[serde(default = "api_url")]
    api_url: Endpoint,
}

fn api_url() -> Endpoint {
    Endpoint::known("https://events.pagerduty.com")
}

impl Provider for Pagerduty {
    /// One event for each alert: an incident is an alert, and the same event again changes nothing.
    fn requests(&self, message: &Message) -> Vec<Request> {
        let each = message.alerts.iter().map(|one| self.event(message, one));
        each.collect()
    }
}

impl Pagerduty {
    fn event(&self, message: &Message, one: &Happened) -> Request {
        let alert = &one.alert;
        let summary = if message.alerts.len() == 1 {
            format!("{}: {}", message.text.title, alert.message)
        } else {
            format!("{} on {}: {}", alert.rule, alert.server, alert.message)
        };
        let link = |href: &String, text: &str| json!({ "href": href, "text": text });
        let links = &message.links;
        let take = links.acknowledge.iter().map(|href| link(href, "Take it"));
        let links = links.alert.iter().map(|href| link(href, "Alert"));
        let links = links.chain(take);
        let runbook = message.links.runbook.iter();
        let links = links.chain(runbook.map(|href| link(href, "Runbook")));
        let mut event = json!({
            "routing_key": self.routing_key.as_str(),
            "event_action": action(one.event),
            "dedup_key": alert.id,
            "client": "Watchpost",
            "links": links.collect::<Vec<_>>(),
            "payload": {
                "summary": cut(summary.trim(), SUMMARY_CHARS),
                "source": alert.server,
                "severity": severity(alert.severity),
                "timestamp": one.at,
                "class": alert.rule,
                "custom_details": {
                    "value": alert.value,
                    "threshold": alert.threshold,
                    "labels": alert.labels,
                },
            },
        });
        if let Some(url) = &message.links.alert {
            event["client_url"] = json!(url);
        }
        request::json(self.api_url.below(&["v2", "enqueue"]), &event)
    }
}

fn action(event: Event) -> &'static str {
    match event {
        Event::Changed(AlertChange::Acknowledged) => "acknowledge",
        // A trial leaves no incident behind.
        Event::Changed(AlertChange::Resolved) | Event::Test(_) => "resolve",
        Event::Changed(_) => "trigger",
    }
}

fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Warning => "warning",
        Severity::Critical => "critical",
    }
}
