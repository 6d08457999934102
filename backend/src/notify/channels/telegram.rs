//! Telegram: a bot writes to a chat; never reads what is answered there.
//!
//! By `sendMessage` and `sendPhoto` of <https://core.telegram.org/bots/api>: 4,096 characters after the marks are read, of HTML
//! only its few tags, 1,024 beside a picture; a 429 says in its body how long to wait.

use std::time::Duration;

use serde::Deserialize;
use serde_json::{Value, json};
use url::Url;

use super::config::{Endpoint, Line};
use super::verdict::{self, Verdict};
use super::{Provider, multipart, request};
use crate::egress::{Answer, Request};
use crate::notify::message::{Message, Urgency, cut};

/// What must not be read.
pub(super) const SECRETS: &[&str] = &["token"];

/// A message may have 4,096 after its marks are read, the caption of a picture fewer.
const TITLE_CHARS: usize = 300;
const TEXT_CHARS: usize = 3_500;
const CAPTION_CHARS: usize = 1_024;
const LINK_CHARS: usize = 30;

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
    /// A picture with its caption, or a text that is too long for one.
    fn requests(&self, message: &Message) -> Vec<Request> {
        let text = text(message);
        let picture = message.picture.as_ref();
        let is_silent = matches!(message.urgency(), Urgency::Good | Urgency::Calm);
        if let Some(picture) = picture.filter(|_| length(message) <= CAPTION_CHARS) {
            let thread = self.thread_id.map(|thread| thread.to_string());
            let mut fields = vec![
                ("chat_id", self.chat_id.as_str()),
                ("caption", &text),
                ("parse_mode", "HTML"),
                (
                    "disable_notification",
                    if is_silent { "true" } else { "false" },
                ),
            ];
            fields.extend(thread.as_ref().map(|id| ("message_thread_id", id.as_str())));
            let file = ("photo", picture);
            return vec![multipart::form(
                self.method("sendPhoto"),
                message.key,
                &fields,
                file,
            )];
        }
        let mut body = json!({
            "chat_id": self.chat_id.as_str(),
            "text": text,
            "parse_mode": "HTML",
            "link_preview_options": { "is_disabled": true },
            "disable_notification": is_silent,
        });
        if let Some(thread) = self.thread_id {
            body["message_thread_id"] = json!(thread);
        }
        vec![request::json(self.method("sendMessage"), &body)]
    }

    fn judge(&self, answer: &Answer) -> Verdict {
        match verdict::by_status(answer) {
            Verdict::Later(None) => Verdict::Later(retry_after(&answer.body)),
            verdict => verdict,
        }
    }
}

impl Telegram {
    fn method(&self, name: &str) -> Url {
        let bot = format!("bot{}", self.token.as_str());
        self.api_url.below(&[&bot, name])
    }
}

/// What a message says, with its link. No button: one with a name that only the own network knows is
/// refused.
fn text(message: &Message) -> String {
    let title = escaped(&cut(&message.text.title, TITLE_CHARS));
    let body = escaped(&cut(&message.text.body, TEXT_CHARS));
    let mut text = format!("<b>{title}</b>\n{body}");
    if let Some(url) = &message.links.alert {
        text.extend(["\n<a href=\"", &escaped(url), "\">Open the alert</a>"]);
    }
    if let Some(url) = &message.links.acknowledge {
        text.extend(["\n<a href=\"", &escaped(url), "\">Take it</a>"]);
    }
    text
}

/// So many characters of it are read, at most.
fn length(message: &Message) -> usize {
    let said = &message.text;
    said.title.chars().count() + said.body.chars().count() + LINK_CHARS
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
