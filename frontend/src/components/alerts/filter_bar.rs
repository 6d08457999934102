//! The filter above a list of alerts, kept in the address; never the list.

use common::alert::{AlertState, Severity};
use common::api::alerts::AlertFilter;
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_navigate, use_query_map};

use super::filter;
use super::words::state_word;
use crate::reactive::memo;
use crate::state::fleet::use_fleet;

/// The filter that the address asks for.
pub fn use_filter() -> Memo<AlertFilter> {
    let query = use_query_map();
    Memo::new(move |_| query.with(|query| filter::read(|name| query.get(name))))
}

/// Text, state, severity, server.
#[component]
pub fn FilterBar(
    /// The address of the list.
    path: &'static str,
    /// The states that can be in the list.
    states: &'static [AlertState],
) -> impl IntoView {
    let asked = use_filter();
    let fleet = use_fleet();
    let navigate = use_navigate();
    let show = move |next: &AlertFilter| {
        let options = NavigateOptions {
            scroll: false,
            ..NavigateOptions::default()
        };
        navigate(&format!("{path}{}", filter::write(next)), options);
    };
    let show = StoredValue::new_local(show);
    let change = move |edit: &dyn Fn(&mut AlertFilter)| {
        let mut next = asked.get_untracked();
        edit(&mut next);
        show.with_value(|show| show(&next));
    };
    let by_state = states
        .iter()
        .map(|it| (it.as_str().to_owned(), state_word(*it).to_owned()));
    let by_severity = Severity::ALL.into_iter().rev().map(|it| {
        let word = match it {
            Severity::Warning => "Warning",
            Severity::Critical => "Critical",
        };
        (it.as_str().to_owned(), word.to_owned())
    });
    let by_state = StoredValue::new(by_state.collect::<Vec<_>>());
    let by_severity = StoredValue::new(by_severity.collect::<Vec<_>>());
    // Statuses change each second, names hardly ever: an open menu must stay as it is.
    let by_server = memo(move || {
        let rows = fleet.rows().into_iter();
        rows.map(|row| (row.id.to_string(), row.status.with(|it| it.name.clone())))
            .collect::<Vec<_>>()
    });
    view! {
        <div class="filters" role="group" aria-label="Filter">
            <label class="filters__one filters__text">
                <span class="unseen">"Text"</span>
                <input
                    type="search"
                    class="field__input"
                    placeholder="Rule, server, label"
                    prop:value=move || asked.get().text.unwrap_or_default()
                    on:change=move |event| {
                        let text = event_target_value(&event).trim().to_owned();
                        change(&|next| next.text = (!text.is_empty()).then(|| text.clone()));
                    }
                />
            </label>
            <Filter
                label="State"
                all="Every state"
                options=move || by_state.get_value()
                chosen=move || asked.get().state.map(|it| it.as_str().to_owned())
                on_choose=move |name: String| {
                    change(&|next| {
                        next.state = filter::read(|_| Some(name.clone())).state;
                    });
                }
            />
            <Filter
                label="Severity"
                all="Every severity"
                options=move || by_severity.get_value()
                chosen=move || asked.get().severity.map(|it| it.as_str().to_owned())
                on_choose=move |name: String| {
                    change(&|next| {
                        next.severity = filter::read(|_| Some(name.clone())).severity;
                    });
                }
            />
            <Filter
                label="Server"
                all="Every server"
                options=by_server
                chosen=move || asked.get().server.map(|it| it.to_string())
                on_choose=move |name: String| {
                    change(&|next| next.server = name.parse().ok());
                }
            />
        </div>
    }
}

/// One choice of a filter.
#[component]
pub fn Filter(
    /// What it filters by.
    label: &'static str,
    /// The word for no choice.
    all: &'static str,
    /// Value and word of each choice.
    #[prop(into)]
    options: Signal<Vec<(String, String)>>,
    /// The value that is chosen.
    #[prop(into)]
    chosen: Signal<Option<String>>,
    /// Takes the chosen value, empty for none.
    #[prop(into)]
    on_choose: UnsyncCallback<String>,
) -> impl IntoView {
    view! {
        <label class="filters__one">
            <span class="unseen">{label}</span>
            <select
                class="field__input field__input--select"
                prop:value=move || {
                    options.track();
                    chosen.get().unwrap_or_default()
                }
                on:change=move |event| on_choose.run(event_target_value(&event))
            >
                <option value="" selected=move || chosen.get().is_none()>
                    {all}
                </option>
                {move || {
                    options
                        .get()
                        .into_iter()
                        .map(|(name, word)| {
                            let is_chosen = chosen.get_untracked().as_ref() == Some(&name);
                            view! {
                                <option value=name selected=is_chosen>
                                    {word}
                                </option>
                            }
                        })
                        .collect_view()
                }}
            </select>
        </label>
    }
}
