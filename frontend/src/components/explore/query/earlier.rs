//! The expressions that were asked last, to be asked again; never their answers.

use leptos::prelude::*;

use super::asked::Question;
use crate::components::button::{Button, ButtonKind};
use crate::pages::explore::query::history;

/// The list, closed until somebody opens it; nothing before the first one.
#[component]
pub fn Earlier(
    /// The last ones, the newest first.
    all: RwSignal<Vec<String>>,
    /// What the page asks.
    asked: Question,
) -> impl IntoView {
    let entry = move |text: String| {
        let again = text.clone();
        view! {
            <li>
                <button
                    type="button"
                    class="earlier__one values"
                    on:click=move |_| asked.ask(&again)
                >
                    {text}
                </button>
            </li>
        }
    };
    let forget = move |_| {
        history::forget();
        all.set(Vec::new());
    };
    view! {
        <Show when=move || !all.with(Vec::is_empty)>
            <details class="panel earlier">
                <summary class="earlier__head">"Earlier queries"</summary>
                <ul class="earlier__list">
                    {move || all.get().into_iter().map(entry).collect_view()}
                </ul>
                <Button kind=ButtonKind::Quiet on_press=forget>
                    "Forget them"
                </Button>
            </details>
        </Show>
    }
}
