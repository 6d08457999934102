//! States and outcomes of messages in words; never a decision.

use common::api::deliveries::{AttemptOutcome, DeliveryState};
use leptos::prelude::*;

use crate::components::icon::Icon;
use crate::format::took;

/// How an attempt went, as a shape and a word.
pub fn outcome(outcome: AttemptOutcome) -> impl IntoView {
    let (class, icon, word) = match outcome {
        AttemptOutcome::Delivered => ("status status--ok", Icon::Healthy, "Delivered"),
        AttemptOutcome::Failed => ("status status--warning", Icon::Alert, "Failed"),
        AttemptOutcome::Refused => ("status status--critical", Icon::Critical, "Refused"),
        AttemptOutcome::Gone => ("status status--critical", Icon::Critical, "Wants no more"),
    };
    view! { <span class=class>{icon.small()} {word}</span> }
}

/// Where a delivery stands, as a shape and a word.
pub fn state(state: DeliveryState) -> impl IntoView {
    let (class, icon) = match state {
        DeliveryState::Due => ("status status--warning", Icon::Clock),
        DeliveryState::Delivered => ("status status--ok", Icon::Healthy),
        DeliveryState::Dead => ("status status--critical", Icon::Critical),
        DeliveryState::Dropped => ("status status--paused", Icon::Pause),
    };
    view! { <span class=class>{icon.small()} {state_word(state)}</span> }
}

/// Where a delivery stands.
pub const fn state_word(state: DeliveryState) -> &'static str {
    match state {
        DeliveryState::Due => "On its way",
        DeliveryState::Delivered => "Delivered",
        DeliveryState::Dead => "Dead letter",
        DeliveryState::Dropped => "Dropped",
    }
}

/// The status of an answer.
pub fn status_word(status: Option<i32>) -> String {
    status.map_or_else(|| "no answer".to_owned(), |status| status.to_string())
}

/// Some milliseconds, as short as can be.
pub fn delay(ms: Option<i64>) -> String {
    #[expect(clippy::cast_precision_loss, reason = "nobody waits for so long")]
    let seconds = |ms: i64| ms.max(0) as f64 / 1_000.0;
    ms.map_or_else(|| "–".to_owned(), |ms| took(seconds(ms)))
}
