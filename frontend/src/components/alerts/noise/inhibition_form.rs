//! The form of an inhibition; never the list of them.

use common::alert::{Inhibition, InhibitionInput};
use leptos::ev::SubmitEvent;
use leptos::prelude::*;

use super::conditions;
use crate::api::{ApiError, noise, use_api};
use crate::components::button::{Button, ButtonKind};
use crate::components::dialog::{Actions, Dialog};
use crate::components::form::{Field, FormError, OtherErrors, Submission, Toggle};
use crate::components::toast::use_toasts;

#[derive(Clone, Copy)]
struct Draft {
    name: RwSignal<String>,
    source: RwSignal<String>,
    target: RwSignal<String>,
    /// Labels with commas between.
    equal: RwSignal<String>,
    enabled: RwSignal<bool>,
}

impl Draft {
    fn of(one: Option<&InhibitionInput>) -> Self {
        let text = |read: fn(&InhibitionInput) -> String, otherwise: &str| {
            RwSignal::new(one.map_or_else(|| otherwise.to_owned(), read))
        };
        Self {
            name: text(|it| it.name.clone(), ""),
            source: text(|it| conditions::in_words(&it.source_matchers), ""),
            target: text(|it| conditions::in_words(&it.target_matchers), ""),
            equal: text(|it| it.equal.join(", "), "server"),
            enabled: RwSignal::new(one.is_none_or(|it| it.enabled)),
        }
    }

    fn wanted(self) -> Result<InhibitionInput, ApiError> {
        Ok(InhibitionInput {
            name: self.name.get_untracked().trim().to_owned(),
            source_matchers: conditions::read("source_matchers", &self.source.get_untracked())?,
            target_matchers: conditions::read("target_matchers", &self.target.get_untracked())?,
            equal: labels(&self.equal.get_untracked()),
            enabled: self.enabled.get_untracked(),
        })
    }
}

/// Labels with commas between.
pub fn labels(text: &str) -> Vec<String> {
    let names = text.split(',').map(str::trim);
    let names = names.filter(|name| !name.is_empty());
    names.map(str::to_owned).collect()
}

/// The form, for a new inhibition or one that is there.
#[component]
pub fn InhibitionDialog(
    /// The one that is there.
    one: Option<Inhibition>,
    /// The person closed it.
    #[prop(into)]
    on_close: Callback<()>,
    /// It was kept.
    #[prop(into)]
    on_done: Callback<()>,
) -> impl IntoView {
    let (api, toasts) = (use_api(), use_toasts());
    let form = Submission::new();
    let draft = Draft::of(one.as_ref().map(|it| &it.input));
    let seen = one.as_ref().map(|it| (it.id, it.version));
    let title = match one {
        Some(one) => format!("Edit {}", one.input.name),
        None => "Add an inhibition".to_owned(),
    };
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let keep = async move |wanted| noise::keep_inhibition(api, seen, &wanted).await;
        form.send_entered(draft.wanted(), keep, move |kept: Inhibition| {
            toasts.saved(&kept.input.name);
            on_done.run(());
        });
    };
    view! {
        <Dialog title on_close>
            <form class="form" on:submit=submit>
                <Field
                    id="inhibition-name"
                    label="Name"
                    value=draft.name
                    error=form.field("name")
                    first=true
                />
                <Field
                    id="inhibition-source"
                    label="While an alert fires with"
                    value=draft.source
                    hint=conditions::HINT
                    error=form.field("source_matchers")
                />
                <Field
                    id="inhibition-target"
                    label="Nobody is told of those with"
                    value=draft.target
                    error=form.field("target_matchers")
                />
                <Field
                    id="inhibition-equal"
                    label="When these labels are the same"
                    value=draft.equal
                    hint="Labels with commas between. Empty: whatever their labels."
                    error=form.field("equal")
                />
                <Toggle id="inhibition-enabled" label="It is in force" value=draft.enabled />
                <OtherErrors
                    of=form
                    besides=&["name", "source_matchers", "target_matchers", "equal"]
                />
                <FormError of=form />
                <Actions>
                    <Button on_press=move |_| on_close.run(())>"Cancel"</Button>
                    <Button kind=ButtonKind::Main busy=form.busy()>
                        "Save the inhibition"
                    </Button>
                </Actions>
            </form>
        </Dialog>
    }
}
