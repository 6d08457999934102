//! Whether a rule would decide the same again, and what was recorded around a firing; never the alert.

use common::api::alerts::AlertReplay;
use common::ids::AlertId;
use leptos::prelude::*;

use crate::api::{alerts, use_api};
use crate::components::button::Button;
use crate::components::file_save::FileSave;
use crate::components::icon::Icon;
use crate::components::toast::use_toasts;
use crate::reactive::spawn;

/// Buttons to evaluate the stored decisions again and to save the recording.
#[component]
pub fn Past(
    /// The alert.
    id: AlertId,
) -> impl IntoView {
    let (api, toasts) = (use_api(), use_toasts());
    let replaying = RwSignal::new(false);
    let outcome = RwSignal::new(None::<AlertReplay>);
    let replay = move |_| {
        replaying.set(true);
        spawn(async move {
            match alerts::replay(api, id).await {
                Ok(replayed) => drop(outcome.try_set(Some(replayed))),
                Err(error) => toasts.failed("The decisions were not read.", &error),
            }
            replaying.try_set(false);
        });
    };
    let recording = move |api| alerts::recording(api, id);
    view! {
        <div class="past">
            <FileSave word="Recording" read=recording />
            <Button icon=Icon::Refresh busy=replaying on_press=replay>
                "Decide again"
            </Button>
            <p class="muted" role="status">
                {move || outcome.with(|outcome| outcome.as_ref().map(said))}
            </p>
        </div>
    }
}

fn said(replay: &AlertReplay) -> String {
    let decisions = replay.items.len();
    let differing = replay.items.iter().filter(|it| !it.identical).count();
    match (decisions, differing) {
        (0, _) => "No decision of this alert is kept.".to_owned(),
        (1, 0) => "One decision, the same byte for byte.".to_owned(),
        (_, 0) => format!("{decisions} decisions, all the same byte for byte."),
        _ => format!("{differing} of {decisions} decisions came out differently."),
    }
}
