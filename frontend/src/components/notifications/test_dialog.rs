//! A message sent now, and what its provider answers; never a channel's form.

use common::api::channels::{Channel, ChannelTest};
use leptos::prelude::*;

use super::Opened;
use super::words::{outcome, status_word};
use crate::api::{channels, use_api};
use crate::components::button::{Button, ButtonKind};
use crate::components::dialog::{Actions, Dialog};
use crate::components::form::{FormError, Submission};
use crate::components::skeleton::{Shape, Skeleton};

/// Sends a message when asked to, and shows what came back.
#[component]
pub fn TestDialog(
    /// Where it goes.
    channel: Channel,
    /// Which dialog is open.
    opened: RwSignal<Option<Opened>>,
) -> impl IntoView {
    let api = use_api();
    let form = Submission::new();
    let answer = RwSignal::new(None::<ChannelTest>);
    let Channel { id, name, .. } = channel;
    let send = move |_| {
        answer.set(None);
        form.send(channels::test(api, id), move |came| {
            answer.try_set(Some(came));
        });
    };
    let busy = form.busy();
    view! {
        <Dialog title=format!("Test {name}") on_close=move |()| opened.set(None)>
            <p>
                "A message that says that the channel works is sent at once. "
                "Nobody is alarmed by it, and it is not in the delivery log."
            </p>
            <div role="status">
                {move || busy.get().then(|| view! { <Skeleton shape=Shape::Rows(2) /> })}
                {move || answer.get().map(|answer| view! { <Answered answer /> })}
            </div>
            <FormError of=form />
            <Actions>
                <Button on_press=move |_| opened.set(None)>"Close"</Button>
                <Button kind=ButtonKind::Main busy on_press=send>
                    {move || if answer.with(Option::is_some) { "Send again" } else { "Send the test" }}
                </Button>
            </Actions>
        </Dialog>
    }
}

/// How it went, in the provider's words.
#[component]
fn Answered(answer: ChannelTest) -> impl IntoView {
    let said = (!answer.answer.is_empty()).then_some(answer.answer);
    view! {
        <dl class="about answered">
            <dt>"Result"</dt>
            <dd>{outcome(answer.outcome)}</dd>
            <dt>"Status"</dt>
            <dd class="values">{status_word(answer.status)}</dd>
            <dt>"Time"</dt>
            <dd class="values">{answer.duration_ms} " ms"</dd>
            {said
                .map(|said| {
                    view! {
                        <dt>"Answer"</dt>
                        <dd class="values">{said}</dd>
                    }
                })}
            {answer
                .note
                .map(|note| {
                    view! {
                        <dt>"Note"</dt>
                        <dd>{note}</dd>
                    }
                })}
        </dl>
    }
}
