//! One's own API keys, and how to add and remove one; never a secret.

use common::api::keys::ApiKey;
use leptos::prelude::*;

use super::key_dialog::{KeyDialog, scope_word};
use crate::api::{keys, use_api};
use crate::components::button::{Button, ButtonKind};
use crate::components::dialog::Actions;
use crate::components::icon::Icon;
use crate::components::load_view::load_view;
use crate::components::skeleton::Shape;
use crate::components::toast::use_toasts;
use crate::format::age;
use crate::moments::Style;
use crate::reactive::spawn;
use crate::state::load::Load;
use crate::state::preferences::use_preferences;
use crate::state::ticker::use_now;

/// One's own API keys.
#[component]
pub fn ApiKeys() -> impl IntoView {
    let load = Load::new(keys::list);
    let opened = RwSignal::new(false);
    view! {
        {load_view(load, Shape::Rows(2), key_list)}
        <Actions>
            <Button icon=Icon::Plus on_press=move |_| opened.set(true)>
                "Add an API key"
            </Button>
        </Actions>
        {move || opened.get().then(|| view! { <KeyDialog opened load /> })}
    }
}

fn key_list(keys: Vec<ApiKey>, load: Load<Vec<ApiKey>>) -> AnyView {
    if keys.is_empty() {
        return view! {
            <p class="muted">"None yet. A script sends a key instead of logging in."</p>
        }
        .into_any();
    }
    view! {
        <ul class="api-keys">
            {keys.into_iter().map(|key| view! { <KeyEntry key load /> }).collect_view()}
        </ul>
    }
    .into_any()
}

#[component]
fn KeyEntry(key: ApiKey, load: Load<Vec<ApiKey>>) -> impl IntoView {
    let now = use_now();
    let preferences = use_preferences();
    let (expires_at, last_used_at) = (key.expires_at, key.last_used_at);
    let is_over = move || expires_at.is_some_and(|at| at <= now.get());
    let scopes: Vec<&str> = key.scopes.iter().copied().map(scope_word).collect();
    let used = move || {
        last_used_at.map_or_else(
            || "never used".to_owned(),
            |at| format!("used {}", age(now.get().since_ms(at))),
        )
    };
    let until = move || {
        expires_at.map_or_else(
            || "does not expire".to_owned(),
            |at| format!("until {}", preferences.moment(at, Style::DayAndTime)),
        )
    };
    view! {
        <li class="api-keys__entry">
            <div class="api-keys__what">
                <p>
                    {key.name.clone()} " "
                    {move || {
                        is_over().then(|| view! { <span class="pill pill--warning">"Expired"</span> })
                    }}
                </p>
                <p class="muted">
                    <code>{key.prefix.clone()} "…"</code>
                    " · " {scopes.join(", ")} " · " {used} " · " {until}
                </p>
            </div>
            <Removal key load />
        </li>
    }
}

/// Asks once more before it removes: whatever uses the key stops working.
#[component]
fn Removal(key: ApiKey, load: Load<Vec<ApiKey>>) -> impl IntoView {
    let api = use_api();
    let toasts = use_toasts();
    let (busy, set_busy) = signal(false);
    let (asked, set_asked) = signal(false);
    let id = key.id;
    let remove = move |_| {
        set_busy.set(true);
        spawn(async move {
            match keys::remove(api, id).await {
                Ok(()) => {
                    load.amend(|keys| keys.retain(|key| key.id != id));
                    toasts.done("The API key was removed.");
                }
                Err(error) => toasts.failed("The API key is still there.", &error),
            }
            set_busy.try_set(false);
        });
    };
    move || {
        if asked.get() {
            view! {
                <Button kind=ButtonKind::Danger busy=busy on_press=remove>
                    "Remove for good"
                </Button>
            }
            .into_any()
        } else {
            view! { <Button on_press=move |_| set_asked.set(true)>"Remove"</Button> }.into_any()
        }
    }
}
