//! The form of a route; never the list of them.

use common::alert::{Route, Target};
use leptos::ev::SubmitEvent;
use leptos::prelude::*;

use super::route_draft::{Draft, GROUPS};
use crate::api::{routing, use_api};
use crate::components::alerts::noise::conditions;
use crate::components::alerts::noise::hits::Hits;
use crate::components::alerts::targets::{Names, TargetPicker};
use crate::components::button::{Button, ButtonKind};
use crate::components::dialog::{Actions, Dialog};
use crate::components::form::{
    Choice, Field, FieldKind, FormError, OtherErrors, Submission, Toggle,
};
use crate::components::intervals::{Intervals, Words};
use crate::components::toast::use_toasts;
use crate::state::preferences::use_preferences;

const TIMES: Words = Words {
    legend: "Only at these times; none: always",
    add: "Add a time",
    from: "08:00",
    to: "18:00",
};

/// The form, for a new route or one that is there.
#[component]
pub fn RouteDialog(
    /// The one that is there.
    route: Option<Route>,
    /// The names of all that can be told.
    names: Names,
    /// The person closed it.
    #[prop(into)]
    on_close: Callback<()>,
    /// It was kept.
    #[prop(into)]
    on_done: Callback<()>,
) -> impl IntoView {
    let (api, toasts) = (use_api(), use_toasts());
    let form = Submission::new();
    let seen = route.as_ref().map(|it| (it.id, it.version));
    let title = match &route {
        Some(route) => format!("Edit {}", route.input.name),
        None => "Add a route".to_owned(),
    };
    let draft = Draft::of(route.map(|it| it.input));
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let keep = async move |wanted| routing::keep(api, seen, &wanted).await;
        form.send_entered(draft.wanted(), keep, move |kept: Route| {
            toasts.saved(&kept.input.name);
            on_done.run(());
        });
    };
    view! {
        <Dialog title on_close>
            <form class="form" on:submit=submit>
                <Field
                    id="route-name"
                    label="Name"
                    value=draft.name
                    error=form.field("name")
                    first=true
                />
                <Whom draft form names />
                <Groups draft form />
                <Toggle
                    id="route-continue"
                    label="Ask the routes behind it as well"
                    value=draft.goes_on
                />
                <Toggle id="route-enabled" label="It is in force" value=draft.enabled />
                <OtherErrors
                    of=form
                    besides=&[
                        "name",
                        "matchers",
                        "targets",
                        "active_times",
                        "position",
                        "group_by",
                        "group_wait_seconds",
                        "group_interval_seconds",
                        "repeat_interval_seconds",
                    ]
                />
                <FormError of=form />
                <Actions>
                    <Button on_press=move |_| on_close.run(())>"Cancel"</Button>
                    <Button kind=ButtonKind::Main busy=form.busy()>
                        "Save the route"
                    </Button>
                </Actions>
            </form>
        </Dialog>
    }
}

/// Which alerts, who is told, and when.
#[component]
fn Whom(draft: Draft, form: Submission, names: Names) -> impl IntoView {
    let names = StoredValue::new(names);
    let zone = use_preferences().zone_or_own();
    let change = move |targets: Vec<Target>| draft.targets.set(targets);
    let wrong = form.field("targets");
    view! {
        <Field
            id="route-matchers"
            label="Alerts with"
            value=draft.matchers
            hint=conditions::HINT
            error=form.field("matchers")
        />
        <Hits text=draft.matchers />
        <fieldset class="parts">
            <legend class="field__label">"Go to"</legend>
            <TargetPicker
                label="Tell also"
                names
                chosen=draft.targets
                on_change=change
                with_policies=true
            />
            {move || wrong.get().map(|error| view! { <p class="field__error">{error}</p> })}
            <p class="field__hint">
                "Nobody: as the route around it says, or else all enabled channels."
            </p>
        </fieldset>
        <Intervals rows=draft.times words=TIMES zone error=form.field("active_times") />
        <Field
            id="route-position"
            label="Position"
            kind=FieldKind::Number
            value=draft.position
            hint="The lowest is asked first; of equals the older one."
            error=form.field("position")
        />
    }
}

/// In which messages.
#[component]
fn Groups(draft: Draft, form: Submission) -> impl IntoView {
    let groups = GROUPS.map(|(name, word)| (name.to_owned(), word.to_owned()));
    let has_labels = move || draft.groups.with(|groups| groups == "labels");
    view! {
        <Choice id="route-groups" label="Messages" options=groups.to_vec() value=draft.groups />
        <Show when=has_labels>
            <Field
                id="route-group-by"
                label="Labels, with commas between"
                value=draft.group_by
                error=form.field("group_by")
            />
        </Show>
        <Field
            id="route-wait"
            label="The first message of a group waits, in seconds"
            kind=FieldKind::Number
            value=draft.wait
            error=form.field("group_wait_seconds")
        />
        <Field
            id="route-interval"
            label="Between messages of a group, in seconds"
            kind=FieldKind::Number
            value=draft.interval
            error=form.field("group_interval_seconds")
        />
        <Field
            id="route-repeat"
            label="Told again while nobody takes it, in seconds"
            kind=FieldKind::Number
            value=draft.repeat
            hint="Empty: as the route around it says. 0: never."
            error=form.field("repeat_interval_seconds")
        />
    }
}
