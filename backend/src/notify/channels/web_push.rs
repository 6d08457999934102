//! Web Push: to the browsers of people who asked for it; never a page.
//!
//! By RFC 8030 (`TTL`, `Urgency`, `Topic`), RFC 8291 (encryption) and RFC 8292 (who sends). A push service
//! answers 201, and 404 or 410 for a browser that is gone.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use common::ids::PushSubscriptionId;
use futures_util::{StreamExt, stream};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::config::Line;
use super::encrypted::{self, Unfit};
use super::request::{with_body, with_header};
use super::verdict::{self, Verdict};
use super::{Answered, Way, excerpt, unanswered};
use crate::egress::Request;
use crate::egress::header::{AUTHORIZATION, CONTENT_ENCODING, HeaderName};
use crate::notify::browser::Browser;
use crate::notify::message::{Message, Urgency, cut};
use common::problem::FieldError;

/// There are none: the key is the server's own.
pub(super) const SECRETS: &[&str] = &[];

const TTL: HeaderName = HeaderName::from_static("ttl");
const URGENCY: HeaderName = HeaderName::from_static("urgency");
const TOPIC: HeaderName = HeaderName::from_static("topic");
/// For how long a push service keeps a message for a browser that is not there.
const KEPT_SECONDS: &str = "86400";
/// What a message may have, so that all of it fits into one record.
const TITLE_CHARS: usize = 200;
const TEXT_CHARS: usize = 500;
const URL_BYTES: usize = 500;
/// So many browsers are told at once.
const TOGETHER: usize = 16;

/// The configuration.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::notify) struct WebPush {
    /// Whom a push service asks when something is wrong: `mailto:…` or `https://…`.
    subject: Line,
}

/// The channel with its configuration.
pub(super) fn read(config: &Map<String, Value>) -> Result<WebPush, Vec<FieldError>> {
    let channel: WebPush = super::config::parse(config)?;
    let subject = channel.subject.as_str();
    if ["mailto:", "https://"]
        .iter()
        .any(|it| subject.starts_with(it))
    {
        return Ok(channel);
    }
    let message = "has to begin with mailto: or https://";
    Err(vec![FieldError::new("config.subject", message)])
}

/// What came of telling one browser.
struct Told {
    id: PushSubscriptionId,
    answered: Answered,
}

impl Told {
    /// The browser has no push service any more, or none that takes this server's messages.
    fn is_gone(&self) -> bool {
        matches!(self.answered.status, Some(404 | 410))
    }
}

impl WebPush {
    /// Tells every browser; those that are gone are named. One that fails holds the message up for
    /// all: those that have it show it in the place of the same.
    pub(super) async fn send(&self, way: &Way, message: &Message) -> Answered {
        let each = message.browsers.iter();
        let each: Vec<_> = each
            .map(|browser| self.told(way, message, browser))
            .collect();
        let told: Vec<Told> = stream::iter(each)
            .buffer_unordered(TOGETHER)
            .collect()
            .await;
        let gone: Vec<_> = told
            .iter()
            .filter(|it| it.is_gone())
            .map(|it| it.id)
            .collect();
        let there = told.into_iter().filter(|it| !it.is_gone());
        let worst = there
            .map(|it| it.answered)
            .max_by_key(|it| match it.verdict {
                Verdict::Later(_) => 2,
                Verdict::Delivered => 1,
                Verdict::Refused | Verdict::Gone => 0,
            });
        let nobody = || Answered::refused("no browser of anybody who sees this asks for messages");
        Answered {
            gone,
            ..worst.unwrap_or_else(nobody)
        }
    }

    async fn told(&self, way: &Way, message: &Message, browser: &Browser) -> Told {
        Told {
            id: browser.id,
            answered: self.tell(way, message, browser).await,
        }
    }

    async fn tell(&self, way: &Way, message: &Message, browser: &Browser) -> Answered {
        let request = match self.request(way, message, browser) {
            Ok(request) => request,
            Err(unfit) => return Answered::refused(&unfit.to_string()),
        };
        match way.client.skim(request, way.limits).await {
            Ok(answer) => Answered {
                verdict: match verdict::by_status(&answer) {
                    // It is the browser that is gone, not the channel.
                    Verdict::Gone => Verdict::Refused,
                    verdict => verdict,
                },
                status: Some(answer.status.as_u16().into()),
                answer: excerpt(&String::from_utf8_lossy(&answer.body)),
                gone: Vec::new(),
                pictureless: None,
            },
            Err(error) => unanswered(&error),
        }
    }

    fn request(&self, way: &Way, message: &Message, browser: &Browser) -> Result<Request, Unfit> {
        let url = message.links.alert.as_ref();
        let body = json!({
            "title": cut(&message.text.title, TITLE_CHARS),
            "body": cut(&message.text.body, TEXT_CHARS),
            // A browser that shows the message already shows it anew.
            "tag": message.key,
            "url": url.filter(|url| url.len() <= URL_BYTES),
        });
        let body = encrypted::seal(body.to_string().as_bytes(), browser)?;
        let url = browser.endpoint.clone();
        let audience = url.origin().ascii_serialization();
        let authorization = way
            .vapid
            .authorization(&audience, self.subject.as_str(), message.now)
            .ok_or(Unfit::Key)?;
        let urgency = match message.urgency() {
            Urgency::Critical => "high",
            Urgency::Warning => "normal",
            Urgency::Good | Urgency::Calm => "low",
        };
        let topic = URL_SAFE_NO_PAD.encode(message.key.0.as_bytes());
        let mut request = with_body(url, "application/octet-stream", body);
        for (name, value) in [
            (TTL, KEPT_SECONDS),
            (URGENCY, urgency),
            (TOPIC, &topic),
            (CONTENT_ENCODING, "aes128gcm"),
            (AUTHORIZATION, &authorization),
        ] {
            request = with_header(request, name, value);
        }
        Ok(request)
    }
}
