//! What an expression is worth at one moment, as a table; never over time.

use common::time::UnixMs;
use leptos::prelude::*;

use crate::api::prom::Value;
use crate::components::load_view::Empty;
use crate::moments::Style;
use crate::pages::explore::query::result::{Row, rows};
use crate::state::preferences::use_preferences;

/// What an expression was worth at that moment, one row a series.
pub fn value_table(value: &Value, at: UnixMs) -> AnyView {
    let (rows, count) = rows(value);
    let preferences = use_preferences();
    let when = move || preferences.moment(at, Style::DayAndTime);
    if count == 0 {
        return view! {
            <section class="panel">
                <Empty
                    title="No series at this moment"
                    text="The expression is right, and nothing that is stored fits it."
                />
            </section>
        }
        .into_any();
    }
    let more = count.saturating_sub(rows.len());
    let row = |Row { series, value }: Row| {
        view! {
            <tr>
                <td><span class="result__series values">{series}</span></td>
                <td class="table__number"><span class="result__value values">{value}</span></td>
            </tr>
        }
    };
    view! {
        <section class="panel panel--flush" aria-label="Values">
            <table class="table result">
                <caption class="result__when">"Values at " <time datetime=at.to_rfc3339()>{when}</time></caption>
                <thead>
                    <tr>
                        <th scope="col">"Series"</th>
                        <th scope="col" class="table__number">"Value"</th>
                    </tr>
                </thead>
                <tbody>{rows.into_iter().map(row).collect_view()}</tbody>
            </table>
            {(more > 0)
                .then(|| {
                    let text = format!("{more} more are not listed: ask for fewer, as with topk.");
                    view! { <p class="result__more muted">{text}</p> }
                })}
        </section>
    }
    .into_any()
}
