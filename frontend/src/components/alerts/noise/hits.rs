//! Which alerts that fire conditions would hold back, while they are typed; never holds one back.

use std::time::Duration;

use common::alert::{Alert, LabelMatch};
use leptos::leptos_dom::helpers::TimeoutHandle;
use leptos::prelude::*;

use super::conditions;
use crate::api::noise;
use crate::components::alerts::words::labels;
use crate::reactive::effect;
use crate::state::load::{Load, Loaded};

/// Typing rests when nothing was typed for so long.
const REST: Duration = Duration::from_millis(300);
/// So many are named.
const NAMED: usize = 5;

/// A line about them.
#[component]
pub fn Hits(
    /// What is typed.
    text: RwSignal<String>,
) -> impl IntoView {
    let rested = rested(text);
    let load = Load::new(move |api| {
        let wanted = rested.get();
        async move {
            match wanted {
                Some(matchers) => noise::hits(api, matchers).await.map(Some),
                None => Ok(None),
            }
        }
    });
    let said = move || match load.state().get() {
        Loaded::Ready(Some(alerts)) => in_words(&alerts),
        _ => String::new(),
    };
    view! { <p class="field__hint" role="status">{said}</p> }
}

/// The conditions once typing rests; `None` while they are none.
fn rested(text: RwSignal<String>) -> ReadSignal<Option<LabelMatch>> {
    let wanted = move || {
        let read = text.with(|text| conditions::read("", text).ok());
        read.filter(|read| !read.is_empty())
    };
    let (rested, set_rested) = signal(untrack(wanted));
    let timer = StoredValue::new(None::<TimeoutHandle>);
    effect(move || {
        let next = wanted();
        if let Some(timer) = timer.get_value() {
            timer.clear();
        }
        if rested.get_untracked() == next {
            return;
        }
        let take = move || {
            set_rested.try_set(next.clone());
        };
        timer.set_value(set_timeout_with_handle(take, REST).ok());
    });
    rested
}

fn in_words(alerts: &[Alert]) -> String {
    if alerts.is_empty() {
        return "No alert that fires now is meant.".to_owned();
    }
    let name = |alert: &Alert| match labels(alert) {
        none if none.is_empty() => format!("{} on {}", alert.rule, alert.server),
        labels => format!("{} on {} ({labels})", alert.rule, alert.server),
    };
    let named: Vec<String> = alerts.iter().take(NAMED).map(name).collect();
    let named = named.join("; ");
    match alerts.len().saturating_sub(NAMED) {
        0 => format!("Fires now and is meant: {named}."),
        more => format!("Fire now and are meant: {named}, and {more} more."),
    }
}
