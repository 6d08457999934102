//! One alert as a row, or as a card on a phone; never in which list.

use common::alert::{Alert, AlertState};
use leptos::prelude::*;
use leptos_router::components::A;

use super::acts::ActButtons;
use super::words::{alert_path, labels, moment_path, state_word};
use crate::browser;
use crate::components::status::SeverityPill;
use crate::format::{age, duration};
use crate::moments::Style;
use crate::state::preferences::use_preferences;
use crate::state::ticker::use_now;

/// The heads of the columns of [`AlertRow`].
#[component]
pub fn AlertHeads() -> impl IntoView {
    view! {
        <thead>
            <tr>
                <th class="alert-table__severity">"Severity"</th>
                <th>"Alert"</th>
                <th class="alert-table__server">"Server"</th>
                <th class="alert-table__state">"State"</th>
                <th class="alert-table__since">"Since"</th>
                <th class="alert-table__acts">
                    <span class="unseen">"Actions"</span>
                </th>
            </tr>
        </thead>
    }
}

/// One alert.
#[component]
pub fn AlertRow(
    /// The alert.
    alert: Alert,
) -> impl IntoView {
    let edge = match alert.state {
        AlertState::Firing => alert.severity.as_str(),
        AlertState::Pending | AlertState::Acknowledged | AlertState::Resolved => "calm",
    };
    let label = labels(&alert);
    let (name, server) = (alert.rule.clone(), alert.server.clone());
    let (path, moment) = (alert_path(alert.id), moment_path(&alert, browser::now()));
    let since = alert.clone();
    view! {
        <tr class=format!("alert-row alert-row--{edge}")>
            <td data-label="Severity">
                <SeverityPill severity=alert.severity />
            </td>
            <td class="alert-row__what">
                <A href=path attr:class="alert-row__name">
                    {name}
                </A>
                {(!label.is_empty()).then(|| view! { " " <span class="tag">{label}</span> })}
                <p class="alert-row__message muted">{alert.message.clone()}</p>
            </td>
            <td data-label="Server">
                <A href=moment>{server}</A>
            </td>
            <td data-label="State">{state_word(alert.state)}</td>
            <td data-label="Since">
                <Since alert=since />
            </td>
            <td class="table__actions">
                <ActButtons alert />
            </td>
        </tr>
    }
}

/// How long it has fired, or when and how long it did.
#[component]
fn Since(alert: Alert) -> impl IntoView {
    let (preferences, now) = (use_preferences(), use_now());
    let started_at = alert.started_at;
    let text = move || match alert.resolved_at {
        None => age(now.get().since_ms(started_at)),
        Some(ended_at) => {
            let seconds = ended_at.since_ms(started_at).max(0) / 1_000;
            let lasted = duration(u64::try_from(seconds).unwrap_or(0));
            format!(
                "{}, for {lasted}",
                preferences.moment(started_at, Style::DayAndTime)
            )
        }
    };
    view! {
        <time
            class="muted"
            datetime=started_at.to_rfc3339()
            title=move || preferences.moment(started_at, Style::DayAndTime)
        >
            {text}
        </time>
    }
}
