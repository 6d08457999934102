//! The button that silences an alert, or shows by what it is silenced and ends that; never a list of silences.

use common::access::Permission;
use common::alert::{Alert, AlertState, Silence};
use common::ids::SilenceId;
use leptos::prelude::*;

use super::conditions;
use super::quick_silence::QuickSilence;
use crate::api::{Api, ApiError, noise};
use crate::components::button::Button;
use crate::components::dialog::Dialog;
use crate::components::form::{FormError, Submission};
use crate::components::load_view::load_view;
use crate::components::skeleton::Shape;
use crate::components::toast::use_toasts;
use crate::moments::Style;
use crate::state::alerts::use_alerts;
use crate::state::load::Load;
use crate::state::preferences::use_preferences;
use crate::state::session::use_session;

/// The button, for those who may, while the alert is not over.
#[component]
pub fn SilenceButton(
    /// The alert.
    alert: Alert,
) -> impl IntoView {
    let session = use_session();
    let opened = RwSignal::new(false);
    let is_over = alert.state == AlertState::Resolved;
    let is_silenced = !alert.silenced_by.is_empty();
    let name = format!(" {} on {}", alert.rule, alert.server);
    let alert = StoredValue::new(alert);
    let name = StoredValue::new(name);
    let close = move |()| {
        opened.try_set(false);
    };
    let above = move || {
        let alert = alert.get_value();
        if is_silenced {
            view! { <EndSilences alert on_close=close /> }.into_any()
        } else {
            view! { <QuickSilence alert on_close=close /> }.into_any()
        }
    };
    view! {
        <Show when=move || session.may(Permission::SilencesWrite) && !is_over>
            <Button on_press=move |_| opened.set(true)>
                {if is_silenced { "Silenced" } else { "Silence" }}
                <span class="unseen">{name.get_value()}</span>
            </Button>
            {move || opened.get().then(above)}
        </Show>
    }
}

/// The silences that hold the alert back, each with a button that ends it.
#[component]
fn EndSilences(alert: Alert, #[prop(into)] on_close: Callback<()>) -> impl IntoView {
    let ids = StoredValue::new(alert.silenced_by.clone());
    let load = Load::new(move |api| all(api, ids.get_value()));
    let title = format!("{} on {} is silenced", alert.rule, alert.server);
    let alert = StoredValue::new(alert);
    let list = move |silences: Vec<Silence>, _| {
        let entries = silences
            .into_iter()
            .map(|silence| view! { <EndSilence silence alert on_close /> });
        view! { <ul class="noted">{entries.collect_view()}</ul> }
    };
    view! { <Dialog title on_close>{load_view(load, Shape::Rows(1), list)}</Dialog> }
}

async fn all(api: Api, ids: Vec<SilenceId>) -> Result<Vec<Silence>, ApiError> {
    let mut silences = Vec::with_capacity(ids.len());
    for id in ids {
        silences.push(noise::silence(api, id).await?);
    }
    Ok(silences)
}

#[component]
fn EndSilence(
    silence: Silence,
    alert: StoredValue<Alert>,
    on_close: Callback<()>,
) -> impl IntoView {
    let (alerts, toasts, preferences) = (use_alerts(), use_toasts(), use_preferences());
    let api = use_session().api();
    let form = Submission::new();
    let (id, ends_at) = (silence.id, silence.ends_at);
    let end = move |_| {
        let mut alert = alert.get_value();
        form.send(noise::expire(api, id), move |()| {
            alert.silenced_by.retain(|it| *it != id);
            toasts.done("The silence has ended.");
            on_close.try_run(());
            alerts.amend(alert);
        });
    };
    view! {
        <li class="noted__one">
            <div class="noted__what">
                <span class="values">{conditions::in_words(&silence.matchers)}</span>
                <span class="muted">
                    "until " {move || preferences.moment(ends_at, Style::DayAndTime)}
                </span>
                {(!silence.comment.is_empty()).then_some(silence.comment)}
                <FormError of=form />
            </div>
            <Button busy=form.busy() on_press=end>
                "End it now"
            </Button>
        </li>
    }
}
