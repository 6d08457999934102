//! ntfy: a topic of its server or of one's own; never an attachment.
//!
//! By "Publish as JSON" and "Limitations" of <https://docs.ntfy.sh/publish/>: sent to the root, not to the topic;
//! priorities from 1 to 5; a message of up to 4,096 bytes.

use serde::Deserialize;
use serde_json::json;

use super::config::{Endpoint, Line};
use super::{Provider, request};
use crate::egress::Request;
use crate::notify::message::{Message, Urgency, cut};

/// What must not be read.
pub(super) const SECRETS: &[&str] = &["token"];

/// A message of 4096 bytes becomes an attachment: a quarter of that in characters never does.
const TEXT_CHARS: usize = 1_000;
const TITLE_CHARS: usize = 250;

/// The configuration.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Ntfy {
    #[serde(default = "server")]
    url: Endpoint,
    topic: Line,
    token: Option<Line>,
}

fn server() -> Endpoint {
    Endpoint::known("https://ntfy.sh")
}

impl Provider for Ntfy {
    fn requests(&self, message: &Message) -> Vec<Request> {
        let (priority, tag) = match message.urgency() {
            Urgency::Critical => (5, "rotating_light"),
            Urgency::Warning => (4, "warning"),
            Urgency::Good => (3, "white_check_mark"),
            Urgency::Calm => (2, "information_source"),
        };
        // It opens the page, which asks first.
        let take = message.links.acknowledge.iter();
        let take = take.map(|url| json!({ "action": "view", "label": "Take it", "url": url }));
        let mut body = json!({
            "topic": self.topic.as_str(),
            "title": cut(&message.text.title, TITLE_CHARS),
            "message": cut(message.text.body_or_title(), TEXT_CHARS),
            "priority": priority,
            "tags": [tag],
            "actions": take.collect::<Vec<_>>(),
        });
        if let Some(url) = &message.links.alert {
            body["click"] = json!(url);
        }
        let asked = request::json(self.url.url(), &body);
        let token = self.token.as_ref();
        vec![match token {
            Some(token) => request::bearer(asked, token.as_str()),
            None => asked,
        }]
    }
}
