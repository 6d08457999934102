//! Slack: an incoming webhook and blocks; never the Web API.
//!
//! By <https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks> and
//! `…/reference/block-kit/blocks`: the text is what a notification on a phone shows; the blocks stand in an
//! attachment, which alone has a colour. A section has 3,000 characters, or ten fields of 2,000.

use serde::Deserialize;
use serde_json::json;

use super::config::Endpoint;
use super::facts::facts;
use super::{Provider, request};
use crate::egress::Request;
use crate::notify::message::{Message, Urgency};

/// What must not be read: who has the URL may write there.
pub(super) const SECRETS: &[&str] = &["url"];

const TITLE_CHARS: usize = 250;
const SECTION_CHARS: usize = 3_000;
const FIELD_CHARS: usize = 300;
const URL_BYTES: usize = 2_000;

/// The configuration.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Slack {
    url: Endpoint,
}

impl Provider for Slack {
    fn requests(&self, message: &Message) -> Vec<Request> {
        let markdown = |text: String| json!({ "type": "mrkdwn", "text": text });
        let mut blocks = Vec::new();
        let body = escaped(message.text.body_or_title(), SECTION_CHARS);
        blocks.push(json!({ "type": "section", "text": markdown(body) }));
        let fields: Vec<_> = facts(message)
            .into_iter()
            .map(|(name, value)| markdown(format!("*{name}*\n{}", escaped(&value, FIELD_CHARS))))
            .collect();
        if !fields.is_empty() {
            blocks.push(json!({ "type": "section", "fields": fields }));
        }
        // A link and no button: Slack asks the app about a button, and a webhook has nobody to answer.
        let links = [
            ("Open the alert", &message.links.alert),
            ("Take it", &message.links.acknowledge),
            ("Runbook", &message.links.runbook),
        ];
        let links: Vec<_> = links
            .into_iter()
            .filter_map(|(name, url)| Some(markdown(format!("<{}|{name}>", link(url.as_ref()?)?))))
            .collect();
        if !links.is_empty() {
            blocks.push(json!({ "type": "context", "elements": links }));
        }
        let body = json!({
            "text": format!("*{}*", escaped(&message.text.title, TITLE_CHARS)),
            "attachments": [{ "color": colour(message.urgency()), "blocks": blocks }],
        });
        vec![request::json(self.url.url(), &body)]
    }
}

fn colour(urgency: Urgency) -> &'static str {
    match urgency {
        Urgency::Critical => "#d92d20",
        Urgency::Warning => "#f79009",
        Urgency::Good => "#12b76a",
        Urgency::Calm => "#667085",
    }
}

/// The three characters that mean something to Slack by their names; the whole has no more than `most`.
fn escaped(text: &str, most: usize) -> String {
    let (mut kept, mut length) = (String::new(), 0);
    let mut bytes = [0; 4];
    for character in text.chars() {
        let named = match character {
            '&' => "&amp;",
            '<' => "&lt;",
            '>' => "&gt;",
            other => other.encode_utf8(&mut bytes),
        };
        length += named.chars().count();
        if length >= most {
            kept.push('…');
            break;
        }
        kept.push_str(named);
    }
    kept
}

/// An address within a link; `None` when it is too long for one.
fn link(url: &str) -> Option<String> {
    let url = url.replace('|', "%7C");
    (url.len() <= URL_BYTES).then(|| escaped(&url, 5 * URL_BYTES))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_escaped_fits_all_the_same() {
        assert_eq!(escaped("a <b> & c", 100), "a &lt;b&gt; &amp; c");
        let long = escaped(&"<".repeat(1_000), 3_000);
        assert!(long.ends_with("&lt;…"), "no half name");
        assert!(long.chars().count() <= 3_000);
        assert_eq!(
            link("https://a/?b=1&c=|").unwrap(),
            "https://a/?b=1&amp;c=%7C"
        );
        assert_eq!(link(&"x".repeat(3_000)), None);
    }
}
