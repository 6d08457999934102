//! A line of text; never a choice.

use crate::reactive::effect;
use leptos::prelude::*;

/// What kind of text a field takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum FieldKind {
    /// Any text.
    #[default]
    Text,
    /// The login name; browsers fill it in.
    Username,
    /// The password in use; browsers fill it in.
    CurrentPassword,
    /// A password to be set; browsers suggest one.
    NewPassword,
    /// What is nobody's password and is not to be read over a shoulder.
    Secret,
    /// An e-mail address.
    Email,
    /// A number, written with a point.
    Number,
}

impl FieldKind {
    const fn input_type(self) -> &'static str {
        match self {
            Self::Text | Self::Username | Self::Number => "text",
            Self::CurrentPassword | Self::NewPassword | Self::Secret => "password",
            Self::Email => "email",
        }
    }

    const fn autocomplete(self) -> &'static str {
        match self {
            Self::Text | Self::Number | Self::Email | Self::Secret => "off",
            Self::Username => "username",
            Self::CurrentPassword => "current-password",
            Self::NewPassword => "new-password",
        }
    }

    const fn input_mode(self) -> &'static str {
        match self {
            Self::Number => "decimal",
            Self::Email => "email",
            _ => "text",
        }
    }
}

/// A labelled line of text that keeps what was typed.
#[component]
pub fn Field(
    /// Its name in the page, unique within it.
    id: &'static str,
    /// Its label.
    label: &'static str,
    /// What was typed.
    value: RwSignal<String>,
    /// What kind of text it takes.
    #[prop(optional)]
    kind: FieldKind,
    /// What to know before typing.
    #[prop(optional)]
    hint: Option<&'static str>,
    /// What is wrong with it; `None` while nothing is.
    #[prop(optional, into)]
    error: Signal<Option<String>>,
    /// The id of a `<datalist>` with what is often typed.
    #[prop(optional)]
    suggestions: Option<&'static str>,
    /// Takes the focus when it appears.
    #[prop(optional)]
    first: bool,
) -> impl IntoView {
    let described = move || match (error.with(Option::is_some), hint.is_some()) {
        (true, _) => Some(format!("{id}-error")),
        (false, true) => Some(format!("{id}-hint")),
        (false, false) => None,
    };
    let input = NodeRef::<leptos::html::Input>::new();
    effect(move || {
        if let Some(input) = input.get().filter(|_| first) {
            // Fails only when it is no longer in the page.
            drop(input.focus());
        }
    });
    view! {
        <div class="field">
            <label class="field__label" for=id>
                {label}
            </label>
            <input
                class="field__input"
                id=id
                name=id
                node_ref=input
                type=kind.input_type()
                autocomplete=kind.autocomplete()
                inputmode=kind.input_mode()
                list=suggestions
                spellcheck="false"
                autocapitalize="none"
                aria-invalid=move || error.with(Option::is_some).then_some("true")
                aria-describedby=described
                bind:value=value
            />
            {move || match (error.get(), hint) {
                (Some(error), _) => {
                    Some(
                        view! {
                            <p class="field__error" id=format!("{id}-error")>
                                {error}
                            </p>
                        }
                            .into_any(),
                    )
                }
                (None, Some(hint)) => {
                    Some(
                        view! {
                            <p class="field__hint" id=format!("{id}-hint")>
                                {hint}
                            </p>
                        }
                            .into_any(),
                    )
                }
                (None, None) => None,
            }}
        </div>
    }
}
