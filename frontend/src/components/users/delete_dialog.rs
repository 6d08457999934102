//! Removing a person, after their name was typed; never by one press.

use common::api::users::User;
use leptos::ev::SubmitEvent;
use leptos::prelude::*;

use crate::api::{use_api, users};
use crate::components::button::{Button, ButtonKind};
use crate::components::dialog::{Actions, Dialog};
use crate::components::form::{
    field::Field,
    submit::{FormError, Submission},
};
use crate::components::toast::use_toasts;
use crate::pages::users::Opened;
use crate::state::load::Load;

/// Asks for the name of who is removed.
#[component]
pub fn DeleteDialog(
    /// Who is removed.
    user: User,
    /// Which dialog is open.
    opened: RwSignal<Option<Opened>>,
    /// The list that the person belongs to.
    load: Load<Vec<User>>,
) -> impl IntoView {
    let api = use_api();
    let toasts = use_toasts();
    let form = Submission::new();
    let typed = RwSignal::new(String::new());
    let id = user.id;
    let username = StoredValue::new(user.username.clone());
    let is_named = move || typed.with(|typed| typed.trim() == username.get_value());
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        if !is_named() {
            return;
        }
        form.send(users::remove(api, id), move |()| {
            toasts.done(format!("{} was removed.", username.get_value()));
            opened.set(None);
            load.again();
        });
    };
    view! {
        <Dialog title=format!("Remove {}?", user.display_name) on_close=move |()| opened.set(None)>
            <p>
                <strong>{user.username.clone()}</strong>
                " loses the login and all sessions at once. What the person did stays in the history. "
                "To keep the login for later, disable it instead."
            </p>
            <form class="form" on:submit=submit>
                <Field
                    id="typed-name"
                    label="Type the login name to confirm"
                    value=typed
                    first=true
                />
                <FormError of=form />
                <Actions>
                    <Button on_press=move |_| opened.set(None)>"Cancel"</Button>
                    <Button
                        kind=ButtonKind::Danger
                        disabled=Signal::derive(move || !is_named())
                        busy=form.busy()
                    >
                        "Remove the user"
                    </Button>
                </Actions>
            </form>
        </Dialog>
    }
}
