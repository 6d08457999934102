//! Webhook: the body of the API, signed, to any server; never a provider's own form.

use common::api::webhook::{WebhookAlert, WebhookBody};
use common::time::UnixMs;
use serde::Deserialize;

use super::config::{Endpoint, Line};
use super::{Provider, request};
use crate::egress::Request;
use crate::egress::header::{AUTHORIZATION, HeaderName};
use crate::notify::message::Message;

/// What must not be read.
pub(super) const SECRETS: &[&str] = &["secret", "authorization"];

const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");
const SIGNATURE: HeaderName = HeaderName::from_static("watchpost-signature");

/// The configuration.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Webhook {
    url: Endpoint,
    secret: Option<Line>,
    /// The header of that name, for receivers that want one.
    authorization: Option<Line>,
}

impl Provider for Webhook {
    fn requests(&self, message: &Message) -> Vec<Request> {
        let Some(body) = body(message) else {
            return Vec::new();
        };
        let key = message.key.to_string();
        let signature = self
            .secret
            .as_ref()
            .map(|secret| signature(secret.as_str(), message.now, &body));
        let asked = request::with_body(self.url.url(), "application/json", body);
        let mut asked = request::with_header(asked, IDEMPOTENCY_KEY, &key);
        if let Some(signature) = signature {
            asked = request::with_header(asked, SIGNATURE, &signature);
        }
        if let Some(authorization) = &self.authorization {
            asked = request::with_header(asked, AUTHORIZATION, authorization.as_str());
        }
        vec![asked]
    }
}

/// What is sent; `None` for a message about nothing.
fn body(message: &Message) -> Option<Vec<u8>> {
    if let Some(raw) = &message.text.raw {
        return Some(raw.clone().into_bytes());
    }
    let body = WebhookBody {
        version: 1,
        event: message.event,
        alert: &message.first()?.alert,
        alerts: message
            .alerts
            .iter()
            .map(|one| WebhookAlert {
                event: one.event,
                alert: &one.alert,
            })
            .collect(),
        links: &message.links,
    };
    serde_json::to_vec(&body).ok()
}

/// `t=<seconds>,v1=<hex of HMAC-SHA256 over "t.body">`.
fn signature(secret: &str, now: UnixMs, body: &[u8]) -> String {
    let seconds = now.0.div_euclid(1_000);
    let signed = [format!("{seconds}.").as_bytes(), body].concat();
    let mac = super::sign::hmac(secret.as_bytes(), &signed);
    format!("t={seconds},v1={}", super::sign::hex(&mac))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_signature_is_that_of_time_and_body() {
        // printf '1700000000.{}' | openssl dgst -sha256 -hmac s3cret
        let signed = signature("s3cret", UnixMs(1_700_000_000_999), b"{}");
        assert_eq!(
            signed,
            "t=1700000000,v1=97926816e98fbb41ccb1673225ff29a2f35369099990e1b1561651e7bd097ebf"
        );
    }
}
