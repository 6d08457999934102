//! A button in its few kinds; never a link.

use leptos::ev::MouseEvent;
use leptos::prelude::*;

use super::icon::Icon;

/// How loud a button is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ButtonKind {
    /// Beside others.
    #[default]
    Plain,
    /// What the person most likely came for; one a view.
    Main,
    /// Destroys something.
    Danger,
    /// Without a frame, within a line.
    Quiet,
}

impl ButtonKind {
    const fn class(self) -> &'static str {
        match self {
            Self::Plain => "button",
            Self::Main => "button button--main",
            Self::Danger => "button button--danger",
            Self::Quiet => "button button--quiet",
        }
    }
}

/// A button with a word, an icon before it where it helps.
#[component]
pub fn Button(
    /// How loud it is.
    #[prop(optional)]
    kind: ButtonKind,
    /// Drawn before the word.
    #[prop(optional)]
    icon: Option<Icon>,
    /// While true it cannot be pressed and says that it works.
    #[prop(optional, into)]
    busy: Signal<bool>,
    /// While true it cannot be pressed.
    #[prop(optional, into)]
    disabled: Signal<bool>,
    /// What it does; absent for the one that submits its form.
    #[prop(optional, into)]
    on_press: Option<Callback<MouseEvent>>,
    /// Its word.
    children: Children,
) -> impl IntoView {
    let submits = on_press.is_none();
    view! {
        <button
            type=if submits { "submit" } else { "button" }
            class=kind.class()
            disabled=move || busy.get() || disabled.get()
            aria-busy=move || busy.get().then_some("true")
            on:click=move |event| {
                if let Some(on_press) = on_press {
                    on_press.run(event);
                }
            }
        >
            {icon.map(Icon::small)}
            {children()}
        </button>
    }
}

/// A button that is an icon; its name is read aloud and shown on hover.
#[component]
pub fn IconButton(
    /// What is drawn.
    icon: Icon,
    /// What it does, in words.
    #[prop(into)]
    label: Signal<String>,
    /// What it does.
    #[prop(into)]
    on_press: Callback<MouseEvent>,
) -> impl IntoView {
    view! {
        <button
            type="button"
            class="button button--icon"
            aria-label=label
            title=label
            on:click=move |event| on_press.run(event)
        >
            {icon.view()}
        </button>
    }
}
