//! How a server fares in a shape, a word and a colour; never the colour alone.

use common::alert::{AlertCounts, Severity};
use common::api::servers::ServerStatus;
use leptos::prelude::*;

use super::icon::Icon;

/// The word for a server, from its alerts and whether it reports; the health score has no say.
/// Ordered from worst to best.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Condition {
    /// Something critical fires.
    Critical,
    /// It does not report.
    NoData,
    /// A warning fires.
    Warning,
    /// Nothing fires.
    Healthy,
    /// It is not watched.
    Paused,
}

impl Condition {
    /// The condition of a server.
    pub fn of(status: ServerStatus, alerts: AlertCounts) -> Self {
        match status {
            ServerStatus::Paused => Self::Paused,
            ServerStatus::Down | ServerStatus::Unknown => Self::NoData,
            ServerStatus::Up if alerts.critical > 0 => Self::Critical,
            ServerStatus::Up if alerts.warning > 0 => Self::Warning,
            ServerStatus::Up => Self::Healthy,
        }
    }

    /// Its word.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Critical => "Critical",
            Self::NoData => "No data",
            Self::Warning => "Warning",
            Self::Healthy => "Healthy",
            Self::Paused => "Paused",
        }
    }

    /// The modifier of its colour.
    pub const fn modifier(self) -> &'static str {
        match self {
            Self::Critical => "critical",
            Self::NoData => "unknown",
            Self::Warning => "warning",
            Self::Healthy => "ok",
            Self::Paused => "paused",
        }
    }

    const fn icon(self) -> Icon {
        match self {
            Self::Critical => Icon::Critical,
            Self::NoData => Icon::Unknown,
            Self::Warning => Icon::Alert,
            Self::Healthy => Icon::Healthy,
            Self::Paused => Icon::Pause,
        }
    }
}

/// A server's condition.
#[component]
pub fn StatusWord(
    /// The condition.
    #[prop(into)]
    condition: Signal<Condition>,
) -> impl IntoView {
    move || {
        let condition = condition.get();
        view! {
            <span class=format!("status status--{}", condition.modifier())>
                {condition.icon().small()} <span>{condition.word()}</span>
            </span>
        }
    }
}

/// A tinted pill with a word in the colour of a severity.
#[component]
pub fn SeverityPill(
    /// How bad.
    severity: Severity,
    /// What it says; the severity's word when there is nothing else to say.
    #[prop(optional, into)]
    text: Option<String>,
) -> impl IntoView {
    let (modifier, icon, word) = match severity {
        Severity::Warning => ("warning", Icon::Alert, "Warning"),
        Severity::Critical => ("critical", Icon::Critical, "Critical"),
    };
    view! {
        <span class=format!("pill pill--{modifier}")>
            {icon.small()} {text.unwrap_or_else(|| word.into())}
        </span>
    }
}

/// The firing alerts of a server as pills; a dash when there are none.
#[component]
pub fn AlertPills(
    /// How many fire.
    #[prop(into)]
    counts: Signal<AlertCounts>,
) -> impl IntoView {
    move || {
        let AlertCounts { warning, critical } = counts.get();
        let pill = |severity: Severity, count: u32| {
            let text = match severity {
                Severity::Warning if count > 1 => format!("{count} warnings"),
                _ => format!("{count} {}", severity.as_str()),
            };
            (count > 0).then(
                || view! { <span class=format!("pill pill--{}", severity.as_str())>{text}</span> },
            )
        };
        if warning + critical == 0 {
            view! { <span class="muted">{crate::format::NOTHING}</span> }.into_any()
        } else {
            view! {
                <span class="pills">
                    {pill(Severity::Critical, critical)} {pill(Severity::Warning, warning)}
                </span>
            }
            .into_any()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Condition;
    use common::alert::AlertCounts;
    use common::api::servers::ServerStatus;

    #[test]
    fn the_word_comes_from_alerts_and_reachability() {
        for (status, warning, critical, expected) in [
            (ServerStatus::Up, 0, 0, Condition::Healthy),
            (ServerStatus::Up, 2, 0, Condition::Warning),
            (ServerStatus::Up, 2, 1, Condition::Critical),
            (ServerStatus::Down, 0, 1, Condition::NoData),
            (ServerStatus::Unknown, 0, 0, Condition::NoData),
            (ServerStatus::Paused, 0, 3, Condition::Paused),
        ] {
            let found = Condition::of(status, AlertCounts { warning, critical });
            assert_eq!(found, expected);
        }
        assert!(Condition::Critical < Condition::Healthy);
    }
}
