//! How messages fared over a week: what became of them, how soon they arrived and were taken; never which.

use common::api::deliveries::{DeliveryFigures, PersonStatistics, TemplateStatistics};
use leptos::prelude::*;

use super::words::delay;
use crate::api::deliveries;
use crate::components::load_view::load_view;
use crate::components::page::Panel;
use crate::components::skeleton::Shape;
use crate::format::{count, lasting};
use crate::state::load::Load;

/// What became of messages.
pub fn figures(it: &DeliveryFigures) -> AnyView {
    let delivered = format!(
        "{} of {} delivered",
        count(it.delivered.into()),
        count(it.sent.into())
    );
    let pill = |number: u32, class: &'static str, word: &str| {
        (number > 0).then(|| {
            let text = format!("{} {word}", count(number.into()));
            view! { <span class=class>{text}</span> }
        })
    };
    view! {
        <span class="channel-row__figures">
            {delivered}
            {pill(it.failed, "pill pill--critical", "dead")}
            {pill(it.waiting, "pill pill--warning", "on the way")}
            {pill(it.dropped, "pill", "dropped")}
        </span>
    }
    .into_any()
}

/// How soon messages arrived; a dash when none did.
pub fn arrived(it: &DeliveryFigures) -> String {
    match it.delay_p50_ms {
        None => "–".to_owned(),
        Some(_) => format!("{}, p99 {}", delay(it.delay_p50_ms), delay(it.delay_p99_ms)),
    }
}

/// The templates that were sent.
#[component]
pub fn TemplatesFared() -> impl IntoView {
    let load = Load::new(deliveries::template_statistics);
    load_view(load, Shape::Rows(1), |all: Vec<TemplateStatistics>, _| {
        let name = |it: &TemplateStatistics| it.template_name.clone();
        let rows = all.into_iter().map(|it| (name(&it), it.figures));
        table("Sent in the last 7 days", "Template", rows.collect())
    })
}

/// The people to whom messages went for themselves.
#[component]
pub fn PeopleFared() -> impl IntoView {
    let load = Load::new(deliveries::person_statistics);
    load_view(load, Shape::Rows(1), |all: Vec<PersonStatistics>, _| {
        let name = |it: &PersonStatistics| it.person_name.clone();
        let rows = all.into_iter().map(|it| (name(&it), it.figures));
        let title = "Sent to one person in the last 7 days";
        table(title, "Person", rows.collect())
    })
}

/// A line for each name; nothing without one.
fn table(
    title: &'static str,
    of: &'static str,
    rows: Vec<(Option<String>, DeliveryFigures)>,
) -> AnyView {
    if rows.is_empty() {
        return ().into_any();
    }
    let row = move |(name, it): (Option<String>, DeliveryFigures)| {
        let taken = it.acknowledged_p50_seconds.map_or_else(
            || "–".to_owned(),
            |seconds| format!("after {}", lasting(seconds)),
        );
        view! {
            <tr>
                <td data-label=of>{name.unwrap_or_else(|| "(removed)".to_owned())}</td>
                <td data-label="Messages">{figures(&it)}</td>
                <td data-label="Until they arrived" class="muted nowrap">
                    {arrived(&it)}
                </td>
                <td data-label="Alerts taken" class="muted nowrap">
                    {taken}
                </td>
            </tr>
        }
    };
    let rows: Vec<_> = rows.into_iter().map(row).collect();
    view! {
        <Panel title>
            <table class="table table--cards">
                <thead>
                    <tr>
                        <th>{of}</th>
                        <th>"Messages"</th>
                        <th>"Until they arrived"</th>
                        <th>"Alerts taken"</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </Panel>
    }
    .into_any()
}
