//! A question before something is destroyed; never what is done.

use std::future::Future;

use leptos::prelude::*;

use super::button::{Button, ButtonKind};
use super::dialog::{Actions, Dialog};
use super::form::{FormError, Submission};
use crate::api::ApiError;

/// Asks, does it, and says why it could not be done.
#[component]
pub fn Confirm<R, F>(
    /// The question.
    #[prop(into)]
    title: String,
    /// What follows from it.
    text: &'static str,
    /// The word on the button that does it.
    act: &'static str,
    /// Does it.
    request: R,
    /// The person thought better of it.
    #[prop(into)]
    on_close: Callback<()>,
    /// It is done.
    #[prop(into)]
    on_done: Callback<()>,
) -> impl IntoView
where
    R: Fn() -> F + Send + Sync + 'static,
    F: Future<Output = Result<(), ApiError>> + 'static,
{
    let form = Submission::new();
    let press = move |_| form.send(request(), move |()| on_done.run(()));
    view! {
        <Dialog title on_close>
            <p>{text}</p>
            <FormError of=form />
            <Actions>
                <Button on_press=move |_| on_close.run(())>"Cancel"</Button>
                <Button kind=ButtonKind::Danger busy=form.busy() on_press=press>
                    {act}
                </Button>
            </Actions>
        </Dialog>
    }
}
