//! ntfy: a topic of its server or of one's own; never an attachment but the picture.
//!
//! By "Publish as JSON", "Attach local file" and "Limitations" of <https://docs.ntfy.sh/publish/>: JSON is sent to
//! the root, not to the topic; a file to the topic, with the message in headers, where RFC 2047 holds what is not
//! ASCII; priorities from 1 to 5; a message of up to 4,096 bytes.

use std::borrow::Cow;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;
use serde_json::{Value, json};

use super::config::{Endpoint, Line};
use super::multipart::FILE_NAME;
use super::{Provider, request};
use crate::egress::Request;
use crate::egress::header::HeaderName;
use crate::notify::message::{Message, Picture, Urgency, cut};

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
        let asked = match &message.picture {
            Some(picture) => self.beside(picture, message),
            None => self.json(message),
        };
        vec![match &self.token {
            Some(token) => request::bearer(asked, token.as_str()),
            None => asked,
        }]
    }
}

impl Ntfy {
    fn json(&self, message: &Message) -> Request {
        let (priority, tag) = rank(message);
        let mut body = json!({
            "topic": self.topic.as_str(),
            "title": cut(&message.text.title, TITLE_CHARS),
            "message": cut(message.text.body_or_title(), TEXT_CHARS),
            "priority": priority,
            "tags": [tag],
            "actions": actions(message),
        });
        if let Some(url) = &message.links.alert {
            body["click"] = json!(url);
        }
        request::json(self.url.url(), &body)
    }

    /// The picture, with the same message in headers.
    fn beside(&self, picture: &Picture, message: &Message) -> Request {
        let (priority, tag) = rank(message);
        let title = cut(&message.text.title, TITLE_CHARS);
        let text = cut(message.text.body_or_title(), TEXT_CHARS);
        let mut headers = vec![
            ("title", title),
            ("message", text),
            ("priority", priority.to_string()),
            ("tags", tag.to_owned()),
            ("filename", FILE_NAME.to_owned()),
        ];
        headers.extend(message.links.alert.iter().map(|url| ("click", url.clone())));
        let actions = actions(message);
        if !actions.is_empty() {
            headers.push(("actions", json!(actions).to_string()));
        }
        let url = self.url.below(&[self.topic.as_str()]);
        let mut asked = request::with_body(url, "image/png", picture.png.to_vec());
        for (name, value) in headers {
            asked = request::with_header(asked, HeaderName::from_static(name), &fit(&value));
        }
        asked
    }
}

/// Its priority and its tag.
fn rank(message: &Message) -> (u8, &'static str) {
    match message.urgency() {
        Urgency::Critical => (5, "rotating_light"),
        Urgency::Warning => (4, "warning"),
        Urgency::Good => (3, "white_check_mark"),
        Urgency::Calm => (2, "information_source"),
    }
}

/// Its buttons. "Take it" opens the page, which asks first.
fn actions(message: &Message) -> Vec<Value> {
    let take = message.links.acknowledge.iter();
    take.map(|url| json!({ "action": "view", "label": "Take it", "url": url }))
        .collect()
}

/// A text as a header can hold it: as it is, or as a word of RFC 2047, which may have lines. One word:
/// ntfy reads any length.
fn fit(text: &str) -> Cow<'_, str> {
    let is_plain = text.bytes().all(|byte| (b' '..=b'~').contains(&byte));
    if is_plain && !text.contains("=?") {
        Cow::Borrowed(text)
    } else {
        Cow::Owned(format!("=?UTF-8?B?{}?=", STANDARD.encode(text)))
    }
}

#[cfg(test)]
mod tests {
    use super::fit;

    #[test]
    fn a_header_holds_any_text() {
        for (text, expected) in [
            ("CPU > 90 %", "CPU > 90 %"),
            ("", ""),
            ("é", "=?UTF-8?B?w6k=?="),
            ("a\nb", "=?UTF-8?B?YQpi?="),
            ("=?", "=?UTF-8?B?PT8=?="),
        ] {
            assert_eq!(fit(text), expected, "{text}");
        }
    }
}
