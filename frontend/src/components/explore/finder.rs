//! The list of metrics with its search; never what a metric says.

use leptos::ev::KeyboardEvent;
use leptos::html;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

use super::asked::Asked;
use crate::components::alerts::filter_bar::Filter;
use crate::components::form::Toggle;
use crate::components::layout::keys::is_for_somebody_else;
use crate::components::load_view::{Empty, Failed};
use crate::components::skeleton::{Shape, Skeleton};
use crate::pages::explore::search::{CATEGORIES, Known, Narrow, search, unit_word};
use crate::reactive::memo;
use crate::state::load::{Load, Loaded};

/// What stands below the search.
#[derive(Clone, PartialEq)]
enum Below {
    Waiting,
    Failed(String),
    Nothing,
    List,
}

/// Search, category and the metrics that fit.
#[component]
pub fn Finder(
    /// How far the list has come.
    load: Load<Vec<Known>>,
    /// Every metric.
    known: Memo<Vec<Known>>,
    /// What is shown.
    asked: Asked,
) -> impl IntoView {
    let text = RwSignal::new(String::new());
    let category = RwSignal::new(None::<String>);
    let silent = RwSignal::new(false);
    let found = memo(move || {
        let wanted = category.get();
        let chosen = CATEGORIES
            .into_iter()
            .find(|it| Some(it.1) == wanted.as_deref());
        let narrow = Narrow {
            category: chosen.map(|it| it.0),
            silent: silent.get(),
        };
        known.with(|all| text.with(|text| search(all, text, narrow)))
    });
    let below = memo(move || {
        load.state().with(|state| match state {
            Loaded::Loading => Below::Waiting,
            Loaded::Failed(error) => Below::Failed(error.message()),
            _ if found.with(Vec::is_empty) => Below::Nothing,
            _ => Below::List,
        })
    });
    let frame = NodeRef::<html::Section>::new();
    let input = NodeRef::<html::Input>::new();
    focus_by_key(input);
    let categories = CATEGORIES.map(|it| (it.1.to_owned(), it.2.to_owned()));
    let categories = StoredValue::new(categories.to_vec());
    let first = move || {
        let first = found.with_untracked(|found| found.first().map(|it| it.info.name.clone()));
        if let Some(name) = first {
            asked.change(|next| *next = next.of_metric(&name));
        }
    };
    view! {
        <section
            class="panel finder"
            aria-label="Metrics"
            node_ref=frame
            on:keydown=move |event| move_focus(frame, &event)
        >
            <label class="field">
                <span class="unseen">"Search the metrics"</span>
                <input
                    class="field__input"
                    id="metric-search"
                    type="search"
                    autocomplete="off"
                    spellcheck="false"
                    placeholder="Search, such as cpu usage"
                    aria-keyshortcuts="/"
                    node_ref=input
                    bind:value=text
                    on:keydown=move |event| {
                        if event.key() == "Enter" {
                            first();
                        }
                    }
                />
            </label>
            <div class="filters finder__filters">
                <Filter
                    label="Category"
                    all="Every category"
                    options=move || categories.get_value()
                    chosen=category
                    on_choose=move |name: String| {
                        category.set(Some(name).filter(|name| !name.is_empty()));
                    }
                />
                <Toggle id="metric-silent" label="Also without data" value=silent />
            </div>
            <p class="unseen" role="status">
                {move || format!("{} metrics", found.with(Vec::len))}
            </p>
            {move || match below.get() {
                Below::Waiting => view! { <Skeleton shape=Shape::Rows(8) /> }.into_any(),
                Below::Failed(text) => {
                    view! { <Failed text on_retry=move |()| load.again() /> }.into_any()
                }
                Below::Nothing => {
                    view! {
                        <Empty
                            title="No metric fits"
                            text="Try other words or another category, or list those without data as well."
                        />
                    }
                        .into_any()
                }
                Below::List => view! { <List found asked /> }.into_any(),
            }}
        </section>
    }
}

#[component]
fn List(found: Memo<Vec<Known>>, asked: Asked) -> impl IntoView {
    // One of the list can be reached by Tab, the others from there by the arrows.
    let stop = memo(move || {
        let metric = asked.metric();
        found.with(|found| {
            let names = || found.iter().map(|it| &it.info.name);
            let chosen = names().find(|name| Some(*name) == metric.as_ref());
            chosen.or_else(|| names().next()).cloned()
        })
    });
    view! {
        <ul class="finder__list">
            <For
                each=move || found.get()
                key=|it| (it.info.name.clone(), it.series)
                let:it
            >
                <Entry it stop asked />
            </For>
        </ul>
    }
}

#[component]
fn Entry(it: Known, stop: Memo<Option<String>>, asked: Asked) -> impl IntoView {
    let name = StoredValue::new(it.info.name.clone());
    let is_here = memo(move || {
        name.with_value(|name| {
            let address = asked.address();
            address.with(|address| address.metric.as_ref() == Some(name))
        })
    });
    let is_stop =
        memo(move || name.with_value(|name| stop.with(|stop| stop.as_ref() == Some(name))));
    let address = move || {
        let address = asked.address();
        address.with(|address| name.with_value(|name| address.of_metric(name).write()))
    };
    let size = match it.series {
        0 => "no data".to_owned(),
        1 => "1 series".to_owned(),
        many => format!("{many} series"),
    };
    let unit = unit_word(it.info.unit);
    let note = if unit.is_empty() {
        size
    } else {
        format!("{unit}, {size}")
    };
    view! {
        <li>
            <a
                class="finder__one"
                class:finder__one--silent=it.series == 0
                href=address
                tabindex=move || if is_stop.get() { "0" } else { "-1" }
                aria-current=move || is_here.get().then_some("true")
            >
                <span class="finder__name values">{it.info.name}</span>
                <span class="finder__help">{it.info.help}</span>
                <span class="finder__note">{note}</span>
            </a>
        </li>
    }
}

/// `/` goes to the search from wherever one is.
fn focus_by_key(input: NodeRef<html::Input>) {
    let listener = window_event_listener(leptos::ev::keydown, move |event| {
        if event.key() == "/"
            && !is_for_somebody_else(&event)
            && let Some(input) = input.get_untracked()
        {
            event.prevent_default();
            drop(input.focus());
        }
    });
    on_cleanup(move || listener.remove());
}

/// The arrows lead from the search into the list and through it.
fn move_focus(frame: NodeRef<html::Section>, event: &KeyboardEvent) {
    let down = match event.key().as_str() {
        "ArrowDown" => true,
        "ArrowUp" => false,
        _ => return,
    };
    let Some(frame) = frame.get_untracked() else {
        return;
    };
    let here = event
        .target()
        .and_then(|it| it.dyn_into::<HtmlElement>().ok());
    // The choice of a category has arrows of its own.
    let Some(here) = here.filter(|it| it.tag_name() != "SELECT") else {
        return;
    };
    let Ok(entries) = frame.query_selector_all(".finder__one") else {
        return;
    };
    let entries: Vec<HtmlElement> = (0..entries.length())
        .filter_map(|place| entries.get(place)?.dyn_into().ok())
        .collect();
    let next = match entries.iter().position(|it| *it == here) {
        Some(place) if down => entries.get(place + 1),
        Some(0) | None if !down => None,
        Some(place) => entries.get(place - 1),
        None => entries.first(),
    };
    if let Some(next) = next {
        event.prevent_default();
        drop(next.focus());
    }
}
