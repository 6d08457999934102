//! The first login with a generated password: nothing else before it is changed.

use leptos::prelude::*;

use crate::browser;
use crate::components::button::{Button, ButtonKind};
use crate::components::layout::Logo;
use crate::components::password_form::PasswordForm;
use crate::components::toast::use_toasts;
use crate::reactive::spawn;
use crate::state::session::use_session;

/// Asks for a password of one's own.
#[component]
pub fn FirstPasswordPage() -> impl IntoView {
    browser::set_title(0, "Choose a password");
    let session = use_session();
    let toasts = use_toasts();
    let log_out = move |_| {
        spawn(async move {
            if let Err(error) = session.log_out().await {
                toasts.failed("You are still logged in.", &error);
            }
        });
    };
    view! {
        <main class="door">
            <h1 class="door__name">
                <Logo />
                "Watchpost"
            </h1>
            <div class="door__form panel">
                <h2>"Choose your own password"</h2>
                <p class="muted">
                    "You logged in with the password from the console. It is changed once, now; then everything opens."
                </p>
                <PasswordForm
                    submit="Change the password"
                    on_done=move |()| toasts.done("Your password was changed.")
                />
                <Button kind=ButtonKind::Quiet on_press=log_out>
                    "Log out"
                </Button>
            </div>
        </main>
    }
}
