//! The form of a maintenance window; never the list of them.

use common::alert::{MaintenanceWindow, WindowInput, WindowSchedule};
use common::problem::FieldError;
use leptos::ev::SubmitEvent;
use leptos::prelude::*;

use super::conditions;
use super::moment_field::{MomentDraft, MomentField};
use crate::api::{ApiError, noise, use_api};
use crate::browser;
use crate::components::button::{Button, ButtonKind};
use crate::components::dialog::{Actions, Dialog};
use crate::components::form::{Choice, Field, FormError, OtherErrors, Submission, Toggle};
use crate::components::intervals::{IntervalRow, Intervals, Words};
use crate::components::toast::use_toasts;
use crate::state::preferences::use_preferences;

const HOUR_MS: i64 = 3_600_000;
const WORDS: Words = Words {
    legend: "Open at these times",
    add: "Add a time",
    from: "02:00",
    to: "04:00",
};
/// The values of the choice between both schedules.
const ONCE: &str = "once";
const AGAIN: &str = "again";

#[derive(Clone, Copy)]
struct Draft {
    name: RwSignal<String>,
    matchers: RwSignal<String>,
    kind: RwSignal<String>,
    from: MomentDraft,
    until: MomentDraft,
    intervals: RwSignal<Vec<IntervalRow>>,
    comment: RwSignal<String>,
    enabled: RwSignal<bool>,
}

impl Draft {
    fn of(window: Option<&WindowInput>) -> Self {
        let now = browser::now();
        let mut kind = ONCE;
        let mut span = (now, now.plus_ms(HOUR_MS));
        let mut intervals = Vec::new();
        match window.map(|it| it.schedule.clone()) {
            Some(WindowSchedule::Once { starts_at, ends_at }) => span = (starts_at, ends_at),
            Some(WindowSchedule::Recurring { intervals: kept }) => {
                kind = AGAIN;
                intervals = IntervalRow::all(kept);
            }
            None => {}
        }
        let matchers = window.map(|it| conditions::in_words(&it.matchers));
        Self {
            name: RwSignal::new(window.map(|it| it.name.clone()).unwrap_or_default()),
            matchers: RwSignal::new(matchers.unwrap_or_default()),
            kind: RwSignal::new(kind.to_owned()),
            from: MomentDraft::of(Some(span.0)),
            until: MomentDraft::of(Some(span.1)),
            intervals: RwSignal::new(intervals),
            comment: RwSignal::new(window.map(|it| it.comment.clone()).unwrap_or_default()),
            enabled: RwSignal::new(window.is_none_or(|it| it.enabled)),
        }
    }

    fn is_once(self) -> bool {
        self.kind.with(|kind| kind == ONCE)
    }

    fn wanted(self) -> Result<WindowInput, ApiError> {
        let schedule = if untrack(|| self.is_once()) {
            WindowSchedule::Once {
                starts_at: self.from.needed("schedule.starts_at")?,
                ends_at: self.until.needed("schedule.ends_at")?,
            }
        } else {
            let rows = self.intervals.get_untracked();
            let intervals: Result<Vec<_>, String> =
                rows.iter().map(IntervalRow::interval).collect();
            WindowSchedule::Recurring {
                intervals: intervals.map_err(no_interval)?,
            }
        };
        Ok(WindowInput {
            name: self.name.get_untracked().trim().to_owned(),
            matchers: conditions::read("matchers", &self.matchers.get_untracked())?,
            schedule,
            comment: self.comment.get_untracked().trim().to_owned(),
            enabled: self.enabled.get_untracked(),
        })
    }
}

fn no_interval(message: String) -> ApiError {
    ApiError::Invalid {
        fields: vec![FieldError::new("schedule.intervals", &*message)],
        detail: message,
    }
}

/// The form, for a new window or one that is there.
#[component]
pub fn WindowDialog(
    /// The one that is there.
    window: Option<MaintenanceWindow>,
    /// The person closed it.
    #[prop(into)]
    on_close: Callback<()>,
    /// It was kept.
    #[prop(into)]
    on_done: Callback<()>,
) -> impl IntoView {
    let (api, toasts) = (use_api(), use_toasts());
    let form = Submission::new();
    let draft = Draft::of(window.as_ref().map(|it| &it.input));
    let seen = window.as_ref().map(|it| (it.id, it.version));
    let title = match window {
        Some(window) => format!("Edit {}", window.input.name),
        None => "Add a maintenance window".to_owned(),
    };
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let keep = async move |wanted| noise::keep_window(api, seen, &wanted).await;
        form.send_entered(draft.wanted(), keep, move |kept: MaintenanceWindow| {
            toasts.saved(&kept.input.name);
            on_done.run(());
        });
    };
    view! {
        <Dialog title on_close>
            <form class="form" on:submit=submit>
                <Field
                    id="window-name"
                    label="Name"
                    value=draft.name
                    error=form.field("name")
                    first=true
                />
                <Field
                    id="window-matchers"
                    label="Holds back alerts with"
                    value=draft.matchers
                    hint="Such as server=\"web-1\" or group=\"shop\". Empty: every alert."
                    error=form.field("matchers")
                />
                <When draft form />
                <Field
                    id="window-comment"
                    label="Comment"
                    value=draft.comment
                    error=form.field("comment")
                />
                <Toggle id="window-enabled" label="It is in force" value=draft.enabled />
                <OtherErrors
                    of=form
                    besides=&[
                        "name",
                        "matchers",
                        "comment",
                        "schedule.starts_at",
                        "schedule.ends_at",
                        "schedule.intervals",
                    ]
                />
                <FormError of=form />
                <Actions>
                    <Button on_press=move |_| on_close.run(())>"Cancel"</Button>
                    <Button kind=ButtonKind::Main busy=form.busy()>
                        "Save the window"
                    </Button>
                </Actions>
            </form>
        </Dialog>
    }
}

/// Once or again and again, and the times of it.
#[component]
fn When(draft: Draft, form: Submission) -> impl IntoView {
    let zone = StoredValue::new(use_preferences().zone_or_own());
    let kinds = [(ONCE, "Once"), (AGAIN, "Again and again")];
    let kinds = kinds.map(|(name, word)| (name.to_owned(), word.to_owned()));
    let again = move || {
        view! {
            <Intervals
                rows=draft.intervals
                words=WORDS
                zone=zone.get_value()
                error=form.field("schedule.intervals")
            />
        }
    };
    view! {
        <Choice id="window-kind" label="Opens" options=kinds.to_vec() value=draft.kind />
        <Show when=move || draft.is_once() fallback=again>
            <MomentField
                id="window-from"
                label="From"
                draft=draft.from
                error=form.field("schedule.starts_at")
            />
            <MomentField
                id="window-until"
                label="Until"
                draft=draft.until
                error=form.field("schedule.ends_at")
            />
        </Show>
    }
}
