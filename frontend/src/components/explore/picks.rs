//! Which series of the metric are drawn, to be ticked; never their values.

use common::api::metrics::StoredSeries;
use leptos::prelude::*;

use super::asked::Asked;
use crate::pages::explore::series::{MOST, Mark, name, of_several_servers, ticked};
use crate::reactive::memo;

/// So many are listed: to find one among more, a server is chosen.
const LISTED: usize = 200;

/// The list, closed until somebody opens it; nothing where there is nothing to choose.
#[component]
pub fn Picks(
    /// Every series.
    series: Memo<Vec<StoredSeries>>,
    /// Those that are drawn.
    shown: Memo<Vec<StoredSeries>>,
    /// What is shown.
    asked: Asked,
) -> impl IntoView {
    let counts = move || (shown.with(Vec::len), series.with(Vec::len));
    let head = move || {
        let (shown, all) = counts();
        format!("{shown} of {all} series drawn")
    };
    let marks = memo(move || shown.with(|shown| shown.iter().map(Mark::of).collect::<Vec<_>>()));
    let listed = move || {
        series.with(|all| {
            let with_server = of_several_servers(all);
            let listed = all.iter().take(LISTED);
            let entry = |one| (Mark::of(one), name(one, with_server));
            listed.map(entry).collect::<Vec<_>>()
        })
    };
    let more = move || {
        let more = series.with(Vec::len).saturating_sub(LISTED);
        (more > 0).then(|| {
            let text = format!("{more} more are not listed: choose a server.");
            view! { <p class="muted">{text}</p> }
        })
    };
    view! {
        <Show when=move || { counts().1 > 1 }>
            <details class="panel picks">
                <summary class="picks__head">{head}</summary>
                <p class="muted">{format!("Up to {MOST} at once.")}</p>
                <ul class="picks__list">
                    <For each=listed key=Clone::clone let((mark, name))>
                        <Pick mark name marks series asked />
                    </For>
                </ul>
                {more}
            </details>
        </Show>
    }
}

#[component]
fn Pick(
    mark: Mark,
    name: String,
    marks: Memo<Vec<Mark>>,
    series: Memo<Vec<StoredSeries>>,
    asked: Asked,
) -> impl IntoView {
    let is_drawn = memo(move || marks.with(|marks| marks.contains(&mark)));
    // One stays, and no more than fit.
    let is_fixed = memo(move || {
        let count = marks.with(Vec::len);
        if is_drawn.get() {
            count == 1
        } else {
            count >= MOST
        }
    });
    let toggle = move |_| {
        let picked = untrack(|| asked.picked());
        asked.pick(series.with_untracked(|all| ticked(all, &picked, mark)));
    };
    view! {
        <li>
            <label class="picks__one">
                <input
                    class="field__tick"
                    type="checkbox"
                    prop:checked=move || is_drawn.get()
                    disabled=move || is_fixed.get()
                    on:change=toggle
                />
                <span class="picks__name">{name}</span>
            </label>
        </li>
    }
}
