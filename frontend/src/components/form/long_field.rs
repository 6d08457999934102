//! A text of several lines; never a choice.

use leptos::prelude::*;

/// A labelled text that keeps what was typed.
#[component]
pub fn LongField(
    /// Its name in the page, unique within it.
    id: &'static str,
    /// Its label.
    label: &'static str,
    /// What was typed.
    value: RwSignal<String>,
    /// What to know before typing.
    hint: &'static str,
    /// What is wrong with it; `None` while nothing is.
    #[prop(into)]
    error: Signal<Option<String>>,
) -> impl IntoView {
    let (error_id, hint_id) = (format!("{id}-error"), format!("{id}-hint"));
    let described = {
        let (error_id, hint_id) = (error_id.clone(), hint_id.clone());
        move || {
            if error.with(Option::is_some) {
                format!("{error_id} {hint_id}")
            } else {
                hint_id.clone()
            }
        }
    };
    view! {
        <div class="field">
            <label class="field__label" for=id>
                {label}
            </label>
            <textarea
                class="field__input field__input--long values"
                id=id
                name=id
                rows="6"
                autocomplete="off"
                spellcheck="false"
                autocapitalize="none"
                aria-invalid=move || error.with(Option::is_some).then_some("true")
                aria-describedby=described
                prop:value=move || value.get()
                on:input=move |event| value.set(event_target_value(&event))
            ></textarea>
            {move || {
                error
                    .get()
                    .map(|error| {
                        view! {
                            <p class="field__error" id=error_id.clone()>
                                {error}
                            </p>
                        }
                    })
            }}
            <p class="field__hint" id=hint_id>
                {hint}
            </p>
        </div>
    }
}
