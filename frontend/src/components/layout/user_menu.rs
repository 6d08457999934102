//! Oneself: name, role, settings, log out; never another person.

use leptos::prelude::*;
use leptos_router::components::A;

use crate::components::icon::Icon;
use crate::components::toast::use_toasts;
use crate::reactive::spawn;
use crate::state::session::use_session;

/// The menu behind one's own initials.
#[component]
pub fn UserMenu() -> impl IntoView {
    let session = use_session();
    let toasts = use_toasts();
    let name = move || {
        session
            .user()
            .map(|user| user.display_name)
            .unwrap_or_default()
    };
    let role = move || session.role().name();
    let log_out = move |_| {
        spawn(async move {
            if let Err(error) = session.log_out().await {
                toasts.failed("You are still logged in.", &error);
            }
        });
    };
    view! {
        <button
            type="button"
            class="avatar"
            popovertarget="user-menu"
            title=name
        >
            <span aria-hidden="true">{move || initials(&name())}</span>
            <span class="unseen">"Your menu, " {name}</span>
        </button>
        <div class="float float--menu" id="user-menu" popover="auto">
            <p class="float__who">
                <strong>{name}</strong>
                <span class="muted">{role}</span>
            </p>
            <A href="/settings" attr:class="float__entry">
                {Icon::Settings.small()}
                "Settings"
            </A>
            <button type="button" class="float__entry" on:click=log_out>
                {Icon::LogOut.small()}
                "Log out"
            </button>
        </div>
    }
}

/// Up to two letters of a name.
fn initials(name: &str) -> String {
    name.split(|letter: char| !letter.is_alphanumeric())
        .filter_map(|word| word.chars().next())
        .take(2)
        .flat_map(char::to_uppercase)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::initials;

    #[test]
    fn initials_are_two_letters_at_most() {
        for (name, expected) in [
            ("Ann Miller", "AM"),
            ("ann.b.miller", "AB"),
            ("admin", "A"),
            ("", ""),
            ("  élan  vital", "ÉV"),
        ] {
            assert_eq!(initials(name), expected, "{name}");
        }
    }
}
