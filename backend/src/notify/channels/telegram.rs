//! Telegram: a bot writes to a chat; never reads what is answered there.
//!
//! By `sendMessage` of <https://core.telegram.org/bots/api>: 4,096 characters after the marks are read, of HTML
//! only its few tags; a 429 says in its body how long to wait.

use std::time::Duration;

use serde::Deserialize;
use serde_json::{Value, json};

use super::config::{Endpoint, Line};
use super::verdict::{self, Verdict};
use super::{Provider, request};
use crate::egress::{Answer, Request};
use crate::notify::message::{Message, Urgency, cut};

/// What must not be read.
pub(super) const SECRETS: &[&str] = &["token"];

/// What a message may have, after its marks are read; links take some.
const CHARS: usize = 3_800;

/// The configuration.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Telegram {
    token: Line,
    /// A number, or the `@name` of a channel.
    chat_id: Line,
    /// The topic of a forum.
    thread_id: Option<i64>,
    #[serde(default = "api_url")]
    api_url: Endpoint,
}

fn api_url() -> Endpoint {
    Endpoint::known("https://api.telegram.org")
}

impl Provider for Telegram {
    fn requests(&self, message: &Message) -> Vec<Request> {
        let title = escaped(&cut(&message.text.title, 300));
        let body = escaped(&cut(&message.text.body, CHARS - 300));
        let mut text = format!("<b>{title}</b>\n{body}");
        // A link and no button: a button with a name that only the own network knows is refused.
        if let Some(url) = &message.links.alert {
            text.extend(["\n<a href=\"", &escaped(url), "\">Open the alert</a>"]);
        }
        let mut body = json!({
            "chat_id": self.chat_id.as_str(),
            "text": text,
            "parse_mode": "HTML",
            "link_preview_options": { "is_disabled": true },
            "disable_notification": matches!(message.urgency(), Urgency::Good | Urgency::Calm),
        });
        if let Some(thread) = self.thread_id {
            body["message_thread_id"] = json!(thread);
        }
        let bot = format!("bot{}", self.token.as_str());
        let url = self.api_url.below(&[&bot, "sendMessage"]);
        vec![request::json(url, &body)]
    }

    fn judge(&self, answer: &Answer) -> Verdict {
        match verdict::by_status(answer) {
            Verdict::Later(None) => Verdict::Later(retry_after(&answer.body)),
            verdict => verdict,
        }
    }
}

fn retry_after(body: &[u8]) -> Option<Duration> {
    let body: Value = serde_json::from_slice(body).ok()?;
    let seconds = body.pointer("/parameters/retry_after")?.as_u64()?;
    Some(Duration::from_secs(seconds))
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}
