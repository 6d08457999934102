//! The switch for the sound of new alerts; never the sound.

use leptos::prelude::*;

use crate::components::layout::attention::{is_loud, set_loud};

/// Switches the sound of new alerts in this browser.
#[component]
pub fn SoundSwitch() -> impl IntoView {
    let is_on = RwSignal::new(is_loud());
    let press = move |_| {
        let now = !is_on.get_untracked();
        set_loud(now);
        is_on.set(now);
    };
    view! {
        <button
            type="button"
            class="switch"
            title="A sound for each new alert, in this browser"
            role="switch"
            aria-checked=move || is_on.get().to_string()
            on:click=press
        >
            <span class="switch__knob" aria-hidden="true"></span>
            "Sound"
        </button>
    }
}
