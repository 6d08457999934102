//! Why the server does not take an expression, and where in it; never how to mend it.

use leptos::prelude::*;

use crate::components::icon::Icon;
use crate::pages::explore::query::fault::{Fault, Place};

/// The id of the problem: the editor is described by it.
pub const PROBLEM: &str = "query-problem";

/// What is wrong, below the editor; nothing while all is well.
#[component]
pub fn Problem(
    /// What is wrong.
    fault: Memo<Option<Fault>>,
) -> impl IntoView {
    let shown = move || {
        fault.get().map(|Fault { what, place }| {
            let at = place
                .as_ref()
                .map(|place| format!("Line {}, character {}: ", place.line, place.column));
            view! {
                <p class="query__wrong">{Icon::Critical.small()} <span>{at} {what}</span></p>
                {place.map(marked)}
            }
        })
    };
    view! {
        <div id=PROBLEM role="alert" class="query__problem">
            {shown}
        </div>
    }
}

/// The line with what is wrong in it marked.
fn marked(place: Place) -> impl IntoView {
    let Place {
        before,
        wrong,
        after,
        ..
    } = place;
    // At the end of a line there is nothing to mark but the place.
    let wrong = Some(wrong).filter(|it| !it.is_empty());
    let wrong = wrong.unwrap_or_else(|| " ".to_owned());
    view! {
        <pre class="query__place values">
            {before}<mark class="query__mark">{wrong}</mark>{after}
        </pre>
    }
}
