//! A field for day and time; never in another time zone than the person's.

use common::problem::FieldError;
use common::time::UnixMs;
use leptos::prelude::*;

use crate::api::ApiError;
use crate::local_time;
use crate::state::preferences::use_preferences;

/// What was typed as a moment.
#[derive(Clone, Copy)]
pub struct MomentDraft {
    text: RwSignal<String>,
    zone: StoredValue<Option<String>>,
}

impl MomentDraft {
    /// The field shows this moment; `None`: it is empty.
    pub fn of(at: Option<UnixMs>) -> Self {
        let zone = untrack(|| use_preferences().time_zone());
        let text = at.map(|at| local_time::to_field(at, zone.as_deref()));
        Self {
            text: RwSignal::new(text.unwrap_or_default()),
            zone: StoredValue::new(zone),
        }
    }

    /// The moment; `None` when the field is empty.
    pub fn moment(self, field: &str) -> Result<Option<UnixMs>, ApiError> {
        let text = self.text.get_untracked();
        if text.is_empty() {
            return Ok(None);
        }
        let at = self
            .zone
            .with_value(|zone| local_time::from_field(&text, zone.as_deref()));
        at.map(Some).ok_or_else(|| no_moment(field))
    }

    /// The moment, which has to be there.
    pub fn needed(self, field: &str) -> Result<UnixMs, ApiError> {
        self.moment(field)?.ok_or_else(|| no_moment(field))
    }
}

fn no_moment(field: &str) -> ApiError {
    let message = "must be a day and a time";
    ApiError::Invalid {
        fields: vec![FieldError::new(field, message)],
        detail: message.to_owned(),
    }
}

/// The field.
#[component]
pub fn MomentField(
    /// Its name in the page, unique within it.
    id: &'static str,
    /// Its label.
    label: &'static str,
    /// What was typed.
    draft: MomentDraft,
    /// What to know before typing.
    #[prop(optional)]
    hint: Option<&'static str>,
    /// What is wrong with it; `None` while nothing is.
    #[prop(into)]
    error: Signal<Option<String>>,
) -> impl IntoView {
    let hint = hint.map(|hint| view! { <p class="field__hint">{hint}</p> });
    view! {
        <div class="field">
            <label class="field__label" for=id>
                {label}
            </label>
            <input
                class="field__input"
                id=id
                name=id
                type="datetime-local"
                aria-invalid=move || error.with(Option::is_some).then_some("true")
                bind:value=draft.text
            />
            {move || error.get().map(|error| view! { <p class="field__error">{error}</p> })}
            {hint}
        </div>
    }
}
