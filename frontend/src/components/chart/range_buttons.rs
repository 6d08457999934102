//! How much of the past the charts of a page show; never what is shown of it.

use leptos::prelude::*;

use super::{View, use_charts};

/// The ranges as buttons; while a person has zoomed, one more that ends that.
#[component]
pub fn RangeButtons<R>(
    /// The ranges with their names on the screen, the shortest first.
    ranges: Vec<(R, &'static str)>,
    /// Which one is shown.
    #[prop(into)]
    shown: Signal<R>,
    /// What follows when one is pressed.
    #[prop(into)]
    on_choose: Callback<R>,
) -> impl IntoView
where
    R: Copy + PartialEq + Send + Sync + 'static,
{
    let group = use_charts();
    let is_zoomed = move || matches!(group.view().get(), View::Fixed(_));
    let button = move |(range, label): (R, &'static str)| {
        let is_chosen = move || !is_zoomed() && shown.get() == range;
        view! {
            <button
                type="button"
                class="ranges__choice"
                aria-pressed=move || if is_chosen() { "true" } else { "false" }
                on:click=move |_| on_choose.run(range)
            >
                {label}
            </button>
        }
    };
    view! {
        <div class="ranges" role="group" aria-label="Range">
            {ranges.into_iter().map(button).collect_view()} <Show when=is_zoomed>
                <button
                    type="button"
                    class="ranges__choice ranges__choice--reset"
                    on:click=move |_| group.go_home()
                >
                    "Back to live"
                </button>
            </Show>
        </div>
    }
}
