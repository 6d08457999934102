//! Taking and ending an alert, with a comment; never for those who may not.

use common::access::Permission;
use common::alert::{Alert, AlertState};
use common::api::alerts::AlertAction;
use leptos::ev::SubmitEvent;
use leptos::prelude::*;

use crate::api::alerts::{self, Act};
use crate::components::button::{Button, ButtonKind};
use crate::components::dialog::{Actions, Dialog};
use crate::components::form::{Field, FormError, Submission};
use crate::components::toast::use_toasts;
use crate::state::alerts::use_alerts;
use crate::state::session::use_session;

/// The buttons for what can be done to an alert now, for those who may.
#[component]
pub fn ActButtons(
    /// The alert.
    alert: Alert,
) -> impl IntoView {
    let session = use_session();
    let opened = RwSignal::new(None::<Act>);
    let alert = StoredValue::new(alert);
    let state = alert.with_value(|alert| alert.state);
    let name = move || alert.with_value(|alert| format!(" {} on {}", alert.rule, alert.server));
    let acts: &'static [(Act, &'static str)] = match state {
        AlertState::Firing => &[(Act::Acknowledge, "Acknowledge"), (Act::Resolve, "Resolve")],
        AlertState::Acknowledged => &[(Act::Resolve, "Resolve")],
        AlertState::Pending | AlertState::Resolved => &[],
    };
    view! {
        <Show when=move || session.may(Permission::AlertsAct) && !acts.is_empty()>
            <span class="acts">
                {acts
                    .iter()
                    .map(|(act, word)| {
                        view! {
                            <Button on_press=move |_| opened.set(Some(*act))>
                                {*word} <span class="unseen">{name()}</span>
                            </Button>
                        }
                    })
                    .collect_view()}
            </span>
            {move || {
                opened
                    .get()
                    .map(|act| view! { <ActDialog alert=alert.get_value() act opened /> })
            }}
        </Show>
    }
}

#[component]
fn ActDialog(alert: Alert, act: Act, opened: RwSignal<Option<Act>>) -> impl IntoView {
    let (alerts, toasts) = (use_alerts(), use_toasts());
    // The answer must be taken in even when the page is left meanwhile.
    let api = use_session().api();
    let form = Submission::new();
    let comment = RwSignal::new(String::new());
    let id = alert.id;
    let (verb, done) = match act {
        Act::Acknowledge => ("Acknowledge", "acknowledged"),
        Act::Resolve => ("Resolve", "resolved"),
    };
    let name = format!("{} on {}", alert.rule, alert.server);
    let title = format!("{verb} {name}?");
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let said = comment.get_untracked().trim().to_owned();
        let action = AlertAction {
            comment: (!said.is_empty()).then_some(said),
        };
        let request = async move { alerts::act(api, id, act, &action).await };
        let name = name.clone();
        // The row with this dialog goes with the change, and may be gone already: nothing of it is used.
        form.send(request, move |changed| {
            toasts.done(format!("{name} was {done}."));
            opened.try_set(None);
            alerts.amend(changed);
        });
    };
    view! {
        <Dialog
            title
            on_close=move |()| opened.set(None)
        >
            <p class="muted">{alert.message.clone()}</p>
            <form class="form" on:submit=submit>
                <Field
                    id="act-comment"
                    label="Comment"
                    value=comment
                    hint="Optional; stays in the alert's history."
                    error=form.field("comment")
                    first=true
                />
                <FormError of=form />
                <Actions>
                    <Button on_press=move |_| opened.set(None)>"Cancel"</Button>
                    <Button kind=ButtonKind::Main busy=form.busy()>
                        {verb}
                    </Button>
                </Actions>
            </form>
        </Dialog>
    }
}
