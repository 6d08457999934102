//! How much of what is stored; never how it grows.

use common::api::database::{DataKind, KindSize};
use common::units::{bytes_f64, percent};
use leptos::prelude::*;

use crate::components::meter::{Marks, Meter};
use crate::format::{NOTHING, bytes};
use crate::moments::Style;
use crate::state::preferences::use_preferences;

/// No share of the whole is bad.
const NO_MARKS: Marks = Marks {
    warning: f64::INFINITY,
    critical: f64::INFINITY,
};

/// What a kind is called.
const fn word(kind: DataKind) -> &'static str {
    match kind {
        DataKind::Samples => "Samples",
        DataKind::Aggregates => "Hourly and daily aggregates",
        DataKind::Processes => "Lists of processes",
        DataKind::Series => "Names of series",
        DataKind::State => "Servers, people, rules, alerts",
        DataKind::Log => "Changes not folded in yet",
        DataKind::Indexes => "Indexes and ends of pages",
        DataKind::Free => "Free, used next",
    }
}

/// One row a kind, the largest first.
#[component]
pub fn Kinds(
    /// The kinds.
    mut kinds: Vec<KindSize>,
    /// Bytes in all.
    total: u64,
) -> impl IntoView {
    kinds.sort_by_key(|kind| std::cmp::Reverse(kind.bytes));
    let preferences = use_preferences();
    let row = move |kind: KindSize| {
        let share = percent(bytes_f64(kind.bytes), bytes_f64(total));
        let since = move || {
            let at = kind.oldest_at;
            at.map_or_else(
                || NOTHING.to_owned(),
                |at| preferences.moment(at, Style::DayAndTime),
            )
        };
        view! {
            <tr>
                <td data-label="What">{word(kind.kind)}</td>
                <td data-label="Size" class="table__number values">
                    {move || bytes(Some(bytes_f64(kind.bytes)), preferences.units())}
                </td>
                <td data-label="Share">
                    <Meter label="Share" value=Signal::stored(share) marks=NO_MARKS />
                </td>
                <td data-label="Since" class="muted">
                    {since}
                </td>
            </tr>
        }
    };
    view! {
        <table class="table table--cards">
            <caption class="unseen">"What is stored, by kind"</caption>
            <thead>
                <tr>
                    <th>"What"</th>
                    <th class="table__number">"Size"</th>
                    <th>"Share"</th>
                    <th>"Since"</th>
                </tr>
            </thead>
            <tbody>{kinds.into_iter().map(row).collect_view()}</tbody>
        </table>
    }
}
