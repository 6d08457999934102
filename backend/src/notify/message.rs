//! What a channel is to say, whatever its form there; pure, never where it goes.

use bytes::Bytes;
use common::alert::{Alert, AlertChange, AlertState, Severity};
use common::api::webhook::{Event, Links};
use common::ids::DeliveryId;
use common::time::UnixMs;

use super::browser::Browser;
use crate::store::tables::intent::Told;

/// A message on its way to one channel.
#[derive(Debug, Clone)]
pub(super) struct Message {
    /// The same on each attempt: a receiver that has seen it has the message.
    pub(super) key: DeliveryId,
    /// What happened, for all alerts together.
    pub(super) event: Event,
    /// The alerts, at least one, in the order of their changes.
    pub(super) alerts: Vec<Happened>,
    /// What it says.
    pub(super) text: Text,
    /// Where a reader goes on.
    pub(super) links: Links,
    /// The metric around the moment; `None` when there is none to show.
    pub(super) picture: Option<Picture>,
    /// The browsers that are told, when it goes to browsers.
    pub(super) browsers: Vec<Browser>,
    /// When it was composed.
    pub(super) at: UnixMs,
    /// When it is sent now.
    pub(super) now: UnixMs,
}

/// A step of an alert, with the alert as it was then.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Happened {
    /// What happened.
    pub(super) event: Event,
    /// When.
    pub(super) at: UnixMs,
    /// The alert.
    pub(super) alert: Alert,
}

/// What a message says, by its template.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Text {
    /// One line.
    pub(super) title: String,
    /// Plain text, without the title.
    pub(super) body: String,
    /// The same for readers that show HTML.
    pub(super) html: String,
    /// The whole body of a webhook, when its template gives one.
    pub(super) raw: Option<String>,
}

impl Text {
    /// What it says beside the title; the title when that is all: providers refuse empty texts.
    pub(super) fn body_or_title(&self) -> &str {
        if self.body.trim().is_empty() {
            &self.title
        } else {
            &self.body
        }
    }
}

/// A picture of the metric.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Picture {
    /// PNG.
    pub(super) png: Bytes,
    /// Pixels from left to right.
    pub(super) width: u32,
    /// Pixels from top to bottom.
    pub(super) height: u32,
    /// What it shows, for those who cannot see it.
    pub(super) about: String,
}

/// How urgently a message wants to be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Urgency {
    /// Somebody must act now.
    Critical,
    /// Somebody should look soon.
    Warning,
    /// It is better than it was.
    Good,
    /// For the record.
    Calm,
}

impl Message {
    /// The alert that stands for all.
    pub(super) fn first(&self) -> Option<&Happened> {
        self.alerts.first()
    }

    /// Whether it tells of an alert that somebody may take.
    pub(super) fn may_be_taken(&self) -> bool {
        let fires = |one: &Happened| one.alert.state == AlertState::Firing;
        self.alerts.iter().any(fires)
    }

    /// The most urgent of what happened.
    pub(super) fn urgency(&self) -> Urgency {
        let each = self.alerts.iter().map(Happened::urgency);
        each.min_by_key(|urgency| *urgency as u8)
            .unwrap_or(Urgency::Calm)
    }
}

impl Happened {
    /// A stored step.
    pub(super) fn new(told: Told) -> Self {
        let (step, mut alert) = (told.step, Alert::from(told.alert));
        let (change, at) = (step.change.0, step.at.0);
        alert.severity = step.severity.0;
        alert.message = step.message;
        if step.value.is_some() {
            alert.value = step.value.map(|value| value.0);
        }
        // What came later is left out: a repeated message says what the first one said.
        alert.acknowledged_at = alert.acknowledged_at.filter(|then| *then <= at);
        alert.acknowledged_by = alert
            .acknowledged_by
            .filter(|_| alert.acknowledged_at.is_some());
        alert.resolved_at = alert.resolved_at.filter(|then| *then <= at);
        alert.resolved_by = alert.resolved_by.filter(|_| alert.resolved_at.is_some());
        alert.state = match change {
            AlertChange::Resolved => AlertState::Resolved,
            AlertChange::Acknowledged => AlertState::Acknowledged,
            AlertChange::Fired | AlertChange::Escalated => AlertState::Firing,
            AlertChange::Deescalated
            | AlertChange::Commented
            | AlertChange::Assigned
            | AlertChange::Flapping
            | AlertChange::Calmed => {
                if alert.acknowledged_at.is_some() {
                    AlertState::Acknowledged
                } else {
                    AlertState::Firing
                }
            }
        };
        Self {
            event: Event::Changed(change),
            at,
            alert,
        }
    }

    fn urgency(&self) -> Urgency {
        match (self.event, self.alert.severity) {
            (Event::Test(_) | Event::Changed(AlertChange::Acknowledged), _) => Urgency::Calm,
            (Event::Changed(AlertChange::Resolved), _) => Urgency::Good,
            (Event::Changed(_), Severity::Critical) => Urgency::Critical,
            (Event::Changed(_), Severity::Warning) => Urgency::Warning,
        }
    }
}

/// The first characters of a text, with a mark when there were more.
pub(super) fn cut(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    let kept: String = text.chars().take(most.saturating_sub(1)).collect();
    format!("{kept}…")
}
