//! The receivers of remote writes as a table whose rows stay while what they show changes; never a request.

use common::api::remote_write::{Receiver, ReceiverState};
use leptos::prelude::*;

use crate::components::icon::Icon;
use crate::format::{age, count, span};
use crate::moments::Style;
use crate::reactive::memo;
use crate::state::load::Load;
use crate::state::preferences::use_preferences;
use crate::state::ticker::use_now;

/// The columns; an error goes across all of them.
const COLUMNS: [&str; 8] = [
    "Receiver",
    "State",
    "Behind",
    "Last taken",
    "Taken",
    "Refused",
    "Given up",
    "Tried again",
];

/// A receiver, read anew.
type Read = Memo<Option<Receiver>>;

/// One row a receiver.
#[component]
pub fn ReceiverTable(
    /// The receivers.
    load: Load<Vec<Receiver>>,
) -> impl IntoView {
    let keys = memo(move || {
        let key = |it: &Receiver| (it.name.clone(), it.url.clone());
        let of = |all: &Vec<Receiver>| all.iter().map(key).collect();
        let loaded = load.state();
        loaded.with(|loaded| loaded.value().map_or_else(Vec::new, of))
    });
    let head = COLUMNS.map(|name| view! { <th scope="col">{name}</th> });
    view! {
        <div class="panel panel--flush">
            <table class="table table--cards targets">
                <caption class="unseen">"Receivers of what is stored"</caption>
                <thead>
                    <tr>{head.collect_view()}</tr>
                </thead>
                <For each=move || keys.get() key=Clone::clone let((name, url))>
                    <Rows
                        receiver=memo({
                            let name = name.clone();
                            move || {
                                let loaded = load.state();
                                loaded
                                    .with(|loaded| {
                                        let mut all = loaded.value()?.iter();
                                        all.find(|it| it.name == name).cloned()
                                    })
                            }
                        })
                        name
                        url
                    />
                </For>
            </table>
        </div>
    }
}

/// What is known of one receiver, and below it what went wrong last.
#[component]
fn Rows(receiver: Read, name: String, url: String) -> impl IntoView {
    let is_away = move || {
        receiver.with(|it| {
            it.as_ref()
                .is_some_and(|it| it.state == ReceiverState::Retrying)
        })
    };
    let error = memo(move || receiver.with(|it| it.as_ref()?.last_error.clone()));
    let has_error = memo(move || error.with(Option::is_some));
    let number =
        move |read: fn(&Receiver) -> u64| receiver.with(|it| it.as_ref().map(|it| count(read(it))));
    view! {
        <tbody class="target" class:target--told=move || has_error.get()>
            <tr>
                <td>
                    <span>
                        <span class="table__name">{name}</span>
                        <span class="receiver__url muted values">{url}</span>
                    </span>
                </td>
                <td data-label="State">{move || state(receiver)}</td>
                <td data-label="Behind" class="nowrap">{move || behind(receiver)}</td>
                <td data-label="Last taken">
                    <Ago at=memo(move || receiver.with(|it| it.as_ref()?.last_success_at)) />
                </td>
                <td data-label="Taken" class="muted nowrap">{move || number(|it| it.sent_samples)}</td>
                <td data-label="Refused" class="muted nowrap">
                    {move || number(|it| it.refused_samples)}
                </td>
                <td data-label="Given up" class="muted nowrap">
                    {move || number(|it| it.dropped_samples)}
                </td>
                <td data-label="Tried again" class="muted nowrap">
                    {move || number(|it| it.failed_requests)}
                </td>
            </tr>
            <Show when=move || has_error.get()>
                <tr class="target__failure">
                    <td colspan=COLUMNS.len().to_string()>
                        // What is over is told, and not in the colour of what is wrong now.
                        <p class="target__error" class:target__error--over=move || !is_away()>
                            "Last error, " <Ago at=memo(move || {
                                receiver.with(|it| it.as_ref()?.last_error_at)
                            }) /> ": " {move || error.get()}
                        </p>
                    </td>
                </tr>
            </Show>
        </tbody>
    }
}

/// The state in a word and with an icon.
fn state(receiver: Read) -> Option<impl IntoView> {
    let state = receiver.with(|it| it.as_ref().map(|it| it.state))?;
    let (class, icon, word) = match state {
        ReceiverState::Sending => ("status status--ok", Icon::Healthy, "Sending"),
        ReceiverState::CatchingUp => ("status", Icon::Refresh, "Catching up"),
        ReceiverState::Retrying => ("status status--warning", Icon::Alert, "Trying again"),
    };
    Some(view! { <span class=class>{icon.small()} {word}</span> })
}

/// How far it is behind.
fn behind(receiver: Read) -> Option<String> {
    let seconds = receiver.with(|it| it.as_ref().map(|it| it.lag_seconds))?;
    #[expect(clippy::cast_possible_truncation, reason = "seconds of some years")]
    let ms = (seconds * 1_000.0) as i64;
    Some(match ms {
        ..1_000 => "no".to_owned(),
        _ => span(ms),
    })
}

/// How long ago something was.
#[component]
fn Ago(at: Memo<Option<common::time::UnixMs>>) -> impl IntoView {
    let (now, preferences) = (use_now(), use_preferences());
    move || match at.get() {
        None => view! { <span class="muted">"never"</span> }.into_any(),
        Some(at) => view! {
            <time
                class="nowrap"
                datetime=at.to_rfc3339()
                title=move || preferences.moment(at, Style::DayAndTime)
            >
                {move || age(now.get().since_ms(at))}
            </time>
        }
        .into_any(),
    }
}
