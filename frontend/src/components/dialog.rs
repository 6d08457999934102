//! The browser's own dialog: focus stays inside, Escape closes; never more than one at a time.

use leptos::html;
use leptos::prelude::*;

use super::button::IconButton;
use super::icon::Icon;
use crate::reactive::effect;

/// A dialog that is open as long as it is there.
#[component]
pub fn Dialog(
    /// What it is about.
    #[prop(into)]
    title: String,
    /// The person closed it by key or button.
    #[prop(into)]
    on_close: Callback<()>,
    /// Form or question.
    children: Children,
) -> impl IntoView {
    let dialog = NodeRef::<html::Dialog>::new();
    effect(move || {
        if let Some(dialog) = dialog.get()
            && !dialog.open()
        {
            // Fails only when it is no longer in the page.
            drop(dialog.show_modal());
        }
    });
    view! {
        <dialog
            class="dialog"
            node_ref=dialog
            aria-labelledby="dialog-title"
            on:close=move |_| on_close.run(())
        >
            <header class="dialog__head">
                <h2 id="dialog-title">{title}</h2>
                <IconButton icon=Icon::Close label="Close" on_press=move |_| on_close.run(()) />
            </header>
            <div class="dialog__body">{children()}</div>
        </dialog>
    }
}

/// The row of buttons that ends a dialog or a form.
#[component]
pub fn Actions(
    /// The buttons, the one that does it last.
    children: Children,
) -> impl IntoView {
    view! { <div class="actions">{children()}</div> }
}
