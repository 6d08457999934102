//! How much of the past is shown; never what is shown of it.

use leptos::prelude::*;

use crate::components::chart::{View, use_charts};
use crate::pages::server::address::Range;

/// The ranges as buttons; while a person has zoomed, one more that ends that.
#[component]
pub fn RangePicker() -> impl IntoView {
    let group = use_charts();
    let range = expect_context::<RwSignal<Range>>();
    let is_zoomed = move || matches!(group.view().get(), View::Fixed(_));
    let choose = move |chosen: Range| {
        range.set(chosen);
        group.go_home_to(chosen.view());
    };
    view! {
        <div class="ranges" role="group" aria-label="Range">
            {Range::ALL
                .into_iter()
                .map(|each| {
                    let is_chosen = move || !is_zoomed() && range.get() == each;
                    view! {
                        <button
                            type="button"
                            class="ranges__choice"
                            aria-pressed=move || if is_chosen() { "true" } else { "false" }
                            on:click=move |_| choose(each)
                        >
                            {each.label()}
                        </button>
                    }
                })
                .collect_view()}
            <Show when=is_zoomed>
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
