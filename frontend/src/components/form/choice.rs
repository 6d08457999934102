//! One of a few, or yes and no; never free text.

use leptos::prelude::*;

/// One of a list. Values are compared by their name.
#[component]
pub fn Choice(
    /// Its name in the page, unique within it.
    id: &'static str,
    /// Its label.
    label: &'static str,
    /// Value and word of each option.
    options: Vec<(String, String)>,
    /// The chosen value.
    value: RwSignal<String>,
    /// What to know before choosing.
    #[prop(optional)]
    hint: Option<&'static str>,
    /// What is wrong with it; `None` while nothing is.
    #[prop(optional, into)]
    error: Signal<Option<String>>,
) -> impl IntoView {
    let hint_id = hint.map(|_| format!("{id}-hint"));
    view! {
        <div class="field">
            <label class="field__label" for=id>
                {label}
            </label>
            <select
                class="field__input field__input--select"
                id=id
                name=id
                aria-describedby=hint_id.clone()
                aria-invalid=move || error.with(Option::is_some).then_some("true")
                prop:value=move || value.get()
                on:change=move |event| value.set(event_target_value(&event))
            >
                {options
                    .into_iter()
                    .map(|(name, word)| {
                        let chosen = name == value.get_untracked();
                        view! {
                            <option value=name selected=chosen>
                                {word}
                            </option>
                        }
                    })
                    .collect_view()}
            </select>
            {move || {
                error
                    .get()
                    .map(|error| view! { <p class="field__error">{error}</p> })
            }}
            {hint
                .map(|hint| {
                    view! {
                        <p class="field__hint" id=hint_id>
                            {hint}
                        </p>
                    }
                })}
        </div>
    }
}

/// Yes or no.
#[component]
pub fn Toggle(
    /// Its name in the page, unique within it.
    id: &'static str,
    /// Its label: what is so when it is ticked.
    label: &'static str,
    /// Whether it is ticked.
    value: RwSignal<bool>,
) -> impl IntoView {
    view! {
        <div class="field field--toggle">
            <input class="field__tick" id=id name=id type="checkbox" bind:checked=value />
            <label for=id>{label}</label>
        </div>
    }
}
