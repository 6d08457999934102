//! Short messages in the corner about what was just done; never the only place of an error in a form.

use std::time::Duration;

use leptos::prelude::*;
use leptos_router::components::A;

use super::button::IconButton;
use super::icon::Icon;
use crate::api::ApiError;

/// A message goes by itself after this time; one about a failure stays.
const SHOWN_FOR: Duration = Duration::from_secs(5);
/// One about an alert, which stands in the list as well.
const ALERTED_FOR: Duration = Duration::from_secs(10);

#[derive(Clone, PartialEq, Eq)]
struct Toast {
    id: u32,
    text: String,
    failed: bool,
    /// Where it leads.
    path: Option<String>,
}

/// The messages in the corner.
#[derive(Clone, Copy)]
pub struct Toasts {
    shown: RwSignal<Vec<Toast>>,
    next: StoredValue<u32>,
}

impl Toasts {
    /// Makes them known to all components.
    pub fn provide() {
        provide_context(Self {
            shown: RwSignal::new(Vec::new()),
            next: StoredValue::new(0),
        });
    }

    /// Says that something was done.
    pub fn done(self, text: impl Into<String>) {
        let id = self.show(text.into(), false, None);
        set_timeout(move || self.dismiss(id), SHOWN_FOR);
    }

    /// Says that the one of this name was saved.
    pub fn saved(self, name: &str) {
        self.done(format!("{name} was saved."));
    }

    /// Says that something bad began, with the way to it.
    pub fn alerted(self, text: String, path: String) {
        let id = self.show(text, true, Some(path));
        set_timeout(move || self.dismiss(id), ALERTED_FOR);
    }

    /// Says that something failed; a page that was left says nothing.
    pub fn failed(self, what: &str, error: &ApiError) {
        if *error != ApiError::Aborted {
            self.show(format!("{what} {}", error.message()), true, None);
        }
    }

    fn show(self, text: String, failed: bool, path: Option<String>) -> u32 {
        let id = self.next.get_value();
        self.next.set_value(id.wrapping_add(1));
        self.shown.update(|shown| {
            // The same message again replaces the older one.
            shown.retain(|toast| toast.text != text);
            shown.push(Toast {
                id,
                text,
                failed,
                path,
            });
        });
        id
    }

    fn dismiss(self, id: u32) {
        self.shown
            .try_update(|shown| shown.retain(|toast| toast.id != id));
    }
}

/// The messages in the corner.
pub fn use_toasts() -> Toasts {
    expect_context()
}

/// Where the messages appear.
#[component]
pub fn ToastCorner() -> impl IntoView {
    let toasts = use_toasts();
    view! {
        <div class="toasts" role="status" aria-live="polite">
            <For each=move || toasts.shown.get() key=|toast| toast.id let:toast>
                <div class="toast" class:toast--failed=toast.failed>
                    {if toast.failed { Icon::Alert } else { Icon::Check }.view()}
                    <p class="toast__text">
                        {match toast.path {
                            Some(path) => view! { <A href=path>{toast.text}</A> }.into_any(),
                            None => toast.text.into_any(),
                        }}
                    </p>
                    <IconButton
                        icon=Icon::Close
                        label="Dismiss"
                        on_press=move |_| toasts.dismiss(toast.id)
                    />
                </div>
            </For>
        </div>
    }
}
