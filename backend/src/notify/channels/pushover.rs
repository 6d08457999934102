//! Pushover: to the devices of a person or group; never an emergency, which repeats until taken there.
//!
//! By <https://pushover.net/api>: a message of 1,024 characters that is not empty, a title of 250, an address of
//! 512 with a title of 100, and a picture of up to five megabytes.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;
use serde_json::json;

use super::config::{Endpoint, Line};
use super::{Provider, request};
use crate::egress::Request;
use crate::notify::message::{Message, Urgency, cut};

/// What must not be read.
pub(super) const SECRETS: &[&str] = &["token", "user"];

const TITLE_CHARS: usize = 250;
const TEXT_CHARS: usize = 1_024;
const URL_CHARS: usize = 512;

/// The configuration.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Pushover {
    token: Line,
    /// The key of a person or of a group.
    user: Line,
    /// One device instead of all.
    device: Option<Line>,
    #[serde(default = "api_url")]
    api_url: Endpoint,
}

fn api_url() -> Endpoint {
    Endpoint::known("https://api.pushover.net")
}

impl Provider for Pushover {
    fn requests(&self, message: &Message) -> Vec<Request> {
        let priority = match message.urgency() {
            Urgency::Critical => 1,
            Urgency::Warning => 0,
            Urgency::Good | Urgency::Calm => -1,
        };
        let mut body = json!({
            "token": self.token.as_str(),
            "user": self.user.as_str(),
            "title": cut(&message.text.title, TITLE_CHARS),
            "message": cut(message.text.body_or_title(), TEXT_CHARS),
            "priority": priority,
            "timestamp": message.at.0.div_euclid(1_000),
        });
        if let Some(device) = &self.device {
            body["device"] = json!(device.as_str());
        }
        if let Some(picture) = &message.picture {
            body["attachment_base64"] = json!(STANDARD.encode(&picture.png));
            body["attachment_type"] = json!("image/png");
        }
        let url = message.links.alert.as_ref();
        if let Some(url) = url.filter(|url| url.chars().count() <= URL_CHARS) {
            body["url"] = json!(url);
            body["url_title"] = json!("Open the alert");
        }
        let url = self.api_url.below(&["1", "messages.json"]);
        vec![request::json(url, &body)]
    }
}
