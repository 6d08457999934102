//! One's own preferences, password, sessions, API keys and data; never settings of the server.

use leptos::prelude::*;

use crate::components::page::{Panel, TextPage};
use crate::components::password_form::PasswordForm;
use crate::components::settings::api_keys::ApiKeys;
use crate::components::settings::own_data::OwnData;
use crate::components::settings::preferences_form::PreferencesForm;
use crate::components::settings::sessions::Sessions;
use crate::components::settings::telling::Telling;
use crate::components::skeleton::{Shape, Skeleton};
use crate::components::toast::use_toasts;
use crate::state::page::{Crumb, name_page};
use crate::state::preferences::use_preferences;

/// One's own settings.
#[component]
pub fn SettingsPage() -> impl IntoView {
    name_page(|| vec![Crumb::here("Settings")]);
    let preferences = use_preferences();
    let toasts = use_toasts();
    let form = move || {
        if preferences.is_read() {
            view! { <PreferencesForm /> }.into_any()
        } else {
            view! { <Skeleton shape=Shape::Fields(4) /> }.into_any()
        }
    };
    view! {
        <TextPage title="Settings">
            <Panel title="How you see things">{form}</Panel>
            <Panel title="How you are told of alerts">
                <Telling />
            </Panel>
            <Panel title="Your password">
                <PasswordForm
                    submit="Change the password"
                    on_done=move |()| {
                        toasts.done("Your password was changed. Your other sessions have ended.");
                    }
                />
            </Panel>
            <Panel title="Where you are logged in">
                <Sessions />
            </Panel>
            <Panel title="API keys">
                <ApiKeys />
            </Panel>
            <Panel title="What is kept about you">
                <OwnData />
            </Panel>
        </TextPage>
    }
}
