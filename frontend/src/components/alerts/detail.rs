//! One alert with all that happened to it; never other alerts.

use std::collections::HashMap;

use common::access::Permission;
use common::alert::{Alert, AlertEvent, AlertState};
use common::api::alerts::AlertDetail;
use common::api::people::Person;
use common::ids::UserId;
use leptos::prelude::*;
use leptos_router::components::A;

use super::acts::ActButtons;
use super::conversation::{Assignee, SayForm};
use super::noise::silence_button::SilenceButton;
use super::past::Past;
use super::picture::Picture;
use super::snapshot::Snapshot;
use super::why::Why;
use super::words::{change_word, labels, moment_path, rule_path, state_word};
use crate::api::people;
use crate::browser;
use crate::components::page::Panel;
use crate::components::status::SeverityPill;
use crate::format::decimals;
use crate::moments::Style;
use crate::state::load::Load;
use crate::state::preferences::use_preferences;
use crate::state::session::use_session;

/// Names of people, as far as one may know them.
type Names = Signal<HashMap<UserId, String>>;

/// One alert.
#[component]
pub fn Detail(
    /// The alert and its steps.
    detail: AlertDetail,
    /// What is being typed as a comment.
    said: RwSignal<String>,
    /// Grows when the alert has changed.
    changes: Signal<u32>,
    /// Reads it anew.
    #[prop(into)]
    on_change: Callback<()>,
) -> impl IntoView {
    let alert = detail.alert;
    let (id, is_flapping) = (alert.id, alert.flapping);
    let (about, is_open) = (alert.clone(), alert.state != AlertState::Pending);
    // Of what is over the samples go, and its rule may be another by now.
    let kept = detail.has_picture && alert.state == AlertState::Resolved;
    let what = format!("{} around the alert", alert.message);
    let people = use_people();
    let names = use_names(people);
    let title = format!("{} on {}", alert.rule, alert.server);
    view! {
        <header class="alert-head">
            <div class="alert-head__words">
                <div class="alert-head__name">
                    <h1>{title}</h1>
                    <SeverityPill severity=alert.severity />
                    <span class="pill">{state_word(alert.state)}</span>
                    {is_flapping
                        .then(|| {
                            view! {
                                <span
                                    class="pill"
                                    title="It changes so often that nobody is told until it is calm."
                                >
                                    "Flapping"
                                </span>
                            }
                        })}
                </div>
                <p class="muted">{alert.message.clone()}</p>
            </div>
            <div class="alert-head__acts">
                <A href=moment_path(&alert, browser::now()) attr:class="button">
                    "Show on the charts"
                </A>
                <SilenceButton alert=alert.clone() />
                <ActButtons alert=alert.clone() />
            </div>
        </header>
        <div class="alert-grid">
            <div class="alert-grid__column">
                <Picture id what kept changes />
                <Panel title="What happened">
                    <ol class="steps">
                        {detail
                            .history
                            .into_iter()
                            .map(|event| view! { <Step event names /> })
                            .collect_view()}
                    </ol>
                    <SayForm id is_open said on_said=on_change />
                </Panel>
                <Why id changes />
            </div>
            <div class="alert-grid__column">
                <Panel title="About">
                    <Facts alert=about names people on_change />
                    <Past id />
                </Panel>
                {detail.snapshot.map(|snapshot| view! { <Snapshot snapshot /> })}
            </div>
        </div>
    }
}

#[component]
fn Step(event: AlertEvent, names: Names) -> impl IntoView {
    let preferences = use_preferences();
    let at = event.at;
    let value = event
        .value
        .map(|value| format!(" at {}", decimals(Some(value), 2)));
    view! {
        <li class="steps__one">
            <time class="values muted" datetime=at.to_rfc3339()>
                {move || {
                    let day = preferences.moment(at, Style::DayAndTime);
                    let time = preferences.moment(at, Style::Second);
                    // The day, and the time of day with its seconds.
                    day.rsplit_once(", ").map_or_else(|| time.clone(), |(day, _)| format!("{day}, {time}"))
                }}
            </time>
            <span class=format!("steps__mark steps__mark--{}", event.severity.as_str()) aria-hidden="true"></span>
            <div>
                <strong>{change_word(event.change)}</strong>
                {value}
                {event.by.map(|by| view! { " by " {move || name(names, by)} })}
                {event.comment.map(|comment| view! { <p class="steps__comment">{comment}</p> })}
            </div>
        </li>
    }
}

