//! Gotify: an application of one's own server; never its clients.
//!
//! By `POST /message` of its API, `docs/spec.json` of <https://github.com/gotify/server>: the token of the
//! application in `X-Gotify-Key`, a message that is not empty, and extras for what opens at a touch.

use serde::Deserialize;
use serde_json::json;

use super::config::{Endpoint, Line};
use super::{Provider, request};
use crate::egress::Request;
use crate::egress::header::HeaderName;
use crate::notify::message::{Message, Urgency, cut};

/// What must not be read.
pub(super) const SECRETS: &[&str] = &["token"];

const KEY: HeaderName = HeaderName::from_static("x-gotify-key");
const TEXT_CHARS: usize = 10_000;

/// The configuration.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Gotify {
    url: Endpoint,
    token: Line,
}

impl Provider for Gotify {
    fn requests(&self, message: &Message) -> Vec<Request> {
        let priority = match message.urgency() {
            Urgency::Critical => 8,
            Urgency::Warning => 5,
            Urgency::Good => 3,
            Urgency::Calm => 1,
        };
        let mut body = json!({
            "title": message.text.title,
            "message": cut(message.text.body_or_title(), TEXT_CHARS),
            "priority": priority,
        });
        if let Some(url) = &message.links.alert {
            body["extras"] = json!({ "client::notification": { "click": { "url": url } } });
        }
        let asked = request::json(self.url.below(&["message"]), &body);
        vec![request::with_header(asked, KEY, self.token.as_str())]
    }
}
