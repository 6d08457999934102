//! What a webhook is sent: the body that other people's programs read; never how it is signed.

use serde::{Deserialize, Serialize};

use crate::alert::{Alert, AlertChange};

/// What happened to the first of the alerts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Event {
    /// A step in the life of an alert.
    Changed(AlertChange),
    /// Somebody tries the channel out.
    Test(TestEvent),
}

/// The one word of a trial.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TestEvent {
    /// Somebody tries the channel out.
    Test,
}

impl Event {
    /// The word in the body.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Changed(change) => change.as_str(),
            Self::Test(TestEvent::Test) => "test",
        }
    }
}

/// Where a reader goes on.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Links {
    /// The alert's page.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub alert: Option<String>,
    /// What to do about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub runbook: Option<String>,
    /// A page on which the alert is taken, without a login.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub acknowledge: Option<String>,
    /// A page on which the one person whom the message is for leaves the channel, without a login.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unsubscribe: Option<String>,
}

/// The body.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct WebhookBody<'a> {
    /// 1.
    pub version: u32,
    /// What happened.
    pub event: Event,
    /// The alert as it was then.
    pub alert: &'a Alert,
    /// All alerts of the message, the one above included.
    pub alerts: Vec<WebhookAlert<'a>>,
    /// Where a reader goes on.
    pub links: &'a Links,
}

/// One of several alerts in a message.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct WebhookAlert<'a> {
    /// What happened to it.
    pub event: Event,
    /// The alert as it was then.
    pub alert: &'a Alert,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_event_is_one_word() {
        for event in [
            Event::Changed(AlertChange::Fired),
            Event::Changed(AlertChange::Resolved),
            Event::Test(TestEvent::Test),
        ] {
            let json = serde_json::to_string(&event).unwrap();
            assert_eq!(json, format!("\"{}\"", event.as_str()));
            assert_eq!(serde_json::from_str::<Event>(&json).unwrap(), event);
        }
    }
}
