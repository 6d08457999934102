//! One alert as a row, or as a card on a phone; never in which list.

use common::access::Permission;
use common::alert::{Alert, AlertState};
use leptos::prelude::*;
use leptos_router::components::A;

use super::acts::ActButtons;
use super::bulk::Chosen;
use super::noise::silence_button::SilenceButton;
use super::words::{alert_path, labels, moment_path, state_word};
use crate::browser;
use crate::components::status::SeverityPill;
use crate::format::{age, duration};
use crate::moments::Style;
use crate::state::preferences::use_preferences;
use crate::state::session::use_session;
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
    /// Which alerts of the list are chosen, where several can be.
    #[prop(optional)]
    chosen: Option<Chosen>,
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
                {chosen.map(|chosen| view! { <Choose alert=alert.clone() chosen /> })}
                <SeverityPill severity=alert.severity />
            </td>
            <td class="alert-row__what">
                <A href=path attr:class="alert-row__name">
                    {name}
                </A>
                {(!label.is_empty()).then(|| view! { " " <span class="tag">{label}</span> })}
                {alert.flapping.then(|| view! { " " <span class="tag">"flapping"</span> })}
                {held(&alert).map(|word| view! { " " <span class="tag">{word}</span> })}
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
                <div class="acts">
                    <SilenceButton alert=alert.clone() />
                    <ActButtons alert />
                </div>
            </td>
        </tr>
    }
}

/// What holds it back, so that nobody is told.
fn held(alert: &Alert) -> Option<&'static str> {
    if !alert.silenced_by.is_empty() {
        Some("silenced")
    } else if !alert.muted_by.is_empty() {
        Some("in maintenance")
    } else if !alert.inhibited_by.is_empty() {
        Some("inhibited")
    } else {
        None
    }
}

/// Chooses it, for those who may act on it.
#[component]
fn Choose(alert: Alert, chosen: Chosen) -> impl IntoView {
    let session = use_session();
    let id = alert.id;
    let label = format!("Choose {} on {}", alert.rule, alert.server);
    let change = move |event| {
        let is_chosen = event_target_checked(&event);
        chosen.update(|chosen| {
            if is_chosen {
                chosen.insert(id);
            } else {
                chosen.remove(&id);
            }
        });
    };
    view! {
        <Show when=move || session.may(Permission::AlertsAct)>
            <input
                type="checkbox"
                class="alert-row__choose"
                aria-label=label.clone()
                prop:checked=move || chosen.with(|chosen| chosen.contains(&id))
                on:change=change
            />
        </Show>
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
