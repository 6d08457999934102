//! What templates know of a message; never a secret, and nothing that is not in the message.

use common::alert::Alert;
use common::api::webhook::{Event, Links};
use minijinja::value::{Serde, Value};
use serde::Serialize;

use crate::notify::message::{Message, Text};

/// The values by their names.
#[derive(Serialize)]
struct Known<'a> {
    title: &'a str,
    text: &'a str,
    event: Event,
    count: usize,
    alert: Option<&'a Alert>,
    alerts: Vec<One<'a>>,
    links: &'a Links,
    key: String,
}

/// One of the alerts.
#[derive(Serialize)]
struct One<'a> {
    event: Event,
    alert: &'a Alert,
}

/// The values of a message; `usual` is what it says without a template.
pub(super) fn values(message: &Message, usual: &Text) -> Value {
    let alerts = message.alerts.iter().map(|one| One {
        event: one.event,
        alert: &one.alert,
    });
    Value::from(Serde(Known {
        title: &usual.title,
        text: &usual.body,
        event: message.event,
        count: message.alerts.len(),
        alert: message.first().map(|one| &one.alert),
        alerts: alerts.collect(),
        links: &message.links,
        key: message.key.to_string(),
    }))
}
