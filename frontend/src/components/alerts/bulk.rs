//! Doing the same to several alerts of a list; never choosing them.

use std::collections::BTreeSet;

use common::access::Permission;
use common::api::alerts::{BulkAction, BulkAnswer, BulkRequest};
use common::ids::AlertId;
use leptos::ev::SubmitEvent;
use leptos::prelude::*;

use crate::api::alerts;
use crate::components::button::{Button, ButtonKind};
use crate::components::dialog::{Actions, Dialog};
use crate::components::form::{Field, FormError, Submission};
use crate::components::toast::use_toasts;
use crate::state::alerts::use_alerts;
use crate::state::session::use_session;

/// Which alerts of a list are chosen.
pub type Chosen = RwSignal<BTreeSet<AlertId>>;

/// What can be done to those that are chosen; nothing while none is.
#[component]
pub fn BulkBar(
    /// The chosen ones that are still in the list.
    chosen: Signal<BTreeSet<AlertId>>,
    /// All of the list.
    all: Signal<BTreeSet<AlertId>>,
    /// Where they are kept.
    keep: Chosen,
) -> impl IntoView {
    let session = use_session();
    let opened = RwSignal::new(None::<BulkAction>);
    let count = move || chosen.with(BTreeSet::len);
    let acts = [
        (BulkAction::Acknowledge, "Acknowledge"),
        (BulkAction::Resolve, "Resolve"),
        (BulkAction::Comment, "Comment"),
    ];
    view! {
        <Show when=move || session.may(Permission::AlertsAct) && (count() > 0)>
            <div class="bulk" role="group" aria-label="Chosen alerts">
                <span class="bulk__count">{move || format!("{} chosen", count())}</span>
                {acts
                    .into_iter()
                    .map(|(act, word)| {
                        view! { <Button on_press=move |_| opened.set(Some(act))>{word}</Button> }
                    })
                    .collect_view()}
                <Button on_press=move |_| keep.set(all.get_untracked())>"Choose all"</Button>
                <Button on_press=move |_| keep.set(BTreeSet::new())>"Choose none"</Button>
            </div>
        </Show>
        {move || {
            opened
                .get()
                .map(|act| {
                    let ids = chosen.get_untracked();
                    view! { <BulkDialog act ids opened keep /> }
                })
        }}
    }
}

#[component]
fn BulkDialog(
    act: BulkAction,
    ids: BTreeSet<AlertId>,
    opened: RwSignal<Option<BulkAction>>,
    keep: Chosen,
) -> impl IntoView {
    let (alerts, toasts) = (use_alerts(), use_toasts());
    let api = use_session().api();
    let form = Submission::new();
    let comment = RwSignal::new(String::new());
    let (verb, done) = match act {
        BulkAction::Acknowledge => ("Acknowledge", "acknowledged"),
        BulkAction::Resolve => ("Resolve", "resolved"),
        BulkAction::Comment => ("Comment on", "commented on"),
        BulkAction::Assign => ("Give away", "given away"),
    };
    let title = format!("{verb} {}?", alerts_of(ids.len()));
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let said = comment.get_untracked().trim().to_owned();
        let request = BulkRequest {
            ids: ids.iter().copied().collect(),
            action: act,
            comment: (!said.is_empty()).then_some(said),
            user_id: None,
        };
        let request = async move { alerts::bulk(api, &request).await };
        form.send(request, move |answer: BulkAnswer| {
            let refused = answer
                .items
                .iter()
                .filter(|it| it.problem.is_some())
                .count();
            let taken = answer.items.len() - refused;
            for changed in answer.items.into_iter().filter_map(|it| it.alert) {
                alerts.amend(changed);
            }
            let rest = match refused {
                0 => String::new(),
                refused => format!(" {} could not be.", alerts_of(refused)),
            };
            toasts.done(format!("{} {}.{rest}", alerts_of(taken), was(taken, done)));
            opened.try_set(None);
            keep.try_set(BTreeSet::new());
        });
    };
    let is_needed = act == BulkAction::Comment;
    let hint = if is_needed {
        "Stays in the history of each."
    } else {
        "Optional; stays in the history of each."
    };
    view! {
        <Dialog title on_close=move |()| opened.set(None)>
            <form class="form" on:submit=submit>
                <Field
                    id="bulk-comment"
                    label="Comment"
                    value=comment
                    hint=hint
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

fn alerts_of(count: usize) -> String {
    match count {
        1 => "1 alert".to_owned(),
        count => format!("{count} alerts"),
    }
}

fn was(count: usize, done: &str) -> String {
    if count == 1 {
        format!("was {done}")
    } else {
        format!("were {done}")
    }
}
