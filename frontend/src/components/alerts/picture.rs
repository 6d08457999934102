//! What the rule compares around an alert as the server draws it, for messages as well; never a chart to zoom.

use common::ids::AlertId;
use leptos::prelude::*;
use web_sys::Url;

use crate::api::alerts;
use crate::components::load_view::Failed;
use crate::components::page::Panel;
use crate::reactive::effect;
use crate::state::load::{Load, Loaded};
use crate::state::preferences::use_preferences;

/// The panel. Its height is that of the picture before it is there.
#[component]
pub fn Picture(
    /// The alert.
    id: AlertId,
    /// What it is a picture of, for who cannot see it.
    what: String,
    /// Show the one that was kept when it fired, instead of one as of now.
    kept: bool,
    /// Grows when it has changed.
    #[prop(into)]
    changes: Signal<u32>,
) -> impl IntoView {
    let preferences = use_preferences();
    let load = Load::new(move |api| {
        changes.track();
        preferences.current().track();
        let theme = shown_theme();
        async move {
            if kept {
                alerts::kept_picture(api, id).await
            } else {
                alerts::picture(api, id, theme).await
            }
        }
    });
    let address = Memo::new(move |_| load.state().with(|state| state.value().cloned()));
    let shown = StoredValue::new(None::<String>);
    let release = move |next: Option<String>| {
        let before = shown.try_update_value(|shown| std::mem::replace(shown, next));
        if let Some(before) = before.flatten() {
            drop(Url::revoke_object_url(&before));
        }
    };
    effect(move || {
        let next = address.get();
        if shown.with_value(|shown| *shown != next) {
            release(next);
        }
    });
    on_cleanup(move || release(None));
    view! {
        <Panel title="Around the alert">
            <div class="alert-picture">
                {move || match load.state().get() {
                    Loaded::Failed(error) => {
                        view! { <Failed text=error.message() on_retry=move |()| load.again() /> }
                            .into_any()
                    }
                    _ => ().into_any(),
                }}
                {move || {
                    address
                        .get()
                        .map(|address| {
                            view! {
                                <img src=address alt=what.clone() width="1280" height="440" />
                            }
                        })
                }}
            </div>
        </Panel>
    }
}

/// The theme that is seen, whoever chose it: the person or the system.
fn shown_theme() -> &'static str {
    let chosen = document()
        .document_element()
        .and_then(|root| root.get_attribute("data-theme"));
    let is_dark = chosen.map_or_else(
        || {
            let query = window().match_media("(prefers-color-scheme: dark)");
            query.ok().flatten().is_some_and(|query| query.matches())
        },
        |theme| theme == "dark",
    );
    if is_dark { "dark" } else { "light" }
}
