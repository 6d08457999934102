//! Every alert that fires now, kept up to date by the live connection; never history.

use common::alert::{Alert, AlertCounts, AlertState, Severity};
use common::ids::AlertId;
use common::live::{ServerMessage, Topic};
use leptos::prelude::*;

use crate::live::use_live;
use crate::sorting::sort_by;

/// All alerts that fire, acknowledged included.
#[derive(Clone, Copy)]
pub struct ActiveAlerts {
    items: RwSignal<Vec<Alert>>,
    known: RwSignal<bool>,
    changes: RwSignal<Change>,
    news: RwSignal<Option<Alert>>,
}

/// That alerts have changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct Change {
    /// Grows with each.
    count: u32,
    /// The alert; `None` when it may be any.
    alert: Option<AlertId>,
}

impl ActiveAlerts {
    /// Makes them known to all components below, and keeps them up to date.
    pub fn provide() {
        let alerts = Self {
            items: RwSignal::new(Vec::new()),
            known: RwSignal::new(false),
            changes: RwSignal::default(),
            news: RwSignal::new(None),
        };
        provide_context(alerts);
        use_live().watch(Topic::Alerts, move |message| alerts.take(message));
    }

    /// The alerts, worst and newest first.
    pub fn items(self) -> ReadSignal<Vec<Alert>> {
        self.items.read_only()
    }

    /// Whether they are known yet.
    pub fn known(self) -> ReadSignal<bool> {
        self.known.read_only()
    }

    /// Grows with each change of any alert, also after a lag: lists that were read can be read anew.
    pub fn changes(self) -> Signal<u32> {
        let changes = self.changes;
        Signal::derive(move || changes.get().count)
    }

    /// Grows with each change of one alert, and when it may have changed.
    pub fn changes_of(self, id: AlertId) -> Signal<u32> {
        let changes = self.changes;
        let of_it = Memo::new(move |before: Option<&u32>| {
            let change = changes.get();
            match (before, change.alert) {
                (Some(before), Some(other)) if other != id => *before,
                _ => change.count,
            }
        });
        of_it.into()
    }

    /// The alert that came last: not known before, and firing.
    pub fn news(self) -> ReadSignal<Option<Alert>> {
        self.news.read_only()
    }

    /// How many fire.
    pub fn counts(self) -> AlertCounts {
        self.items.with(|items| counts(items))
    }

    /// Takes an alert as an answer of the API gave it.
    pub fn amend(self, alert: Alert) {
        let id = alert.id;
        self.items.update(|items| put(items, alert));
        self.changed(Some(id));
    }

    fn changed(self, alert: Option<AlertId>) {
        self.changes.update(|change| {
            change.count = change.count.wrapping_add(1);
            change.alert = alert;
        });
    }

    fn take(self, message: &ServerMessage) {
        match message {
            ServerMessage::Alerts { items, .. } => {
                let mut items = items.clone();
                sort_by(&mut items, by_urgency);
                self.items.set(items);
                self.known.set(true);
                self.changed(None);
            }
            ServerMessage::Alert { alert, .. } => {
                let is_known = self
                    .items
                    .with_untracked(|items| items.iter().any(|known| known.id == alert.id));
                if !is_known && alert.state == AlertState::Firing {
                    self.news.set(Some(Alert::clone(alert)));
                }
                self.amend(Alert::clone(alert));
            }
            ServerMessage::Lagged { .. } => self.changed(None),
            _ => {}
        }
    }
}

/// All alerts that fire.
pub fn use_alerts() -> ActiveAlerts {
    expect_context()
}

fn counts(items: &[Alert]) -> AlertCounts {
    let of = |severity| {
        let count = items
            .iter()
            .filter(|alert| alert.severity == severity)
            .count();
        u32::try_from(count).unwrap_or(u32::MAX)
    };
    AlertCounts {
        warning: of(Severity::Warning),
        critical: of(Severity::Critical),
    }
}

fn put(items: &mut Vec<Alert>, alert: Alert) {
    items.retain(|known| known.id != alert.id);
    if matches!(alert.state, AlertState::Firing | AlertState::Acknowledged) {
        items.push(alert);
        sort_by(items, by_urgency);
    }
}

fn by_urgency(a: &Alert, b: &Alert) -> std::cmp::Ordering {
    let rank = |alert: &Alert| {
        (
            alert.state == AlertState::Acknowledged,
            std::cmp::Reverse(alert.severity),
            std::cmp::Reverse(alert.started_at),
            alert.id,
        )
    };
    rank(a).cmp(&rank(b))
}
