//! Removing a channel, after a question; never what was sent there.

use common::api::channels::Channel;
use leptos::prelude::*;

use super::Opened;
use crate::api::channels::Told;
use crate::api::{channels, use_api};
use crate::components::button::{Button, ButtonKind};
use crate::components::dialog::{Actions, Dialog};
use crate::components::form::{FormError, Submission};
use crate::components::toast::use_toasts;
use crate::state::load::Load;

/// Asks before a channel is removed.
#[component]
pub fn RemoveDialog(
    /// What is removed.
    channel: Channel,
    /// Which dialog is open.
    opened: RwSignal<Option<Opened>>,
    /// The list that it belongs to.
    load: Load<Vec<Told>>,
) -> impl IntoView {
    let (api, toasts) = (use_api(), use_toasts());
    let form = Submission::new();
    let Channel { id, name, .. } = channel;
    let title = format!("Remove {name}?");
    let remove = move |_| {
        let name = name.clone();
        form.send(channels::remove(api, id), move |()| {
            toasts.done(format!("{name} was removed."));
            opened.try_set(None);
            load.again();
        });
    };
    view! {
        <Dialog title on_close=move |()| opened.set(None)>
            <p>
                "What waits for it is dropped, and its secrets are forgotten; what was sent stays in the log. "
                "To keep the channel for later, switch it off instead."
            </p>
            <FormError of=form />
            <Actions>
                <Button on_press=move |_| opened.set(None)>"Cancel"</Button>
                <Button kind=ButtonKind::Danger busy=form.busy() on_press=remove>
                    "Remove the channel"
                </Button>
            </Actions>
        </Dialog>
    }
}
