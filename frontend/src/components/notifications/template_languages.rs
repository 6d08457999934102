//! Which language of a template the form shows, and which others there are; never what they say.

use leptos::prelude::*;

use super::template_entered::{Entered, field};
use crate::browser::focus_soon;
use crate::components::button::{Button, ButtonKind};
use crate::components::form::Submission;
use crate::format::{language, language_choices};
use crate::reactive::memo;

/// The keyboard goes on where a language is written.
const TITLE: &str = "template-title";
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
    let wanted = RwSignal::new(String::new());
    let add = move |_| {
        let name = wanted.get_untracked();
        if !name.is_empty() {
            wanted.set(String::new());
            entered.turn_to(&name);
            focus_soon(TITLE.to_owned());
        }
    };
    let leave_out = move |_| {
        entered.leave_out();
        focus_soon(TITLE.to_owned());
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
                on:change=move |event| wanted.set(event_target_value(&event))
            >
                <option value="">"Another language…"</option>
                {choices.into_iter().map(option).collect_view()}
            </select>
        }
    };
    let error = form.field("languages");
    let elsewhere = move || {
        let shown = shown.get();
        let own = std::iter::once(String::new());
        let hidden = own.chain(others.get()).filter(|name| *name != shown);
        let faults = hidden.flat_map(|name| {
            PARTS.iter().filter_map(move |part| {
                let fault = form.said_of(&field(&name, part))?;
                Some(format!("{}, {part}: {fault}", word(&name)))
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
                <Button disabled=Signal::derive(move || wanted.with(String::is_empty)) on_press=add>
                    "Add"
                </Button>
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
                                    on_press=leave_out
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
    let word = word(&name).to_owned();
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

/// The word for a language of a template.
fn word(name: &str) -> &str {
    match name {
        "" => "Its own",
        name => language(name),
    }
}
