//! The way in: product name and one form; never a hint whether a name exists.

use leptos::ev::SubmitEvent;
use leptos::prelude::*;

use crate::api::Ended;
use crate::browser;
use crate::components::banner::Banner;
use crate::components::button::{Button, ButtonKind};
use crate::components::form::{Field, FieldKind, FormError, Submission};
use crate::components::layout::Logo;
use crate::state::session::use_session;

/// The form that logs in; the page below it stays where the address says.
#[component]
pub fn LoginPage(
    /// Why nobody is logged in.
    ended: Ended,
) -> impl IntoView {
    browser::set_title(0, "Log in");
    let session = use_session();
    let form = Submission::new();
    let username = RwSignal::new(String::new());
    let password = RwSignal::new(String::new());
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let answer = session.log_in(username.get().trim().to_owned(), password.get());
        form.send(answer, |()| {});
    };
    view! {
        <main class="door">
            <h1 class="door__name">
                <Logo />
                "Watchpost"
            </h1>
            <form class="door__form panel" on:submit=submit>
                {(ended == Ended::ByServer)
                    .then(|| view! { <Banner>"Your session is over. Log in again."</Banner> })}
                <Field
                    id="username"
                    label="Name"
                    kind=FieldKind::Username
                    value=username
                    error=form.field("username")
                    first=true
                />
                <Field
                    id="password"
                    label="Password"
                    kind=FieldKind::CurrentPassword
                    value=password
                    error=form.field("password")
                />
                <FormError of=form />
                <Button kind=ButtonKind::Main busy=form.busy()>
                    "Log in"
                </Button>
            </form>
        </main>
    }
}
