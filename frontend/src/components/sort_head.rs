//! The head of a column that sorts by it; never the sorting.

use leptos::prelude::*;

use super::icon::Icon;

/// A column's head as a button.
#[component]
pub fn SortHead(
    /// The column's name.
    label: &'static str,
    /// Its values stand at the right.
    #[prop(optional)]
    number: bool,
    /// Whether the rows are sorted by it, the largest first or the smallest; `None`: by another.
    direction: Signal<Option<bool>>,
    /// Sorts by it, or turns the direction.
    #[prop(into)]
    on_press: Callback<()>,
) -> impl IntoView {
    let sort = move || match direction.get() {
        None => "none",
        Some(true) => "descending",
        Some(false) => "ascending",
    };
    view! {
        <th scope="col" class:table__number=number aria-sort=sort>
            <button type="button" class="table__sort" on:click=move |_| on_press.run(())>
                {label}
                {move || {
                    direction
                        .get()
                        .map(|descending| {
                            if descending { Icon::ChevronDown } else { Icon::ChevronUp }.small()
                        })
                }}
            </button>
        </th>
    }
}
