//! How one wants to be told of alerts: through which channels, when not, and what is put together; never
//! who is told of what.

use common::alert::Severity;
use common::api::preferences::{ChannelName, NotificationPreferences};
use futures_util::try_join;
use leptos::ev::SubmitEvent;
use leptos::prelude::*;

use super::telling_draft::{ALL_AT_ONCE, Draft, IN_ORDER};
use super::telling_through::Through;
use crate::api::{telling, use_api};
use crate::components::button::{Button, ButtonKind};
use crate::components::dialog::{Actions, Dialog};
use crate::components::form::{Choice, FormError, Submission, Toggle};
use crate::components::intervals::{Intervals, Words};
use crate::components::load_view::load_view;
use crate::components::skeleton::Shape;
use crate::components::toast::use_toasts;
use crate::reactive::spawn;
use crate::state::load::Load;
use crate::state::preferences::use_preferences;

/// The words of the quiet hours.
const QUIET: Words = Words {
    legend: "Quiet hours",
    add: "Add quiet hours",
    from: "22:00",
    to: "07:00",
};

/// What was read.
type Read = (NotificationPreferences, Vec<ChannelName>);

/// The preferences as a form.
#[component]
pub fn Telling() -> impl IntoView {
    let load: Load<Read> =
        Load::new(|api| async move { try_join!(telling::read(api), telling::channels(api)) });
    // Outside of what is drawn anew after a lost connection: what was entered stays.
    let draft = Draft::empty();
    let is_filled = StoredValue::new(false);
    load_view(load, Shape::Fields(4), move |(kept, channels), load| {
        if !is_filled.get_value() {
            is_filled.set_value(true);
            draft.fill(kept, &channels);
        }
        let erased = move |()| {
            is_filled.set_value(false);
            load.again();
        };
        view! { <TellingForm draft channels /> <Erasure on_done=erased /> }
    })
}

#[component]
fn TellingForm(draft: Draft, channels: Vec<ChannelName>) -> impl IntoView {
    let api = use_api();
    let toasts = use_toasts();
    let preferences = use_preferences();
    let form = Submission::new();
    let zone = move || preferences.zone_or_own();
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let keep = async move |wanted| telling::replace(api, &wanted).await;
        form.send_entered(draft.wanted(zone()), keep, move |_| toasts.done("Saved."));
    };
    let is_daily = move || draft.digest.with(|digest| digest == "daily");
    view! {
        <form class="form" on:submit=submit>
            <p class="muted">
                "When a route, an escalation or a schedule names you. The inbox of this dashboard always has everything."
            </p>
            <div class="form--columns form">
                <Through severity=Severity::Critical channels=channels.clone() draft />
                <Through severity=Severity::Warning channels draft />
            </div>
            <Choice
                id="channel-order"
                label="When several are ticked"
                options=orders()
                value=draft.order
                error=form.field("channel_order")
            />
            <Intervals rows=draft.quiet words=QUIET zone=zone() error=form.field("quiet_hours") />
            <Toggle
                id="breaks-quiet"
                label="Critical alerts do not wait for the end of the quiet hours"
                value=draft.breaks_quiet
            />
            <div class="form--columns form">
                <Choice
                    id="digest"
                    label="Warnings"
                    options=digests()
                    value=draft.digest
                    error=form.field("digest")
                />
                {move || is_daily().then(|| view! { <DigestTime draft /> })}
            </div>
            <FormError of=form />
            <Actions>
                <Button kind=ButtonKind::Main busy=form.busy()>
                    "Save"
                </Button>
            </Actions>
        </form>
    }
}

fn orders() -> Vec<(String, String)> {
    [
        (ALL_AT_ONCE, "All of them at once"),
        (IN_ORDER, "The first; the next one if it fails"),
    ]
    .map(|(name, word)| (name.to_owned(), word.to_owned()))
    .to_vec()
}

fn digests() -> Vec<(String, String)> {
    [
        ("off", "Each one at once"),
        ("hourly", "Those of an hour together"),
        ("daily", "Those of a day together"),
    ]
    .map(|(name, word)| (name.to_owned(), word.to_owned()))
    .to_vec()
}

#[component]
fn DigestTime(draft: Draft) -> impl IntoView {
    view! {
        <div class="field">
            <label class="field__label" for="digest-at">
                "At"
            </label>
            <input
                class="field__input intervals__time"
                id="digest-at"
                type="time"
                required
                bind:value=draft.digest_at
            />
        </div>
    }
}

/// Asks before it erases.
#[component]
fn Erasure(#[prop(into)] on_done: Callback<()>) -> impl IntoView {
    let api = use_api();
    let toasts = use_toasts();
    let asked = RwSignal::new(false);
    let (busy, set_busy) = signal(false);
    let erase = move |_| {
        set_busy.set(true);
        spawn(async move {
            match telling::erase(api).await {
                Ok(()) => {
                    toasts.done("Your notification preferences and your inbox were erased.");
                    asked.try_set(false);
                    on_done.run(());
                }
                Err(error) => toasts.failed("Nothing was erased.", &error),
            }
            set_busy.try_set(false);
        });
    };
    let question = move || {
        view! {
            <Dialog title="Erase how you are told" on_close=move |()| asked.set(false)>
                <p>
                    "Your preferences, the messages of your inbox and what waits to be told to you are removed for good."
                </p>
                <Actions>
                    <Button on_press=move |_| asked.set(false)>"Cancel"</Button>
                    <Button kind=ButtonKind::Danger busy=busy on_press=erase>
                        "Erase"
                    </Button>
                </Actions>
            </Dialog>
        }
    };
    view! {
        <p>
            <Button kind=ButtonKind::Quiet on_press=move |_| asked.set(true)>
                "Erase all of this and your inbox…"
            </Button>
        </p>
        {move || asked.get().then(question)}
    }
}
