//! One delivery as a row, or as a card on a phone; never its attempts.

use common::access::Permission;
use common::api::deliveries::{Delivery, DeliveryState};
use common::ids::{AlertId, DeliveryId};
use leptos::prelude::*;
use leptos_router::components::A;

use super::log::Pages;
use super::words::state;
use crate::api::{deliveries, use_api};
use crate::components::alerts::words::alert_path;
use crate::components::button::{Button, ButtonKind};
use crate::components::toast::use_toasts;
use crate::format::took;
use crate::moments::Style;
use crate::reactive::spawn;
use crate::state::load::Load;
use crate::state::preferences::use_preferences;
use crate::state::session::use_session;

/// One delivery.
#[component]
pub fn DeliveryRow(
    /// The delivery.
    delivery: Delivery,
    /// Where it was read.
    load: Load<Pages>,
    /// The delivery whose attempts are shown.
    opened: RwSignal<Option<DeliveryId>>,
) -> impl IntoView {
    let preferences = use_preferences();
    let (id, at) = (delivery.id, delivery.created_at);
    let name = channel_name(&delivery);
    let other_name = name.clone();
    let arrived = delivery
        .ended_at
        .filter(|_| delivery.state == DeliveryState::Delivered);
    #[expect(clippy::cast_precision_loss, reason = "nobody waits for so long")]
    let after = arrived.map(|end| {
        let ms = end.since_ms(delivery.changed_at).max(0);
        format!("after {}", took(ms as f64 / 1_000.0))
    });
    // The inboxes are not tried: they are in the database.
    let attempts = delivery.channel.map(|_| delivery.attempts.to_string());
    let attempts = attempts.into_iter().chain(after).collect::<Vec<_>>();
    view! {
        <tr>
            <td data-label="Channel">
                <span>
                    <span class="table__name">{name}</span>
                    {delivery.is_fallback.then(|| view! { <span class="tag tag--after">"fall-back"</span> })}
                </span>
            </td>
            <td data-label="State">
                <span>
                    {state(delivery.state)}
                    {delivery
                        .reason
                        .clone()
                        .map(|why| view! { <span class="delivery__why muted">{why}</span> })}
                </span>
            </td>
            <td data-label="When">
                <time class="nowrap" datetime=at.to_rfc3339()>
                    {move || preferences.moment(at, Style::DayAndTime)}
                </time>
            </td>
            <td data-label="Attempts" class="muted nowrap">
                {attempts.join(", ")}
            </td>
            <td data-label="About">
                <About alerts=delivery.alerts />
            </td>
            <td class="table__actions">
                {(delivery.state == DeliveryState::Dead || delivery.state == DeliveryState::Dropped)
                    .then(|| view! { <Resend id load name=other_name.clone() /> })}
                <Button kind=ButtonKind::Quiet on_press=move |_| opened.set(Some(id))>
                    "Attempts"
                    <span class="unseen">" of the delivery to " {other_name.clone()}</span>
                </Button>
            </td>
        </tr>
    }
}

/// Where it goes.
pub fn channel_name(delivery: &Delivery) -> String {
    match (&delivery.channel_name, delivery.channel) {
        (Some(name), _) => name.clone(),
        (None, Some(_)) => "a removed channel".to_owned(),
        (None, None) => "Inbox".to_owned(),
    }
}

/// The alerts, the first ones as links.
#[component]
fn About(alerts: Vec<AlertId>) -> impl IntoView {
    let (first, count) = (alerts.first().copied(), alerts.len());
    let word = if count > 1 {
        format!("{count} alerts")
    } else {
        "the alert".to_owned()
    };
    first.map(|id| view! { <A href=alert_path(id)>{word}</A> })
}

/// Has it tried again.
#[component]
fn Resend(id: DeliveryId, load: Load<Pages>, name: String) -> impl IntoView {
    let (api, session, toasts) = (use_api(), use_session(), use_toasts());
    let busy = RwSignal::new(false);
    let resend = move |_| {
        busy.set(true);
        spawn(async move {
            let answer = deliveries::resend(api, id).await;
            busy.try_set(false);
            match answer {
                Ok(detail) => {
                    toasts.done("It is tried again.");
                    load.amend(|pages| pages.replace(detail.delivery));
                }
                Err(error) => toasts.failed("It stays as it was.", &error),
            }
        });
    };
    move || {
        let name = name.clone();
        session.may(Permission::ChannelsWrite).then(|| {
            view! {
                <Button kind=ButtonKind::Quiet busy on_press=resend>
                    "Send again"
                    <span class="unseen">" to " {name}</span>
                </Button>
            }
        })
    }
}
