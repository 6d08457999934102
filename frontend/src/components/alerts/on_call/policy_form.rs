//! The form of an escalation policy; never the list of them.

use common::alert::{Policy, PolicyInput, PolicyStep, Target};
use common::problem::FieldError;
use leptos::ev::SubmitEvent;
use leptos::prelude::*;

use crate::api::{ApiError, escalation, use_api};
use crate::components::alerts::targets::{Names, TargetPicker};
use crate::components::button::{Button, ButtonKind, IconButton};
use crate::components::dialog::{Actions, Dialog};
use crate::components::form::{Field, FieldKind, FormError, OtherErrors, Submission};
use crate::components::icon::Icon;
use crate::components::toast::use_toasts;

/// A step in the form.
#[derive(Debug, Clone, PartialEq)]
struct StepRow {
    key: u32,
    /// Minutes, written with a point.
    minutes: String,
    targets: Vec<Target>,
}

#[derive(Clone, Copy)]
struct Draft {
    name: RwSignal<String>,
    steps: RwSignal<Vec<StepRow>>,
    /// Minutes after which it begins anew; empty: it ends.
    repeat: RwSignal<String>,
}

impl Draft {
    fn of(policy: Option<&PolicyInput>) -> Self {
        let minutes = |seconds: u32| (f64::from(seconds) / 60.0).to_string();
        let first = StepRow {
            key: 0,
            minutes: "0".to_owned(),
            targets: Vec::new(),
        };
        let steps = policy.map(|policy| {
            let steps = (0..).zip(&policy.steps);
            let row = |(key, step): (u32, &PolicyStep)| StepRow {
                key,
                minutes: minutes(step.delay_seconds),
                targets: step.targets.clone(),
            };
            steps.map(row).collect()
        });
        let repeat = policy.and_then(|policy| policy.repeat_after_seconds);
        Self {
            name: RwSignal::new(policy.map(|it| it.name.clone()).unwrap_or_default()),
            steps: RwSignal::new(steps.unwrap_or_else(|| vec![first])),
            repeat: RwSignal::new(repeat.map(minutes).unwrap_or_default()),
        }
    }

    fn wanted(self) -> Result<PolicyInput, ApiError> {
        let steps = self.steps.get_untracked().into_iter().enumerate();
        let steps = steps.map(|(place, step)| {
            let delay_seconds = seconds(&step.minutes)
                .ok_or_else(|| no_minutes(&format!("steps[{place}].delay_seconds")))?;
            Ok(PolicyStep {
                delay_seconds,
                targets: step.targets,
            })
        });
        let repeat = self.repeat.get_untracked();
        let repeat = (!repeat.trim().is_empty())
            .then(|| seconds(&repeat).ok_or_else(|| no_minutes("repeat_after_seconds")));
        Ok(PolicyInput {
            name: self.name.get_untracked().trim().to_owned(),
            steps: steps.collect::<Result<_, ApiError>>()?,
            repeat_after_seconds: repeat.transpose()?,
        })
    }

    fn change(self, key: u32, change: impl FnOnce(&mut StepRow)) {
        self.steps.update(|steps| {
            if let Some(step) = steps.iter_mut().find(|it| it.key == key) {
                change(step);
            }
        });
    }
}

/// Whole seconds of minutes; `None` when it is no number of them.
fn seconds(minutes: &str) -> Option<u32> {
    let seconds = minutes.trim().parse::<f64>().ok()? * 60.0;
    let fits = (0.0..=604_800.0).contains(&seconds);
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "within a week of seconds"
    )]
    fits.then(|| seconds.round() as u32)
}

fn no_minutes(field: &str) -> ApiError {
    let message = "must be a number of minutes, up to 10080";
    ApiError::Invalid {
        fields: vec![FieldError::new(field, message)],
        detail: message.to_owned(),
    }
}

/// The form, for a new policy or one that is there.
#[component]
pub fn PolicyDialog(
    /// The one that is there.
    policy: Option<Policy>,
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
    let names = StoredValue::new(names);
    let form = Submission::new();
    let draft = Draft::of(policy.as_ref().map(|it| &it.input));
    let seen = policy.as_ref().map(|it| (it.id, it.version));
    let title = match policy {
        Some(policy) => format!("Edit {}", policy.input.name),
        None => "Add an escalation policy".to_owned(),
    };
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let keep = async move |wanted| escalation::keep_policy(api, seen, &wanted).await;
        form.send_entered(draft.wanted(), keep, move |kept: Policy| {
            toasts.saved(&kept.input.name);
            on_done.run(());
        });
    };
    view! {
        <Dialog title on_close>
            <form class="form" on:submit=submit>
                <Field
                    id="policy-name"
                    label="Name"
                    value=draft.name
                    error=form.field("name")
                    first=true
                />
                <Steps draft names />
                <Field
                    id="policy-repeat"
                    label="Begins anew after, in minutes"
                    kind=FieldKind::Number
                    value=draft.repeat
                    hint="Empty: it ends after its last step."
                    error=form.field("repeat_after_seconds")
                />
                <OtherErrors of=form besides=&["name", "repeat_after_seconds"] />
                <FormError of=form />
                <Actions>
                    <Button on_press=move |_| on_close.run(())>"Cancel"</Button>
                    <Button kind=ButtonKind::Main busy=form.busy()>
                        "Save the policy"
                    </Button>
                </Actions>
            </form>
        </Dialog>
    }
}

/// The steps, in their order.
#[component]
fn Steps(draft: Draft, names: StoredValue<Names>) -> impl IntoView {
    let add = move |_| {
        draft.steps.update(|steps| {
            let key = steps.iter().map(|it| it.key + 1).max().unwrap_or_default();
            steps.push(StepRow {
                key,
                minutes: "5".to_owned(),
                targets: Vec::new(),
            });
        });
    };
    view! {
        <fieldset class="parts">
            <legend class="field__label">"Steps, until somebody takes the alert"</legend>
            <For each=move || draft.steps.get() key=|it| it.key let:step>
                <StepFields draft step names />
            </For>
            <p>
                <Button icon=Icon::Plus on_press=add>
                    "Add a step"
                </Button>
            </p>
        </fieldset>
    }
}

#[component]
fn StepFields(draft: Draft, step: StepRow, names: StoredValue<Names>) -> impl IntoView {
    let key = step.key;
    let place = move || {
        let place = draft
            .steps
            .with(|steps| steps.iter().position(|it| it.key == key));
        place.unwrap_or_default() + 1
    };
    let chosen = Signal::derive(move || {
        draft.steps.with(|steps| {
            let step = steps.iter().find(|it| it.key == key);
            step.map(|it| it.targets.clone()).unwrap_or_default()
        })
    });
    let change = move |targets: Vec<Target>| draft.change(key, |step| step.targets = targets);
    let remove = move |_| draft.steps.update(|steps| steps.retain(|it| it.key != key));
    view! {
        <div class="parts__one" role="group" aria-label=move || format!("Step {}", place())>
            <div class="parts__line">
                <span>{move || if place() == 1 { "After" } else { "Then after" }}</span>
                <input
                    class="field__input parts__number"
                    aria-label="Minutes"
                    inputmode="decimal"
                    value=step.minutes
                    on:input=move |event| {
                        draft.change(key, |step| step.minutes = event_target_value(&event));
                    }
                />
                <span>"minutes tell"</span>
                <span class="parts__end">
                    <IconButton icon=Icon::Close label="Remove this step" on_press=remove />
                </span>
            </div>
            <TargetPicker label="Tell also" names chosen on_change=change />
        </div>
    }
}
