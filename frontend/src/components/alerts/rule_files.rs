//! Rules saved as a file; never taken from one.

use leptos::prelude::*;
use leptos::task::spawn_local;

use super::download::save;
use crate::api::{ApiError, rules, use_api};
use crate::components::button::Button;
use crate::components::icon::Icon;
use crate::components::toast::use_toasts;

/// Buttons that save all rules as TOML or JSON.
#[component]
pub fn RuleExports() -> impl IntoView {
    view! {
        <RuleExport form="toml" word="TOML" />
        <RuleExport form="json" word="JSON" />
    }
}

#[component]
fn RuleExport(form: &'static str, word: &'static str) -> impl IntoView {
    let (api, toasts) = (use_api(), use_toasts());
    let busy = RwSignal::new(false);
    let press = move |_| {
        busy.set(true);
        spawn_local(async move {
            let answer = rules::export(api, form).await;
            busy.try_set(false);
            match answer {
                Ok(file) if save(&file).is_ok() => toasts.done(format!("{} was saved.", file.name)),
                Ok(_) => toasts.failed("The browser refused the file.", &ApiError::Unreadable),
                Err(error) => toasts.failed("The file could not be read.", &error),
            }
        });
    };
    view! {
        <Button icon=Icon::Download busy on_press=press>
            <span class="unseen">"Save the rules as "</span>
            {word}
        </Button>
    }
}
