//! What fired, newest first, page by page; never by itself renewed under the reader's eyes.

use common::alert::{Alert, AlertState};
use common::api::alerts::AlertFilter;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::filter_bar::{FilterBar, use_filter};
use super::row::{AlertHeads, AlertRow};
use crate::api::{alerts, use_api};
use crate::components::button::Button;
use crate::components::load_view::{Empty, load_view};
use crate::components::skeleton::Shape;
use crate::components::toast::use_toasts;
use crate::state::load::Load;

/// The states that an alert in this list can have.
const STATES: &[AlertState] = &[
    AlertState::Firing,
    AlertState::Acknowledged,
    AlertState::Resolved,
];

/// What was read so far, and where it goes on.
#[derive(Debug, Clone, PartialEq)]
struct Pages {
    alerts: Vec<Alert>,
    next: Option<String>,
}

/// The list with its filter.
#[component]
pub fn HistoryList() -> impl IntoView {
    let filter = use_filter();
    let load = Load::new(move |api| {
        let filter = filter.get();
        async move {
            let page = alerts::history(api, &filter, None).await?;
            Ok(Pages {
                alerts: page.items,
                next: page.next_cursor,
            })
        }
    });
    view! {
        <FilterBar path="/alerts/history" states=STATES />
        {load_view(
            load,
            Shape::Rows(6),
            move |pages, load| {
                view! { <Listed pages load filter /> }
            },
        )}
    }
}

#[component]
fn Listed(pages: Pages, load: Load<Pages>, filter: Memo<AlertFilter>) -> impl IntoView {
    let (api, toasts) = (use_api(), use_toasts());
    let busy = RwSignal::new(false);
    let next = StoredValue::new(pages.next);
    let more = move |_| {
        let Some(cursor) = next.get_value() else {
            return;
        };
        busy.set(true);
        let filter = filter.get_untracked();
        spawn_local(async move {
            let answer = alerts::history(api, &filter, Some(&cursor)).await;
            busy.try_set(false);
            match answer {
                Ok(page) => load.amend(|pages| {
                    pages.alerts.extend(page.items);
                    pages.next = page.next_cursor;
                }),
                Err(error) => toasts.failed("No more could be read.", &error),
            }
        });
    };
    if pages.alerts.is_empty() {
        return view! {
            <div class="panel panel--flush">
                <Empty title="Nothing fired" text="What fires is kept here when it is over." />
            </div>
        }
        .into_any();
    }
    view! {
        <div class="panel panel--flush">
            <table class="table table--cards alert-table">
                <caption class="unseen">"Alerts that fired, newest first"</caption>
                <AlertHeads />
                <tbody>
                    {pages.alerts.into_iter().map(|alert| view! { <AlertRow alert /> }).collect_view()}
                </tbody>
            </table>
        </div>
        <Show when=move || next.with_value(Option::is_some)>
            <div class="more">
                <Button busy on_press=more>
                    "Show older ones"
                </Button>
            </div>
        </Show>
    }
    .into_any()
}
