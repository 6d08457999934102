//! The channels as a table: where they lead, how they did; never their form.

use common::access::Permission;
use common::api::channels::Channel;
use common::api::deliveries::DeliveryAttempt;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::Opened;
use super::fared;
use super::kinds::word;
use super::words::{outcome, status_word};
use crate::api::channels::Told;
use crate::api::{channels, use_api};
use crate::components::button::{Button, ButtonKind};
use crate::components::icon::Icon;
use crate::components::load_view::Empty;
use crate::components::toast::use_toasts;
use crate::format::age;
use crate::moments::Style;
use crate::state::load::Load;
use crate::state::preferences::use_preferences;
use crate::state::session::use_session;
use crate::state::ticker::use_now;

/// Every channel, by name.
#[component]
pub fn ChannelTable(
    /// The channels.
    told: Vec<Told>,
    /// Where they were read.
    load: Load<Vec<Told>>,
    /// Which dialog is open.
    opened: RwSignal<Option<Opened>>,
) -> impl IntoView {
    if told.is_empty() {
        let text = "Alerts are told in the inbox of this dashboard alone. Add a channel, \
            such as e-mail, a chat or a webhook, and send a test.";
        return view! {
            <div class="panel panel--flush">
                <Empty title="No channels" text />
            </div>
        }
        .into_any();
    }
    let names: Vec<_> = told
        .iter()
        .map(|it| (it.channel.id, it.channel.name.clone()))
        .collect();
    let row = |told: Told| {
        let fallback = told.channel.fallback;
        let fallback = names.iter().find(|(id, _)| Some(*id) == fallback);
        let fallback = fallback.map(|(_, name)| name.clone());
        view! { <ChannelRow told fallback load opened /> }
    };
    view! {
        <div class="panel panel--flush">
            <table class="table table--cards channel-table">
                <caption class="unseen">"Channels"</caption>
                <thead>
                    <tr>
                        <th>"Channel"</th>
                        <th class="channel-table__state">"State"</th>
                        <th>"Last answer"</th>
                        <th>"Last 7 days"</th>
                        <th>"Until it arrived"</th>
                        <th class="channel-table__acts">
                            <span class="unseen">"Actions"</span>
                        </th>
                    </tr>
                </thead>
                <tbody>{told.into_iter().map(row).collect_view()}</tbody>
            </table>
        </div>
    }
    .into_any()
}

#[component]
fn ChannelRow(
    told: Told,
    fallback: Option<String>,
    load: Load<Vec<Told>>,
    opened: RwSignal<Option<Opened>>,
) -> impl IntoView {
    let Told {
        channel,
        statistics,
    } = told;
    let because = channel.disabled_because.clone();
    let last = statistics.as_ref().and_then(|it| it.last.clone());
    let figures = statistics.map(|it| it.figures);
    let arrived = figures
        .as_ref()
        .map_or_else(|| "–".to_owned(), fared::arrived);
    view! {
        <tr>
            <td class="channel-row__name">
                <span class="table__name">{channel.name.clone()}</span>
                <p class="muted">
                    {word(channel.kind)}
                    {fallback.map(|name| format!(", else {name}"))}
                </p>
                {because.map(|why| view! { <p class="channel-row__why">"Switched off: " {why}</p> })}
            </td>
            <td data-label="State">
                <Switch channel=channel.clone() load />
            </td>
            <td data-label="Last answer">
                <LastAnswer last />
            </td>
            <td data-label="Last 7 days">{figures.as_ref().map(fared::figures)}</td>
            <td data-label="Until it arrived" class="muted nowrap">
                {arrived}
            </td>
            <td class="table__actions">
                <Acts channel opened />
            </td>
        </tr>
    }
}

/// What may be done to it, for those who may.
#[component]
fn Acts(channel: Channel, opened: RwSignal<Option<Opened>>) -> impl IntoView {
    let session = use_session();
    let name = channel.name.clone();
    let kept = StoredValue::new(Box::new(channel));
    let act = move |word: &'static str, open: fn(Box<Channel>) -> Opened| {
        let name = name.clone();
        view! {
            <Button
                kind=ButtonKind::Quiet
                on_press=move |_| opened.set(Some(open(kept.get_value())))
            >
                {word}
                <span class="unseen">" " {name}</span>
            </Button>
        }
    };
    move || {
        session.may(Permission::ChannelsWrite).then(|| {
            view! {
                {act("Test", Opened::Test)}
                {act("Change", Opened::Change)}
                {act("Remove", Opened::Remove)}
            }
        })
    }
}

/// How its last attempt went, and when.
#[component]
fn LastAnswer(last: Option<DeliveryAttempt>) -> impl IntoView {
    let (preferences, now) = (use_preferences(), use_now());
    let Some(last) = last else {
        return view! { <span class="muted">"nothing sent yet"</span> }.into_any();
    };
    let at = last.at;
    let said = if last.answer.is_empty() {
        status_word(last.status)
    } else {
        format!("{}: {}", status_word(last.status), last.answer)
    };
    view! {
        <span class="channel-row__answer" title=said>
            {outcome(last.outcome)}
            <span class="muted">
                {status_word(last.status)} ", "
                <time
                    datetime=at.to_rfc3339()
                    title=move || preferences.moment(at, Style::DayAndTime)
                >
                    {move || age(now.get().since_ms(at))}
                </time>
            </span>
        </span>
    }
    .into_any()
}

/// On or off: a switch for those who may turn it, a word for the others.
#[component]
fn Switch(channel: Channel, load: Load<Vec<Told>>) -> impl IntoView {
    let (api, session, toasts) = (use_api(), use_session(), use_toasts());
    let busy = RwSignal::new(false);
    let (id, is_on) = (channel.id, channel.enabled);
    let name = StoredValue::new(channel.name);
    let turn = move |_| {
        busy.set(true);
        spawn_local(async move {
            let answer = channels::enable(api, id, !is_on).await;
            busy.try_set(false);
            match answer {
                Ok(changed) => {
                    let state = if changed.enabled { "on" } else { "off" };
                    toasts.done(format!("{} is {state}.", changed.name));
                    load.amend(|all| {
                        if let Some(told) = all.iter_mut().find(|it| it.channel.id == changed.id) {
                            told.channel = changed;
                        }
                    });
                }
                Err(error) => toasts.failed("The channel stays as it was.", &error),
            }
        });
    };
    let word = move || {
        if is_on {
            view! { <span class="status status--ok">{Icon::Healthy.small()} "On"</span> }
        } else {
            view! { <span class="status status--paused">{Icon::Pause.small()} "Off"</span> }
        }
    };
    view! {
        <Show when=move || session.may(Permission::ChannelsWrite) fallback=word>
            <button
                type="button"
                role="switch"
                class="switch"
                aria-checked=if is_on { "true" } else { "false" }
                aria-label=name.with_value(|name| format!("Send messages to {name}"))
                disabled=busy
                on:click=turn
            >
                <span class="switch__knob"></span>
                <span class="switch__word">{if is_on { "On" } else { "Off" }}</span>
            </button>
        </Show>
    }
}
