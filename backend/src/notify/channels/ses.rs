//! Amazon SES: e-mail by its API, requests signed by signature version 4; never by a mail server.
//!
//! By `SendEmail` of <https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_SendEmail.html> with a simple
//! message; the picture is an `Attachment` that is `INLINE`, its `ContentId` of up to 78 characters.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;
use serde_json::json;

use super::config::{Endpoint, Line};
use super::mailbox::Mailbox;
use super::sigv4::{self, Credentials};
use super::{Provider, mail, request};
use crate::egress::Request;
use crate::notify::message::Message;

/// What must not be read.
pub(super) const SECRETS: &[&str] = &["secret_access_key"];

/// The configuration.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Ses {
    /// `eu-central-1`.
    region: Line,
    access_key_id: Line,
    secret_access_key: Line,
    from: Mailbox,
    #[serde(deserialize_with = "super::mailbox::some")]
    to: Vec<Mailbox>,
    /// Instead of that of the region.
    api_url: Option<Endpoint>,
}

impl Provider for Ses {
    fn requests(&self, message: &Message) -> Vec<Request> {
        let Some(api_url) = self
            .api_url
            .clone()
            .or_else(|| regional(self.region.as_str()))
        else {
            return Vec::new();
        };
        let data = |text: &str| json!({ "Data": text, "Charset": "UTF-8" });
        let headers = mail::headers(message).into_iter();
        let headers: Vec<_> = headers
            .map(|(name, value)| json!({ "Name": name, "Value": value }))
            .collect();
        let mut simple = json!({
            "Subject": data(&message.text.title),
            "Body": { "Text": data(&mail::plain(message)), "Html": data(&mail::html(message)) },
            "Headers": headers,
        });
        let picture = message.picture.as_ref().map(|picture| {
            json!({
                "FileName": "chart.png",
                "ContentType": "image/png",
                "ContentDisposition": "INLINE",
                "ContentId": mail::PICTURE,
                "ContentTransferEncoding": "BASE64",
                "RawContent": STANDARD.encode(&picture.png),
            })
        });
        let list = mail::list(message).map(|list| {
            json!({
                "FileName": mail::LIST,
                "ContentType": "text/csv",
                "ContentDisposition": "ATTACHMENT",
                "ContentTransferEncoding": "BASE64",
                "RawContent": STANDARD.encode(list),
            })
        });
        let attachments: Vec<_> = picture.into_iter().chain(list).collect();
        if !attachments.is_empty() {
            simple["Attachments"] = json!(attachments);
        }
        let to: Vec<_> = self.to.iter().map(Mailbox::address).collect();
        let body = json!({
            "FromEmailAddress": self.from.to_string(),
            "Destination": { "ToAddresses": to },
            "Content": { "Simple": simple },
        });
        let url = api_url.below(&["v2", "email", "outbound-emails"]);
        let asked = request::json(url, &body);
        let credentials = Credentials {
            key_id: self.access_key_id.as_str(),
            secret: self.secret_access_key.as_str(),
            region: self.region.as_str(),
            service: "ses",
        };
        vec![sigv4::sign(asked, credentials, message.now)]
    }
}

fn regional(region: &str) -> Option<Endpoint> {
    Endpoint::try_from(format!("https://email.{region}.amazonaws.com")).ok()
}
