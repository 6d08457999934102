//! The form of an on-call schedule; never the list of them.

use common::alert::OnCallSchedule;
use leptos::ev::SubmitEvent;
use leptos::prelude::*;

use super::schedule_draft::{Draft, LayerRow};
use super::schedule_layer::LayerFields;
use super::schedule_overrides::Overrides;
use crate::api::{escalation, use_api};
use crate::components::alerts::targets::Names;
use crate::components::button::{Button, ButtonKind};
use crate::components::dialog::{Actions, Dialog};
use crate::components::form::{Choice, Field, FormError, OtherErrors, Submission};
use crate::components::icon::Icon;
use crate::components::toast::use_toasts;
use crate::state::preferences::use_preferences;
use crate::{browser, local_time, moments};

/// The form, for a new schedule or one that is there.
#[component]
pub fn ScheduleDialog(
    /// The one that is there.
    schedule: Option<OnCallSchedule>,
    /// The names of everybody.
    names: Names,
    /// The person closed it.
    #[prop(into)]
    on_close: Callback<()>,
    /// It was kept.
    #[prop(into)]
    on_done: Callback<()>,
) -> impl IntoView {
    let (api, toasts) = (use_api(), use_toasts());
    let names = StoredValue::new(names);
    let form = Submission::new();
    let seen = schedule.as_ref().map(|it| (it.id, it.version));
    let title = match &schedule {
        Some(schedule) => format!("Edit {}", schedule.input.name),
        None => "Add an on-call schedule".to_owned(),
    };
    let draft = draft_of(schedule);
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let keep = async move |wanted| escalation::keep_schedule(api, seen, &wanted).await;
        form.send_entered(draft.wanted(), keep, move |kept: OnCallSchedule| {
            toasts.saved(&kept.input.name);
            on_done.run(());
        });
    };
    view! {
        <Dialog title on_close>
            <form class="form" on:submit=submit>
                <div class="form form--columns">
                    <Field
                        id="schedule-name"
                        label="Name"
                        value=draft.name
                        error=form.field("name")
                        first=true
                    />
                    <Choice
                        id="schedule-zone"
                        label="Time zone"
                        options=moments::zone_choices(Some(draft.zone.get_untracked()))
                        value=draft.zone
                        error=form.field("time_zone")
                    />
                </div>
                <Layers draft names />
                <Overrides draft names />
                <OtherErrors of=form besides=&["name", "time_zone"] />
                <FormError of=form />
                <Actions>
                    <Button on_press=move |_| on_close.run(())>"Cancel"</Button>
                    <Button kind=ButtonKind::Main busy=form.busy()>
                        "Save the schedule"
                    </Button>
                </Actions>
            </form>
        </Dialog>
    }
}

fn draft_of(schedule: Option<OnCallSchedule>) -> Draft {
    let own = use_preferences().zone_or_own();
    let own = own.unwrap_or_else(|| "UTC".to_owned());
    let monday = local_time::last_monday(browser::now(), &own);
    Draft::of(schedule.map(|it| it.input), &own, &monday)
}

/// The layers; a later one goes before an earlier one.
#[component]
fn Layers(draft: Draft, names: StoredValue<Names>) -> impl IntoView {
    let add = move |_| {
        draft.layers.update(|layers| {
            let key = layers.iter().map(|it| it.key + 1).max().unwrap_or_default();
            let starts_on = layers.last().map(|it| it.starts_on.clone());
            layers.push(LayerRow::new(key, starts_on.unwrap_or_default()));
        });
    };
    view! {
        <fieldset class="parts">
            <legend class="field__label">
                "Layers: who takes turns. A later layer goes before an earlier one."
            </legend>
            <For each=move || draft.layers.get() key=|it| it.key let:layer>
                <LayerFields draft layer names />
            </For>
            <p>
                <Button icon=Icon::Plus on_press=add>
                    "Add a layer"
                </Button>
            </p>
        </fieldset>
    }
}
