//! The attempts of one delivery; never what it said.

use common::api::deliveries::{DeliveryAttempt, DeliveryDetail, DeliveryState};
use common::ids::DeliveryId;
use leptos::prelude::*;

use super::log::Pages;
use super::log_row::channel_name;
use super::words::{outcome, state, status_word};
use crate::api::deliveries;
use crate::components::button::Button;
use crate::components::dialog::{Actions, Dialog};
use crate::components::load_view::load_view;
use crate::components::skeleton::Shape;
use crate::moments::Style;
use crate::reactive::effect;
use crate::state::load::Load;
use crate::state::preferences::use_preferences;

/// Reads a delivery with its attempts.
#[component]
pub fn DeliveryDialog(
    /// The delivery.
    id: DeliveryId,
    /// The delivery whose attempts are shown.
    opened: RwSignal<Option<DeliveryId>>,
    /// The list that it belongs to.
    load: Load<Pages>,
) -> impl IntoView {
    let detail = Load::new(move |api| deliveries::read(api, id));
    // The row behind says the same.
    effect(move || {
        let read = detail.state();
        if let Some(known) = read.with(|read| read.value().map(|it| it.delivery.clone())) {
            untrack(|| load.amend(|pages| pages.replace(known)));
        }
    });
    view! {
        <Dialog title="Attempts" on_close=move |()| opened.set(None)>
            {load_view(
                detail,
                Shape::Rows(3),
                |detail, _| view! { <Attempts detail /> },
            )}
            <Actions>
                <Button on_press=move |_| detail.again()>"Read anew"</Button>
                <Button on_press=move |_| opened.set(None)>"Close"</Button>
            </Actions>
        </Dialog>
    }
}

#[component]
fn Attempts(detail: DeliveryDetail) -> impl IntoView {
    let preferences = use_preferences();
    let delivery = detail.delivery;
    let next = delivery
        .next_at
        .filter(|_| delivery.state == DeliveryState::Due);
    let tried = delivery.channel.is_some();
    let is_empty = detail.log.is_empty();
    let each = detail
        .log
        .into_iter()
        .map(|attempt| view! { <Attempt attempt /> });
    view! {
        <dl class="about">
            <dt>"To"</dt>
            <dd>{channel_name(&delivery)}</dd>
            <dt>"State"</dt>
            <dd>{state(delivery.state)}</dd>
            {delivery
                .reason
                .clone()
                .map(|why| {
                    view! {
                        <dt>"Because"</dt>
                        <dd>{why}</dd>
                    }
                })}
            {next
                .map(|at| {
                    view! {
                        <dt>"Tried next"</dt>
                        <dd>{move || preferences.moment(at, Style::DayAndTime)}</dd>
                    }
                })}
            <dt>"Key"</dt>
            <dd class="values">{delivery.id.to_string()}</dd>
        </dl>
        {(tried && is_empty).then(|| view! { <p class="muted">"It was not tried yet."</p> })}
        <ol class="attempts">{each.collect_view()}</ol>
    }
}

/// One attempt with what came back.
#[component]
fn Attempt(attempt: DeliveryAttempt) -> impl IntoView {
    let preferences = use_preferences();
    let at = attempt.at;
    view! {
        <li class="attempts__one">
            <p class="attempts__head">
                <span class="muted">{attempt.number} "."</span>
                {outcome(attempt.outcome)}
                <span class="values">{status_word(attempt.status)}</span>
                <span class="muted nowrap">{attempt.duration_ms} " ms"</span>
                <time class="muted" datetime=at.to_rfc3339()>
                    {move || preferences.moment(at, Style::DayAndTime)}
                </time>
            </p>
            {(!attempt.answer.is_empty()).then(|| view! { <p class="attempts__said values">{attempt.answer}</p> })}
            {attempt.note.map(|note| view! { <p class="attempts__said muted">{note}</p> })}
        </li>
    }
}
