//! Discord: a webhook and one embed; never a bot.
//!
//! By "Execute Webhook" and "Embed Limits" of <https://discord.com/developers/docs/resources/webhook> and
//! `…/resources/message`: a title of 256 characters, a description of 4,096, fields of 1,024, and 6,000 in all.

use std::time::Duration;

use serde::Deserialize;
use serde_json::{Value, json};

use super::config::Endpoint;
use super::facts::facts;
use super::multipart::{self, FILE_NAME};
use super::verdict::{self, Verdict};
use super::{Provider, request};
use crate::egress::{Answer, Request};
use crate::notify::message::{Message, Urgency, cut};

/// What must not be read: who has the URL may write there.
pub(super) const SECRETS: &[&str] = &["url"];

const TITLE_CHARS: usize = 256;
const TEXT_CHARS: usize = 4_000;
/// All fields together leave room for title and text.
const FIELD_CHARS: usize = 250;

/// The configuration.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Discord {
    url: Endpoint,
}

impl Provider for Discord {
    fn requests(&self, message: &Message) -> Vec<Request> {
        let fields = facts(message).into_iter().map(|(name, value)| {
            json!({ "name": name, "value": cut(&value, FIELD_CHARS), "inline": true })
        });
        let take = message.links.acknowledge.iter();
        let take = take.map(|url| {
            json!({ "name": "Take it", "value": format!("[Take it]({url})"), "inline": false })
        });
        let mut embed = json!({
            "title": cut(&message.text.title, TITLE_CHARS),
            "description": cut(message.text.body_or_title(), TEXT_CHARS),
            "color": colour(message.urgency()),
            "timestamp": message.at.to_string(),
            "fields": fields.chain(take).collect::<Vec<_>>(),
        });
        if let Some(url) = &message.links.alert {
            embed["url"] = json!(url);
        }
        // Nobody is called by what a label says.
        let mut body = json!({ "allowed_mentions": { "parse": [] } });
        let Some(picture) = &message.picture else {
            body["embeds"] = json!([embed]);
            return vec![request::json(self.url.url(), &body)];
        };
        embed["image"] = json!({ "url": format!("attachment://{FILE_NAME}") });
        body["embeds"] = json!([embed]);
        let about = cut(&picture.about, TITLE_CHARS);
        body["attachments"] = json!([{ "id": 0, "filename": FILE_NAME, "description": about }]);
        let body = body.to_string();
        let (fields, file) = ([("payload_json", body.as_str())], ("files[0]", picture));
        vec![multipart::form(self.url.url(), message.key, &fields, file)]
    }

    fn judge(&self, answer: &Answer) -> Verdict {
        match verdict::by_status(answer) {
            Verdict::Later(None) => Verdict::Later(retry_after(&answer.body)),
            verdict => verdict,
        }
    }
}

/// Seconds in the body, with a fraction.
fn retry_after(body: &[u8]) -> Option<Duration> {
    let body: Value = serde_json::from_slice(body).ok()?;
    let seconds = body.get("retry_after")?.as_f64()?;
    Duration::try_from_secs_f64(seconds).ok()
}

fn colour(urgency: Urgency) -> u32 {
    match urgency {
        Urgency::Critical => 0x00d9_2d20,
        Urgency::Warning => 0x00f7_9009,
        Urgency::Good => 0x0012_b76a,
        Urgency::Calm => 0x0066_7085,
    }
}
