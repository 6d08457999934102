//! The form of a silence, new, again or changed; never the list of them.

use common::alert::{Silence, SilenceInput};
use leptos::ev::SubmitEvent;
use leptos::prelude::*;

use super::conditions;
use super::hits::Hits;
use super::moment_field::{MomentDraft, MomentField};
use crate::api::{ApiError, noise, use_api};
use crate::browser;
use crate::components::button::{Button, ButtonKind};
use crate::components::dialog::{Actions, Dialog};
use crate::components::form::{Field, FormError, OtherErrors, Submission};
use crate::components::toast::use_toasts;

const HOUR_MS: i64 = 3_600_000;

/// With what the form begins.
#[derive(Clone, PartialEq)]
pub enum Start {
    /// Empty.
    Anew,
    /// With what one said that is over.
    Again(Silence),
    /// With one that is changed.
    Change(Silence),
}

#[derive(Clone, Copy)]
struct Draft {
    matchers: RwSignal<String>,
    from: MomentDraft,
    until: MomentDraft,
    comment: RwSignal<String>,
}

impl Draft {
    fn of(start: &Start) -> Self {
        let (kept, moments) = match start {
            Start::Anew => (None, None),
            Start::Again(silence) => (Some(silence), None),
            Start::Change(silence) => (Some(silence), Some(silence)),
        };
        let matchers = kept.map(|it| conditions::in_words(&it.matchers));
        let in_an_hour = browser::now().plus_ms(HOUR_MS);
        Self {
            matchers: RwSignal::new(matchers.unwrap_or_default()),
            from: MomentDraft::of(moments.map(|it| it.starts_at)),
            until: MomentDraft::of(Some(moments.map_or(in_an_hour, |it| it.ends_at))),
            comment: RwSignal::new(kept.map(|it| it.comment.clone()).unwrap_or_default()),
        }
    }

    fn wanted(self) -> Result<SilenceInput, ApiError> {
        Ok(SilenceInput {
            matchers: conditions::read("matchers", &self.matchers.get_untracked())?,
            starts_at: self.from.moment("starts_at")?,
            ends_at: self.until.needed("ends_at")?,
            comment: self.comment.get_untracked().trim().to_owned(),
        })
    }
}

/// The form.
#[component]
pub fn SilenceDialog(
    /// With what it begins.
    start: Start,
    /// The person closed it.
    #[prop(into)]
    on_close: Callback<()>,
    /// It was kept.
    #[prop(into)]
    on_done: Callback<()>,
) -> impl IntoView {
    let (api, toasts) = (use_api(), use_toasts());
    let form = Submission::new();
    let draft = Draft::of(&start);
    let (title, seen) = match start {
        Start::Change(silence) => ("Edit the silence", Some((silence.id, silence.version))),
        Start::Anew | Start::Again(_) => ("Add a silence", None),
    };
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let keep = async move |wanted| noise::keep_silence(api, seen, &wanted).await;
        form.send_entered(draft.wanted(), keep, move |_| {
            toasts.saved("The silence");
            on_done.run(());
        });
    };
    view! {
        <Dialog title on_close>
            <form class="form" on:submit=submit>
                <Field
                    id="silence-matchers"
                    label="Alerts with"
                    value=draft.matchers
                    hint=conditions::HINT
                    error=form.field("matchers")
                    first=true
                />
                <Hits text=draft.matchers />
                <MomentField
                    id="silence-from"
                    label="From"
                    draft=draft.from
                    hint="Empty: from now on."
                    error=form.field("starts_at")
                />
                <MomentField
                    id="silence-until"
                    label="Until"
                    draft=draft.until
                    error=form.field("ends_at")
                />
                <Field
                    id="silence-comment"
                    label="Comment"
                    value=draft.comment
                    error=form.field("comment")
                />
                <OtherErrors of=form besides=&["matchers", "starts_at", "ends_at", "comment"] />
                <FormError of=form />
                <Actions>
                    <Button on_press=move |_| on_close.run(())>"Cancel"</Button>
                    <Button kind=ButtonKind::Main busy=form.busy()>
                        "Save the silence"
                    </Button>
                </Actions>
            </form>
        </Dialog>
    }
}
