//! Microsoft Teams: a workflow that posts an adaptive card; never the old connectors.
//!
//! By "Create and send messages" of
//! <https://learn.microsoft.com/microsoftteams/platform/webhooks-and-connectors/how-to/connectors-using>: a message
//! with one attachment, a card of the schema on <https://adaptivecards.io/explorer/>, 28 KB in all.

use serde::Deserialize;
use serde_json::json;

use super::config::Endpoint;
use super::facts::facts;
use super::{Provider, request};
use crate::egress::Request;
use crate::notify::message::{Message, Urgency, cut};

/// What must not be read: who has the URL may write there.
pub(super) const SECRETS: &[&str] = &["url"];

/// A card with its surroundings may have 28 KB.
const TEXT_CHARS: usize = 5_000;
const TITLE_CHARS: usize = 250;

/// The configuration.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Teams {
    url: Endpoint,
}

impl Provider for Teams {
    fn requests(&self, message: &Message) -> Vec<Request> {
        let mut body = vec![
            json!({
                "type": "TextBlock", "size": "Large", "weight": "Bolder", "wrap": true,
                "color": colour(message.urgency()), "text": cut(&message.text.title, TITLE_CHARS),
            }),
            json!({ "type": "TextBlock", "wrap": true, "text": cut(message.text.body_or_title(), TEXT_CHARS) }),
        ];
        let facts: Vec<_> = facts(message)
            .into_iter()
            .map(|(title, value)| json!({ "title": title, "value": value }))
            .collect();
        if !facts.is_empty() {
            body.push(json!({ "type": "FactSet", "facts": facts }));
        }
        let links = [
            ("Open the alert", &message.links.alert),
            ("Take it", &message.links.acknowledge),
        ];
        let actions = links.into_iter().filter_map(|(title, url)| {
            let url = url.as_ref()?;
            Some(json!({ "type": "Action.OpenUrl", "title": title, "url": url }))
        });
        let card = json!({
            "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
            "type": "AdaptiveCard",
            "version": "1.4",
            "body": body,
            "actions": actions.collect::<Vec<_>>(),
            "msteams": { "width": "Full" },
        });
        let body = json!({
            "type": "message",
            "attachments": [{
                "contentType": "application/vnd.microsoft.card.adaptive",
                "contentUrl": null,
                "content": card,
            }],
        });
        vec![request::json(self.url.url(), &body)]
    }
}

fn colour(urgency: Urgency) -> &'static str {
    match urgency {
        Urgency::Critical => "Attention",
        Urgency::Warning => "Warning",
        Urgency::Good => "Good",
        Urgency::Calm => "Default",
    }
}
