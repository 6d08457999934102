//! Changing one's own password; never anybody else's.

use common::problem::FieldError;
use leptos::ev::SubmitEvent;
use leptos::prelude::*;

use super::button::{Button, ButtonKind};
use super::form::{Field, FieldKind, FormError, Submission};
use crate::api::ApiError;
use crate::state::session::use_session;

/// The password until now, and the new one twice.
#[component]
pub fn PasswordForm(
    /// The word of the button.
    submit: &'static str,
    /// It was changed.
    #[prop(into)]
    on_done: Callback<()>,
) -> impl IntoView {
    let session = use_session();
    let form = Submission::new();
    let current = RwSignal::new(String::new());
    let new = RwSignal::new(String::new());
    let again = RwSignal::new(String::new());
    let send = move |event: SubmitEvent| {
        event.prevent_default();
        if new.get() != again.get() {
            form.refuse(ApiError::Invalid {
                fields: vec![FieldError::new("again", "This is not the same password.")],
                detail: String::new(),
            });
            return;
        }
        form.send(
            session.change_password(current.get(), new.get()),
            move |()| {
                for field in [current, new, again] {
                    field.try_set(String::new());
                }
                on_done.run(());
            },
        );
    };
    view! {
        <form class="form form--narrow" on:submit=send>
            <Field
                id="current-password"
                label="Present password"
                kind=FieldKind::CurrentPassword
                value=current
                error=form.field("current_password")
            />
            <Field
                id="new-password"
                label="New password"
                kind=FieldKind::NewPassword
                value=new
                hint="At least 10 characters."
                error=form.field("new_password")
            />
            <Field
                id="new-password-again"
                label="New password, again"
                kind=FieldKind::NewPassword
                value=again
                error=form.field("again")
            />
            <FormError of=form />
            <div class="actions">
                <Button kind=ButtonKind::Main busy=form.busy()>
                    {submit}
                </Button>
            </div>
        </form>
    }
}
