//! Matrix: a room, by an account's token; never an encrypted message.
//!
//! By `PUT /rooms/{roomId}/send/{eventType}/{txnId}` of
//! <https://spec.matrix.org/latest/client-server-api/>: an event has at most 65,536 bytes; a 429 says in
//! `Retry-After`, or in its body, how long to wait.

use std::time::Duration;

use serde::Deserialize;
use serde_json::{Value, json};

use super::config::{Endpoint, Line};
use super::verdict::{self, Verdict};
use super::{Provider, request};
use crate::egress::{Answer, Method, Request};
use crate::notify::message::{Message, cut};

/// What must not be read.
pub(super) const SECRETS: &[&str] = &["access_token"];

/// An event may have 64 KiB; the text is in it twice.
const TEXT_CHARS: usize = 5_000;

/// The configuration.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Matrix {
    /// The home server, `https://matrix.example.org`.
    url: Endpoint,
    /// `!abc:example.org`.
    room_id: Line,
    access_token: Line,
}

impl Provider for Matrix {
    /// The key is the number of the transaction: the same one again sends nothing.
    fn requests(&self, message: &Message) -> Vec<Request> {
        let text = &message.text;
        let plain = format!("{}\n{}", text.title, text.body);
        let mut body = json!({ "msgtype": "m.text", "body": cut(plain.trim(), TEXT_CHARS) });
        if !text.html.is_empty() && text.html.chars().count() <= TEXT_CHARS {
            body["format"] = json!("org.matrix.custom.html");
            body["formatted_body"] = json!(text.html);
        }
        let key = message.key.to_string();
        let room = self.room_id.as_str();
        let path = [
            "_matrix",
            "client",
            "v3",
            "rooms",
            room,
            "send",
            "m.room.message",
            &key,
        ];
        let mut asked = request::json(self.url.below(&path), &body);
        asked.method = Method::PUT;
        vec![request::bearer(asked, self.access_token.as_str())]
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
    Some(Duration::from_millis(body.get("retry_after_ms")?.as_u64()?))
}
