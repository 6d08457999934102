//! The keys that jump between pages, and the list of them; never keys of one page.

use leptos::ev::KeyboardEvent;
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

use crate::browser;
use crate::components::dialog::Dialog;
use crate::places::Place;
use crate::state::session::use_session;

/// A second key counts as part of a jump within this time.
const JUMP_WITHIN_MS: f64 = 1_500.0;

/// What the keys have opened.
#[derive(Clone, Copy)]
pub struct Keys {
    help: RwSignal<bool>,
}

impl Keys {
    /// Listens to the keyboard until the present component is gone.
    pub fn provide() -> Self {
        let keys = Self {
            help: RwSignal::new(false),
        };
        let session = use_session();
        let navigate = use_navigate();
        let jump_since = StoredValue::new(None::<f64>);
        let listener = window_event_listener(leptos::ev::keydown, move |event| {
            if is_for_somebody_else(&event) {
                return;
            }
            let began = jump_since.get_value();
            jump_since.set_value(None);
            let now = browser::monotonic_ms();
            let is_jump = began.is_some_and(|began| now - began <= JUMP_WITHIN_MS);
            match event.key().as_str() {
                key if is_jump => {
                    let role = untrack(|| session.role());
                    let found = Place::ALL.into_iter().find(|place| place.key() == key);
                    if let Some(place) = found.filter(|place| place.open_to(role)) {
                        event.prevent_default();
                        navigate(place.path(), NavigateOptions::default());
                    }
                }
                "g" => jump_since.set_value(Some(now)),
                "?" => keys.help.update(|open| *open = !*open),
                _ => {}
            }
        });
        on_cleanup(move || listener.remove());
        keys
    }
}

/// Keys with a modifier belong to the browser, keys in a field to what is typed.
pub fn is_for_somebody_else(event: &KeyboardEvent) -> bool {
    if event.ctrl_key() || event.meta_key() || event.alt_key() {
        return true;
    }
    let Some(target) = event
        .target()
        .and_then(|it| it.dyn_into::<HtmlElement>().ok())
    else {
        return false;
    };
    matches!(target.tag_name().as_str(), "INPUT" | "TEXTAREA" | "SELECT")
        || target.is_content_editable()
}

/// The list of keys, while it is open.
#[component]
pub fn KeyHelp(
    /// What the keys have opened.
    keys: Keys,
) -> impl IntoView {
    let session = use_session();
    let jumps = move || {
        let role = session.role();
        Place::ALL
            .into_iter()
            .filter(|place| place.open_to(role))
            .map(|place| {
                view! {
                    <dt>
                        <kbd>"g"</kbd>
                        " "
                        <kbd>{place.key()}</kbd>
                    </dt>
                    <dd>{place.label()}</dd>
                }
            })
            .collect_view()
    };
    view! {
        <Show when=move || keys.help.get()>
            <Dialog title="Keys" on_close=move |()| keys.help.set(false)>
                <dl class="keys">
                    {jumps} <dt>
                        <kbd>"?"</kbd>
                    </dt> <dd>"This list"</dd> <dt>
                        <kbd>"Esc"</kbd>
                    </dt> <dd>"Close what is open"</dd> <dt>
                        <kbd>"Tab"</kbd>
                    </dt> <dd>"The next control"</dd>
                </dl>
            </Dialog>
        </Show>
    }
}
