//! Rules taken from a file, after it was shown what would come of it; never how a file is read.

use common::api::rules::Imported;
use leptos::prelude::*;

use super::taken;
use crate::api::{ApiError, ChosenFile, rules, use_api};
use crate::components::banner::{Banner, Tone};
use crate::components::button::{Button, ButtonKind};
use crate::components::dialog::{Actions, Dialog};
use crate::components::form::{Choice, FormError, Submission};
use crate::components::toast::use_toasts;
use crate::state::load::{Load, Loaded};

/// The dialog.
#[component]
pub fn ImportDialog(
    /// What was chosen.
    file: ChosenFile,
    /// The person closed it.
    #[prop(into)]
    on_close: Callback<()>,
    /// Rules were taken.
    #[prop(into)]
    on_done: Callback<()>,
) -> impl IntoView {
    let (api, toasts) = (use_api(), use_toasts());
    let form = Submission::new();
    let title = format!("Take rules from {}", file.name);
    let file = StoredValue::new(file);
    let existing = RwSignal::new("refuse".to_owned());
    let tried = Load::new(move |api| {
        let existing = existing.get();
        async move { rules::import(api, file.get_value(), &existing, true).await }
    });
    let fits = move || matches!(tried.state().get(), Loaded::Ready(_));
    let take = move |_| {
        let existing = existing.get_untracked();
        let request = async move { rules::import(api, file.get_value(), &existing, false).await };
        form.send(request, move |done: Imported| {
            let added = rules_in_words(done.added.len());
            toasts.done(format!("{added} added, {} replaced.", done.replaced.len()));
            on_done.run(());
        });
    };
    view! {
        <Dialog title on_close>
            <div class="form">
                <Choice
                    id="rule-existing"
                    label="When there is another rule of the same name"
                    options=choices()
                    value=existing
                />
                <div role="status">
                    {move || match tried.state().get() {
                        Loaded::Ready(told) => view! { <Told told /> }.into_any(),
                        Loaded::Failed(error) | Loaded::Stale(_, error) => {
                            view! { <Faults error /> }.into_any()
                        }
                        Loaded::Loading => ().into_any(),
                    }}
                </div>
                <FormError of=form />
                <Actions>
                    <Button on_press=move |_| on_close.run(())>"Cancel"</Button>
                    <Button
                        kind=ButtonKind::Main
                        busy=form.busy()
                        disabled=Signal::derive(move || !fits())
                        on_press=take
                    >
                        "Take the rules"
                    </Button>
                </Actions>
            </div>
        </Dialog>
    }
}

fn choices() -> Vec<(String, String)> {
    let choices = [
        ("refuse", "nothing of the file is taken"),
        ("skip", "it stays"),
        ("replace", "the file's replaces it"),
    ];
    choices
        .map(|(value, word)| (value.to_owned(), word.to_owned()))
        .into()
}

fn rules_in_words(count: usize) -> String {
    match count {
        1 => "1 rule".to_owned(),
        count => format!("{count} rules"),
    }
}

/// What would come of it.
#[component]
fn Told(told: Imported) -> impl IntoView {
    let Imported {
        added,
        replaced,
        unchanged,
        left_out,
        warnings,
        ..
    } = told;
    let left_out = left_out.into_iter();
    let left_out = left_out.map(|it| format!("{} ({}): {}", it.name, it.place, it.why));
    let lists = [
        ("Would be added", added),
        ("Would be replaced", replaced),
        ("Stay as they are", unchanged),
        ("Left out", left_out.collect()),
        ("To know", warnings),
    ];
    if lists.iter().all(|(_, all)| all.is_empty()) {
        return view! { <p class="muted">"There is no rule in it."</p> }.into_any();
    }
    taken::lists(lists)
}

/// Why it cannot be taken, place by place.
#[component]
fn Faults(error: ApiError) -> impl IntoView {
    let lines = match &error {
        ApiError::Invalid { fields, .. } if !fields.is_empty() => fields
            .iter()
            .map(|it| [it.field.as_str(), it.message.as_str()].join(": "))
            .map(|line| line.trim_start_matches(": ").to_owned())
            .collect(),
        other => vec![other.message()],
    };
    let lines = lines.into_iter().map(|line| view! { <p>{line}</p> });
    view! { <Banner tone=Tone::Critical>{lines.collect_view()}</Banner> }
}
