//! The on-call schedules: who is on call now and next, and when nobody is; never their form.

use common::access::Permission;
use common::alert::{Gap, OnCallSchedule, Turn};
use leptos::prelude::*;

use super::schedule_form::ScheduleDialog;
use crate::api::{escalation, use_api};
use crate::browser;
use crate::components::alerts::targets::Names;
use crate::components::banner::{Banner, Tone};
use crate::components::button::{Button, ButtonKind};
use crate::components::confirm::Confirm;
use crate::components::icon::Icon;
use crate::components::load_view::{Empty, load_view};
use crate::components::page::Panel;
use crate::components::skeleton::Shape;
use crate::components::toast::use_toasts;
use crate::moments::Style;
use crate::state::load::Load;
use crate::state::preferences::use_preferences;
use crate::state::session::use_session;

/// How much of the future is shown.
const AHEAD_MS: i64 = 14 * 86_400_000;

/// What is open above the list.
#[derive(Clone, PartialEq)]
enum Open {
    Form(Option<OnCallSchedule>),
    Removal(OnCallSchedule),
}

/// The schedules, and how to add one.
#[component]
pub fn Schedules(
    /// The names of all that can be told, the schedules among them.
    load: Load<Names>,
) -> impl IntoView {
    let session = use_session();
    let opened = RwSignal::new(None::<Open>);
    let add = move || {
        session.may(Permission::RulesWrite).then(|| {
            view! {
                <Button icon=Icon::Plus on_press=move |_| opened.set(Some(Open::Form(None)))>
                    "Add a schedule"
                </Button>
            }
        })
    };
    view! {
        <Panel title="On-call schedules" aside=add.into_any()>
            {load_view(load, Shape::Rows(2), move |names, _| list(&names, opened))}
        </Panel>
        {move || opened.get().map(|open| above(open, opened, load))}
    }
}

fn list(names: &Names, opened: RwSignal<Option<Open>>) -> AnyView {
    if names.schedules.is_empty() {
        let text = "A schedule says who is on call at each moment. Routes and policies tell whoever that is.";
        return view! { <Empty title="No on-call schedules" text /> }.into_any();
    }
    let known = StoredValue::new(names.clone());
    let entries = names.schedules.iter().cloned();
    let entries = entries.map(|schedule| view! { <Entry schedule names=known opened /> });
    view! { <ul class="noted">{entries.collect_view()}</ul> }.into_any()
}

#[component]
fn Entry(
    schedule: OnCallSchedule,
    names: StoredValue<Names>,
    opened: RwSignal<Option<Open>>,
) -> impl IntoView {
    let session = use_session();
    let id = schedule.id;
    let turns = Load::new(move |api| async move {
        let now = browser::now();
        escalation::turns(api, id, now, now.plus_ms(AHEAD_MS)).await
    });
    let gaps = gap_warning(&schedule.gaps);
    let kept = StoredValue::new(schedule.clone());
    let name = StoredValue::new(schedule.input.name);
    view! {
        <li class="noted__one">
            <div class="noted__what">
                <h3>{name.get_value()}</h3>
                {load_view(turns, Shape::Rows(1), move |turns, _| timeline(&turns, names))}
                {gaps}
            </div>
            <Show when=move || session.may(Permission::RulesWrite)>
                <div class="noted__acts">
                    <Button on_press=move |_| opened.set(Some(Open::Form(Some(kept.get_value()))))>
                        "Edit" <span class="unseen">" " {name.get_value()}</span>
                    </Button>
                    <Button
                        kind=ButtonKind::Quiet
                        on_press=move |_| opened.set(Some(Open::Removal(kept.get_value())))
                    >
                        "Remove" <span class="unseen">" " {name.get_value()}</span>
                    </Button>
                </div>
            </Show>
        </li>
    }
}

/// Who is on call now and next, and the turns of two weeks as a bar.
fn timeline(turns: &[Turn], names: StoredValue<Names>) -> AnyView {
    let preferences = use_preferences();
    let who = move |turn: &Turn| names.with_value(|names| names.person(turn.person));
    let until = move |turn: &Turn| preferences.moment(turn.to, Style::DayAndTime);
    let said = turns.first().map(|now| {
        let next = turns.get(1);
        let next = next
            .map(|next| format!(", then {}", who(next)))
            .unwrap_or_default();
        format!("Now {}, until {}{next}", who(now), until(now))
    });
    let parts = turns.iter().map(|turn| {
        let name = who(turn);
        let title = format!(
            "{name}: {} to {}",
            preferences.moment(turn.from, Style::DayAndTime),
            until(turn)
        );
        let width = turn.to.since_ms(turn.from).max(1).to_string();
        view! {
            <li
                class="turns__one"
                class:turns__one--nobody=turn.person.is_none()
                style:flex-grow=width
                title=title
            >
                {name}
            </li>
        }
    });
    view! {
        <p>{said}</p>
        <ol class="turns" aria-label="Turns of the next two weeks">
            {parts.collect_view()}
        </ol>
    }
    .into_any()
}

fn gap_warning(gaps: &[Gap]) -> Option<AnyView> {
    let preferences = use_preferences();
    let first = *gaps.first()?;
    let more = gaps.len() - 1;
    let said = move || {
        let moment = |at| preferences.moment(at, Style::DayAndTime);
        let (from, to) = (moment(first.from), moment(first.to));
        match more {
            0 => format!("Nobody is on call from {from} to {to}."),
            _ => format!(
                "Nobody is on call from {from} to {to}, and {more} times more within four weeks."
            ),
        }
    };
    Some(view! { <Banner tone=Tone::Warning>{said}</Banner> }.into_any())
}

fn above(open: Open, opened: RwSignal<Option<Open>>, load: Load<Names>) -> AnyView {
    let close = move |()| {
        opened.try_set(None);
    };
    let done = move |()| {
        opened.try_set(None);
        load.again();
    };
    match open {
        Open::Form(schedule) => {
            let names = load.state().get_untracked();
            let names = names.value().cloned().unwrap_or_default();
            view! { <ScheduleDialog schedule names on_close=close on_done=done /> }.into_any()
        }
        Open::Removal(schedule) => {
            let (api, toasts) = (use_api(), use_toasts());
            let (id, name) = (schedule.id, schedule.input.name);
            let said = name.clone();
            let remove = move || escalation::remove_schedule(api, id);
            let removed = move |()| {
                toasts.done(format!("{said} was removed."));
                done(());
            };
            view! {
                <Confirm
                    title=format!("Remove {name}?")
                    text="Routes and policies that tell whoever is on call by it tell nobody by it any more."
                    act="Remove the schedule"
                    request=remove
                    on_close=close
                    on_done=removed
                />
            }
            .into_any()
        }
    }
}
