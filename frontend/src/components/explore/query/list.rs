//! The offers below the editor; never which ones.

use leptos::ev::MouseEvent;
use leptos::prelude::*;

use crate::pages::explore::query::offers::Offer;
use crate::reactive::effect;

/// The id of the list: the editor points to it.
pub const LIST: &str = "query-offers";

/// The id of an offer: the editor points to the active one.
pub fn id(place: usize) -> String {
    format!("{LIST}-{place}")
}

/// The list; the keys are the editor's.
#[component]
pub fn Offers(
    /// What is offered; empty while the list is closed.
    offers: Memo<Vec<Offer>>,
    /// The active one.
    active: RwSignal<usize>,
    /// Takes one.
    #[prop(into)]
    on_take: Callback<usize>,
) -> impl IntoView {
    // The active one is in sight.
    effect(move || {
        let place = active.get();
        if offers.with(Vec::is_empty) {
            return;
        }
        if let Some(entry) = document().get_element_by_id(&id(place)) {
            let list = entry.parent_element();
            let Some(list) = list else { return };
            let (top, bottom) = (
                list.get_bounding_client_rect(),
                entry.get_bounding_client_rect(),
            );
            let above = bottom.top() - top.top();
            let below = bottom.bottom() - top.bottom();
            #[expect(clippy::cast_possible_truncation, reason = "a few thousand pixels")]
            if above < 0.0 {
                list.set_scroll_top(list.scroll_top() + above as i32);
            } else if below > 0.0 {
                list.set_scroll_top(list.scroll_top() + below as i32 + 1);
            }
        }
    });
    let entry = move |(place, offer): (usize, Offer)| {
        let is_active = move || active.get() == place;
        // The editor keeps the focus.
        let keep = |event: MouseEvent| event.prevent_default();
        view! {
            <li
                class="offers__one"
                id=id(place)
                role="option"
                aria-selected=move || if is_active() { "true" } else { "false" }
                on:mousedown=keep
                on:click=move |_| on_take.run(place)
            >
                <span class="offers__word values">{offer.word}</span>
                <span class="offers__kind">{offer.kind}</span>
                <span class="offers__help">{offer.help}</span>
            </li>
        }
    };
    view! {
        <ul
            class="offers"
            id=LIST
            role="listbox"
            aria-label="Suggestions"
            hidden=move || offers.with(Vec::is_empty)
        >
            {move || offers.get().into_iter().enumerate().map(entry).collect_view()}
        </ul>
    }
}
