//! Matrix: a room, by an account's token; never an encrypted message.
//!
//! By `PUT /rooms/{roomId}/send/{eventType}/{txnId}` of
//! <https://spec.matrix.org/latest/client-server-api/>: an event has at most 65,536 bytes; a 429 says in
//! `Retry-After`, or in its body, how long to wait. A picture is stored by `POST /_matrix/media/v3/upload`, which
//! gives its `content_uri`, and shown by an event of its own, `m.image`.

use std::time::Duration;

use serde::Deserialize;
use serde_json::{Value, json};

use super::config::{Endpoint, Line};
use super::multipart::FILE_NAME;
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
        vec![self.event(&message.key.to_string(), &body)]
    }

    fn stores(&self, message: &Message) -> Option<Request> {
        let picture = message.picture.as_ref()?;
        let mut url = self.url.below(&["_matrix", "media", "v3", "upload"]);
        url.query_pairs_mut().append_pair("filename", FILE_NAME);
        let upload = request::with_body(url, "image/png", picture.png.to_vec());
        Some(request::bearer(upload, self.access_token.as_str()))
    }

    /// It has a transaction of its own, by the key too.
    fn shows(&self, message: &Message, stored: &Answer) -> Option<Request> {
        let picture = message.picture.as_ref()?;
        let stored: Value = serde_json::from_slice(&stored.body).ok()?;
        let url = stored.get("content_uri")?.as_str()?;
        let body = json!({
            "msgtype": "m.image",
            "body": cut(&picture.about, TEXT_CHARS),
            "filename": FILE_NAME,
            "url": url,
            "info": {
                "mimetype": "image/png",
                "size": picture.png.len(),
                "w": picture.width,
                "h": picture.height,
            },
        });
        Some(self.event(&format!("{}-picture", message.key), &body))
    }

    fn judge(&self, answer: &Answer) -> Verdict {
        match verdict::by_status(answer) {
            Verdict::Later(None) => Verdict::Later(retry_after(&answer.body)),
            verdict => verdict,
        }
    }
}

impl Matrix {
    /// What puts an event into the room.
    fn event(&self, transaction: &str, body: &Value) -> Request {
        let room = self.room_id.as_str();
        let path = [
            "_matrix",
            "client",
            "v3",
            "rooms",
            room,
            "send",
            "m.room.message",
            transaction,
        ];
        let mut asked = request::json(self.url.below(&path), body);
        asked.method = Method::PUT;
        request::bearer(asked, self.access_token.as_str())
    }
}

fn retry_after(body: &[u8]) -> Option<Duration> {
    let body: Value = serde_json::from_slice(body).ok()?;
    Some(Duration::from_millis(body.get("retry_after_ms")?.as_u64()?))
}
