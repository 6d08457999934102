//! What people say to an alert and who looks after it; never what a rule did.

use common::access::Permission;
use common::api::alerts::{AlertAssignment, AlertSaying};
use common::api::people::Person;
use common::ids::{AlertId, UserId};
use leptos::ev::SubmitEvent;
use leptos::prelude::*;

use crate::api::alerts;
use crate::components::button::Button;
use crate::components::form::{Field, FormError, Submission};
use crate::components::toast::use_toasts;
use crate::state::alerts::use_alerts;
use crate::state::session::use_session;

/// The line to say something, for those who may act on alerts.
#[component]
pub fn SayForm(
    /// The alert.
    id: AlertId,
    /// Whether there is something to say to: it has fired.
    is_open: bool,
    /// What was typed so far; kept while the page is read anew.
    said: RwSignal<String>,
    /// Reads the alert anew.
    #[prop(into)]
    on_said: Callback<()>,
) -> impl IntoView {
    let session = use_session();
    let api = session.api();
    let form = Submission::new();
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let comment = said.get_untracked().trim().to_owned();
        let saying = AlertSaying { comment };
        let request = async move { alerts::comment(api, id, &saying).await };
        form.send(request, move |_| {
            said.set(String::new());
            on_said.run(());
        });
    };
    view! {
        <Show when=move || is_open && session.may(Permission::AlertsAct)>
            <form class="say" on:submit=submit>
                <Field
                    id="alert-say"
                    label="Comment"
                    value=said
                    error=form.field("comment")
                />
                <Button busy=form.busy()>"Say it"</Button>
                <FormError of=form />
            </form>
        </Show>
    }
}

/// Who looks after it; a choice for those who may act on alerts.
#[component]
pub fn Assignee(
    /// The alert.
    id: AlertId,
    /// Who looks after it now.
    present: Option<UserId>,
    /// Everybody with a login; empty for those who may not know.
    people: Signal<Vec<Person>>,
    /// The name of the present one, for those who may not choose.
    #[prop(into)]
    name: Signal<String>,
    /// Reads the alert anew.
    #[prop(into)]
    on_given: Callback<()>,
) -> impl IntoView {
    let session = use_session();
    let may = Memo::new(move |_| {
        session.may(Permission::AlertsAct) && people.with(|people| !people.is_empty())
    });
    view! {
        <Show when=move || may.get() fallback=move || name.get()>
            <select
                class="field__input field__input--select assignee"
                aria-label="Who looks after it"
                on:change=move |event| give(id, event_target_value(&event).parse().ok(), on_given)
            >
                <option value="" selected=present.is_none()>
                    "Nobody"
                </option>
                {move || {
                    people
                        .get()
                        .into_iter()
                        .map(|person| {
                            view! {
                                <option
                                    value=person.id.to_string()
                                    selected=present == Some(person.id)
                                >
                                    {person.display_name}
                                </option>
                            }
                        })
                        .collect_view()
                }}
            </select>
        </Show>
    }
}

fn give(id: AlertId, user_id: Option<UserId>, on_given: Callback<()>) {
    let (alerts, toasts) = (use_alerts(), use_toasts());
    let api = use_session().api();
    crate::reactive::spawn(async move {
        let assignment = AlertAssignment {
            user_id,
            comment: None,
        };
        match alerts::assign(api, id, &assignment).await {
            Ok(changed) => alerts.amend(changed),
            Err(error) => toasts.failed("The alert was not given.", &error),
        }
        on_given.try_run(());
    });
}
