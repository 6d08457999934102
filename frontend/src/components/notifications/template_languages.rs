//! Which language of a template the form shows, and which others there are; never what they say.

use leptos::prelude::*;

use super::template_entered::Entered;
use crate::browser::focus_soon;
use crate::components::button::{Button, ButtonKind};
use crate::components::form::Submission;
use crate::format::{language, language_choices};
use crate::reactive::memo;

/// The parts of a template.
const PARTS: [&str; 4] = ["title", "text", "html", "body"];

/// The template's own language and the others as buttons, and one more to be added.
#[component]
pub fn Languages(
    /// What was typed.
    entered: Entered,
    /// Says what is wrong.
    form: Submission,
) -> impl IntoView {
    let shown = entered.language();
    let others = memo(move || entered.languages());
    let add = move |event| {
        let name = event_target_value(&event);
        if !name.is_empty() {
            entered.turn_to(&name);
            // The keyboard goes on where the new language is written.
            focus_soon("template-title".to_owned());
        }
    };
    // Made anew with each language, so that it offers the others and has none chosen.
    let more = move || {
        let mut choices = language_choices(None);
        others.with(|others| choices.retain(|(name, _)| !others.contains(name)));
        let option = |(name, word)| view! { <option value=name>{word}</option> };
        view! {
            <select
                class="field__input field__input--select"
                aria-label="Add a language"
                on:change=add
            >
                <option value="">"Add a language…"</option>
                {choices.into_iter().map(option).collect_view()}
            </select>
        }
    };
    let error = form.field("languages");
    let elsewhere = move || {
        let shown = shown.get();
        let others = others.get();
        let hidden = others.iter().filter(|name| **name != shown);
        let faults = hidden.flat_map(|name| {
            PARTS.iter().filter_map(move |part| {
                let fault = form.said_of(&format!("languages.{name}.{part}"))?;
                Some(format!("{}, {part}: {fault}", language(name)))
            })
        });
        let lines = faults.map(|line| view! { <p class="field__error">{line}</p> });
        lines.collect_view()
    };
    view! {
        <fieldset class="template-languages">
            <legend class="field__label">"Language"</legend>
            <div class="template-languages__all">
                <One name=String::new() entered />
                <For each=move || others.get() key=Clone::clone let(name)>
                    <One name entered />
                </For>
                {more}
            </div>
            {move || error.get().map(|error| view! { <p class="field__error">{error}</p> })}
            {elsewhere}
            {move || {
                let name = shown.get();
                (!name.is_empty())
                    .then(|| {
                        view! {
                            <p class="field__hint">
                                "People who read " {language(&name).to_owned()}
                                " get this when they are told in person. "
                                <Button
                                    kind=ButtonKind::Quiet
                                    on_press=move |_| entered.leave_out()
                                >
                                    "Leave this language out"
                                </Button>
                            </p>
                        }
                    })
            }}
        </fieldset>
    }
}

/// One language, to be shown.
#[component]
fn One(name: String, entered: Entered) -> impl IntoView {
    let shown = entered.language();
    let word = match name.as_str() {
        "" => "Its own".to_owned(),
        name => language(name).to_owned(),
    };
    let pressed = {
        let name = name.clone();
        move || shown.with(|shown| *shown == name).to_string()
    };
    view! {
        <button
            type="button"
            class="chip"
            aria-pressed=pressed
            on:click=move |_| entered.turn_to(&name)
        >
            {word}
        </button>
    }
}
