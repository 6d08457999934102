//! Why there is an alert, who was told of it, and why one was or was not; never the alert itself.

use common::access::Permission;
use common::api::alerts::{AlertExplanation, ExplainedKind, ExplainedStep, ToldYou, WhyNot};
use common::ids::AlertId;
use leptos::prelude::*;
use leptos_router::components::A;

use super::words::change_word;
use crate::api::alerts;
use crate::components::icon::Icon;
use crate::components::load_view::load_view;
use crate::components::page::Panel;
use crate::components::skeleton::Shape;
use crate::moments::Style;
use crate::state::load::Load;
use crate::state::preferences::use_preferences;
use crate::state::session::use_session;

/// The panel.
#[component]
pub fn Why(
    /// The alert.
    id: AlertId,
    /// Grows when it has changed.
    #[prop(into)]
    changes: Signal<u32>,
    /// Stands at the right of its head.
    #[prop(optional, into)]
    aside: ViewFn,
) -> impl IntoView {
    let load = Load::new(move |api| {
        changes.track();
        alerts::explain(api, id)
    });
    view! {
        <Panel title="Why was I told?" aside=(move || aside.run()).into_any()>
            {load_view(load, Shape::Rows(2), move |found, _| view! { <Explanation id found /> })}
        </Panel>
    }
}

#[component]
fn Explanation(id: AlertId, found: AlertExplanation) -> impl IntoView {
    let session = use_session();
    let log = format!("/alerts/notifications?view=log&alert={id}");
    let AlertExplanation { trace, you } = found;
    view! {
        <ol class="why">
            {trace.into_iter().map(|step| view! { <Link step /> }).collect_view()}
        </ol>
        <ul class="told">{you.into_iter().map(|told| view! { <Told told /> }).collect_view()}</ul>
        <Show when=move || session.may(Permission::NotificationsRead)>
            <p class="why__log">
                <A href=log.clone()>"What the channels said"</A>
            </p>
        </Show>
    }
}

#[component]
fn Link(step: ExplainedStep) -> impl IntoView {
    let preferences = use_preferences();
    let (icon, kind) = match step.kind {
        ExplainedKind::Held | ExplainedKind::Cooldown => (Icon::Pause, "held"),
        ExplainedKind::Waiting => (Icon::Clock, "waiting"),
        ExplainedKind::Person => (Icon::User, "plain"),
        ExplainedKind::Crossed | ExplainedKind::Step | ExplainedKind::Decided => {
            (Icon::Alert, "plain")
        }
        ExplainedKind::Answered => (Icon::Bell, "plain"),
        ExplainedKind::Waited | ExplainedKind::Told => (Icon::Check, "done"),
    };
    let at = step.at;
    view! {
        <li class=format!("why__step why__step--{kind}")>
            {icon.small()}
            <span>{step.text}</span>
            <time class="muted" datetime=at.to_rfc3339()>
                {move || preferences.moment(at, Style::Second)}
            </time>
        </li>
    }
}

#[component]
fn Told(told: ToldYou) -> impl IntoView {
    let preferences = use_preferences();
    let change = change_word(told.change);
    let (told_at, why_not) = (told.told_at, told.why_not);
    let said = move || match (told_at, why_not) {
        (Some(at), _) => format!(
            "in your inbox since {}",
            preferences.moment(at, Style::Second)
        ),
        (None, Some(why)) => reason(why).to_owned(),
        (None, None) => "no message".to_owned(),
    };
    view! {
        <li>
            <strong>{change}</strong>
            ": "
            {said}
        </li>
    }
}

const fn reason(why: WhyNot) -> &'static str {
    match why {
        WhyNot::DoneByYou => "you did it yourself",
        WhyNot::NeverTold => "stands in the history alone, nobody is told of it",
        WhyNot::Flapping => "held back while the alert was flapping",
        WhyNot::HeldBack => "held back by a silence, a maintenance window or another alert",
        WhyNot::Waiting => "waits to be told",
        WhyNot::NotThere => "went out without you: you could not see this alert then",
    }
}
