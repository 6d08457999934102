//! The delivery log: what went where, dead letters tried again; never what a message said.

use common::access::Permission;
use common::api::channels::Channel;
use common::api::deliveries::{Delivery, DeliveryFilter, DeliveryState, ResendDeliveries};
use common::ids::DeliveryId;
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_navigate, use_query_map};

use super::delivery_dialog::DeliveryDialog;
use super::fared::PeopleFared;
use super::log_filter::{STATES, path, read, state_of};
use super::log_row::DeliveryRow;
use super::views::Parts;
use super::words::state_word;
use crate::api::deliveries::{self, state_name};
use crate::api::{channels, use_api};
use crate::components::alerts::filter_bar::Filter;
use crate::components::button::Button;
use crate::components::icon::Icon;
use crate::components::load_view::{Empty, load_view};
use crate::components::skeleton::Shape;
use crate::components::toast::use_toasts;
use crate::reactive::{memo, spawn};
use crate::state::load::Load;
use crate::state::session::use_session;

/// What was read so far, and where it goes on.
#[derive(Debug, Clone, PartialEq)]
pub struct Pages {
    deliveries: Vec<Delivery>,
    next: Option<String>,
}

impl Pages {
    /// Puts a delivery in place of what was known of it.
    pub fn replace(&mut self, changed: Delivery) {
        if let Some(known) = self.deliveries.iter_mut().find(|it| it.id == changed.id) {
            *known = changed;
        }
    }
}

/// The log with its filter.
#[component]
pub fn Log() -> impl IntoView {
    let query = use_query_map();
    let filter = memo(move || query.with(|query| read(|name| query.get(name))));
    let known = Load::new(channels::list);
    let opened = RwSignal::new(None::<DeliveryId>);
    let load = Load::new(move |api| {
        let filter = filter.get();
        async move {
            let page = deliveries::page(api, &filter, None).await?;
            Ok(Pages {
                deliveries: page.items,
                next: page.next_cursor,
            })
        }
    });
    view! {
        <div class="views-row">
            <Parts />
            <Buttons filter load />
        </div>
        <Filters filter known />
        {load_view(
            load,
            Shape::Rows(6),
            move |pages, load| {
                view! { <Listed pages load filter opened /> }
            },
        )}
        <PeopleFared />
        {move || opened.get().map(|id| view! { <DeliveryDialog id opened load /> })}
    }
}

/// Channel and state; an alert comes with its page's link.
#[component]
fn Filters(filter: Memo<DeliveryFilter>, known: Load<Vec<Channel>>) -> impl IntoView {
    let navigate = use_navigate();
    let show = StoredValue::new_local(move |next: &DeliveryFilter| {
        let options = NavigateOptions {
            scroll: false,
            ..NavigateOptions::default()
        };
        navigate(&path(next), options);
    });
    let change = move |edit: &dyn Fn(&mut DeliveryFilter)| {
        let mut next = filter.get_untracked();
        edit(&mut next);
        show.with_value(|show| show(&next));
    };
    let by_state = STATES.map(|it| (state_name(it).to_owned(), state_word(it).to_owned()));
    let by_state = StoredValue::new(by_state.to_vec());
    let by_channel = memo(move || {
        let of = |all: &Vec<Channel>| {
            let each = all.iter().map(|it| (it.id.to_string(), it.name.clone()));
            each.collect::<Vec<_>>()
        };
        known
            .state()
            .with(|loaded| loaded.value().map_or_else(Vec::new, of))
    });
    let about_alert = move || {
        filter.with(|filter| filter.alert.is_some()).then(|| {
            view! {
                <Button icon=Icon::Close on_press=move |_| change(&|next| next.alert = None)>
                    "Of one alert"
                    <span class="unseen">": show those of all"</span>
                </Button>
            }
        })
    };
    view! {
        <div class="filters" role="group" aria-label="Filter">
            <Filter
                label="State"
                all="Every state"
                options=move || by_state.get_value()
                chosen=move || filter.get().state.map(|it| state_name(it).to_owned())
                on_choose=move |name: String| change(&|next| next.state = state_of(&name))
            />
            <Filter
                label="Channel"
                all="Every channel"
                options=by_channel
                chosen=move || filter.get().channel.map(|it| it.to_string())
                on_choose=move |id: String| change(&|next| next.channel = id.parse().ok())
            />
            {about_alert}
        </div>
    }
}

/// Reads anew, and has all dead letters tried again.
#[component]
fn Buttons(filter: Memo<DeliveryFilter>, load: Load<Pages>) -> impl IntoView {
    let (api, session, toasts) = (use_api(), use_session(), use_toasts());
    let busy = RwSignal::new(false);
    let resend = move |_| {
        busy.set(true);
        let which = ResendDeliveries {
            channel: filter.get_untracked().channel,
        };
        spawn(async move {
            let answer = deliveries::resend_all(api, &which).await;
            busy.try_set(false);
            match answer {
                Ok(resent) => {
                    let more = if resent.more { " There are more." } else { "" };
                    toasts.done(format!("{} are tried again.{more}", resent.resent));
                    load.again();
                }
                Err(error) => toasts.failed("They stay dead.", &error),
            }
        });
    };
    let all = move || {
        let is_dead = filter.with(|filter| filter.state == Some(DeliveryState::Dead));
        (is_dead && session.may(Permission::ChannelsWrite)).then(|| {
            view! {
                <Button busy on_press=resend>
                    "Send all again"
                </Button>
            }
        })
    };
    view! {
        <div class="acts">
            {all}
            <Button icon=Icon::Refresh on_press=move |_| load.again()>
                "Read anew"
            </Button>
        </div>
    }
}

#[component]
fn Listed(
    pages: Pages,
    load: Load<Pages>,
    filter: Memo<DeliveryFilter>,
    opened: RwSignal<Option<DeliveryId>>,
) -> impl IntoView {
    let (api, toasts) = (use_api(), use_toasts());
    let busy = RwSignal::new(false);
    let next = StoredValue::new(pages.next);
    let more = move |_| {
        let Some(cursor) = next.get_value() else {
            return;
        };
        busy.set(true);
        let filter = filter.get_untracked();
        spawn(async move {
            let answer = deliveries::page(api, &filter, Some(&cursor)).await;
            busy.try_set(false);
            match answer {
                Ok(page) => load.amend(|pages| {
                    pages.deliveries.extend(page.items);
                    pages.next = page.next_cursor;
                }),
                Err(error) => toasts.failed("No more could be read.", &error),
            }
        });
    };
    if pages.deliveries.is_empty() {
        let text = "Every message that goes to a channel or an inbox is listed here, \
            with each attempt and what its receiver answered.";
        return view! {
            <div class="panel panel--flush">
                <Empty title="No deliveries" text />
            </div>
        }
        .into_any();
    }
    let rows = pages.deliveries.into_iter();
    let rows = rows.map(|delivery| view! { <DeliveryRow delivery load opened /> });
    view! {
        <div class="panel panel--flush">
            <table class="table table--cards delivery-table">
                <caption class="unseen">"Deliveries, the youngest first"</caption>
                <thead>
                    <tr>
                        <th>"Channel"</th>
                        <th>"State"</th>
                        <th>"When"</th>
                        <th>"Attempts"</th>
                        <th>"About"</th>
                        <th>
                            <span class="unseen">"Actions"</span>
                        </th>
                    </tr>
                </thead>
                <tbody>{rows.collect_view()}</tbody>
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
