//! The on-call schedules: who is on call now and next, and when nobody is; never their form.

use common::access::Permission;
use common::alert::{Gap, OnCallSchedule, Turn};
use leptos::prelude::*;

use super::schedule_form::ScheduleDialog;
use crate::api::{escalation, use_api};
use crate::browser;
use crate::components::alerts::noted::{Leave, Open, Opened, removal};
use crate::components::alerts::targets::Names;
use crate::components::banner::{Banner, Tone};
use crate::components::load_view::{Empty, load_view};
use crate::components::page::Panel;
use crate::components::skeleton::Shape;
use crate::moments::Style;
use crate::state::load::Load;
use crate::state::preferences::use_preferences;

/// How much of the future is shown.
const AHEAD_MS: i64 = 14 * 86_400_000;

/// The schedules, and how to add one.
#[component]
pub fn Schedules(
    /// The names of all that can be told, the schedules among them.
    load: Load<Names>,
) -> impl IntoView {
    let opened = Opened::new();
    let add = opened.add_button(Permission::RulesWrite, "Add a schedule");
    view! {
        <Panel title="On-call schedules" aside=add>
            {load_view(load, Shape::Rows(2), move |names, _| list(&names, opened))}
        </Panel>
        {opened.view(load, move |open, leave| dialog(open, leave, load))}
    }
}

fn list(names: &Names, opened: Opened<OnCallSchedule>) -> AnyView {
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
    opened: Opened<OnCallSchedule>,
) -> impl IntoView {
    let id = schedule.id;
    let turns = Load::new(move |api| async move {
        let now = browser::now();
        escalation::turns(api, id, now, now.plus_ms(AHEAD_MS)).await
    });
    let gaps = gap_warning(&schedule.gaps);
    let name = schedule.input.name.clone();
    let acts = opened.acts(Permission::RulesWrite, &name, schedule);
    view! {
        <li class="noted__one">
            <div class="noted__what">
                <h3>{name}</h3>
                {load_view(turns, Shape::Rows(1), move |turns, _| timeline(&turns, names))}
                {gaps}
            </div>
            {acts}
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

fn dialog(open: Open<OnCallSchedule>, leave: Leave, names: Load<Names>) -> AnyView {
    match open {
        Open::Form(schedule) => {
            let names = names.state().get_untracked();
            let names = names.value().cloned().unwrap_or_default();
            view! { <ScheduleDialog schedule names on_close=leave.close on_done=leave.done /> }
                .into_any()
        }
        Open::Removal(schedule) => {
            let (api, id) = (use_api(), schedule.id);
            let words = (
                "Remove the schedule",
                "Routes and policies that tell whoever is on call by it tell nobody by it any more.",
            );
            removal(
                schedule.input.name,
                words,
                move || escalation::remove_schedule(api, id),
                leave,
            )
        }
    }
}
