//! `SendGrid`: e-mail by its API; never by a mail server.
//!
//! By `POST /v3/mail/send` of <https://www.twilio.com/docs/sendgrid/api-reference/mail-send/mail-send>: plain text
//! before HTML, neither of them empty; a picture is inline with a `content_id`.

use std::collections::BTreeMap;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;
use serde_json::json;

use super::config::{Endpoint, Line};
use super::mailbox::Mailbox;
use super::{Provider, mail, request};
use crate::egress::Request;
use crate::notify::message::Message;

/// What must not be read.
pub(super) const SECRETS: &[&str] = &["api_key"];

/// The configuration.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Sendgrid {
    api_key: Line,
    from: Mailbox,
    #[serde(deserialize_with = "super::mailbox::some")]
    to: Vec<Mailbox>,
    #[serde(default = "api_url")]
    api_url: Endpoint,
}

fn api_url() -> Endpoint {
    Endpoint::known("https://api.sendgrid.com")
}

impl Provider for Sendgrid {
    fn requests(&self, message: &Message) -> Vec<Request> {
        let to: Vec<_> = self
            .to
            .iter()
            .map(|to| json!({ "email": to.address() }))
            .collect();
        let mut from = json!({ "email": self.from.address() });
        if let Some(name) = self.from.name() {
            from["name"] = json!(name);
        }
        let headers: BTreeMap<_, _> = mail::headers(message).into_iter().collect();
        let mut body = json!({
            "personalizations": [{ "to": to }],
            "from": from,
            "subject": message.text.title,
            "content": [
                { "type": "text/plain", "value": mail::plain(message) },
                { "type": "text/html", "value": mail::html(message) },
            ],
            "headers": headers,
        });
        let picture = message.picture.as_ref().map(|picture| {
            json!({
                "content": STANDARD.encode(&picture.png),
                "type": "image/png",
                "filename": "chart.png",
                "disposition": "inline",
                "content_id": mail::PICTURE,
            })
        });
        let list = mail::list(message).map(|list| {
            json!({
                "content": STANDARD.encode(list),
                "type": "text/csv",
                "filename": mail::LIST,
                "disposition": "attachment",
            })
        });
        let attachments: Vec<_> = picture.into_iter().chain(list).collect();
        if !attachments.is_empty() {
            body["attachments"] = json!(attachments);
        }
        let asked = request::json(self.api_url.below(&["v3", "mail", "send"]), &body);
        vec![request::bearer(asked, self.api_key.as_str())]
    }
}