#[component]
fn Facts(
    alert: Alert,
    names: Names,
    people: Signal<Vec<Person>>,
    on_change: Callback<()>,
) -> impl IntoView {
    let preferences = use_preferences();
    let moment = move |at| preferences.moment(at, Style::DayAndTime);
    let number = |value: Option<f64>| decimals(value, 2);
    let labels = labels(&alert);
    let started_at = alert.started_at;
    let (id, assigned) = (alert.id, alert.assignee);
    let assignee =
        Signal::derive(move || assigned.map_or_else(|| "Nobody".to_owned(), |id| name(names, id)));
    let (rule, server) = (alert.rule.clone(), alert.server.clone());
    let (its_rule, its_moment) = (
        rule_path(alert.rule_id),
        moment_path(&alert, browser::now()),
    );
    view! {
        <dl class="about">
            <dt>"Rule"</dt>
            <dd>
                <A href=its_rule>{rule}</A>
                <span class="muted">" version " {alert.rule_version}</span>
            </dd>
            <dt>"Server"</dt>
            <dd>
                <A href=its_moment>{server}</A>
            </dd>
            {(!labels.is_empty())
                .then(|| view! {
                    <dt>"Series"</dt>
                    <dd class="values">{labels}</dd>
                })}
            <dt>"Value"</dt>
            <dd class="values">{number(alert.value)}</dd>
            <dt>"Threshold"</dt>
            <dd class="values">{number(alert.threshold)}</dd>
            <dt>"Looked after by"</dt>
            <dd>
                <Assignee id present=assigned people name=assignee on_given=on_change />
            </dd>
            <dt>"Began"</dt>
            <dd>{move || moment(started_at)}</dd>
            {alert
                .acknowledged_at
                .map(|at| view! {
                    <dt>"Acknowledged"</dt>
                    <dd>
                        {move || moment(at)}
                        {alert.acknowledged_by.map(|by| view! { " by " {move || name(names, by)} })}
                    </dd>
                })}
            {alert
                .resolved_at
                .map(|at| view! {
                    <dt>"Ended"</dt>
                    <dd>
                        {move || moment(at)}
                        {match alert.resolved_by {
                            Some(by) => view! { " by " {move || name(names, by)} }.into_any(),
                            None => view! { " by itself" }.into_any(),
                        }}
                    </dd>
                })}
        </dl>
    }
}

/// Everybody with a login, for those who may know who else is there.
fn use_people() -> Signal<Vec<Person>> {
    let session = use_session();
    let load = Load::new(move |api| {
        let may = untrack(|| session.may(Permission::PeopleRead));
        async move {
            if may {
                people::list(api).await
            } else {
                Ok(Vec::new())
            }
        }
    });
    Signal::derive(move || {
        load.state()
            .with(|state| state.value().cloned().unwrap_or_default())
    })
}

/// Their names, and one's own.
fn use_names(people: Signal<Vec<Person>>) -> Names {
    let session = use_session();
    Signal::derive(move || {
        let mut names: HashMap<UserId, String> = people.with(|people| {
            let people = people.iter();
            people.map(|it| (it.id, it.display_name.clone())).collect()
        });
        if let Some(own) = session.user() {
            names.insert(own.id, own.display_name);
        }
        names
    })
}

fn name(names: Names, id: UserId) -> String {
    names.with(|names| {
        names
            .get(&id)
            .cloned()
            .unwrap_or_else(|| "a colleague".to_owned())
    })
}
