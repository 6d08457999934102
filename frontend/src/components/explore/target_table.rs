//! The scraped exporters as a table whose rows stay while what they show changes; never a request.

use common::api::scrape::{ScrapeTarget, TargetState};
use leptos::prelude::*;

use crate::components::icon::Icon;
use crate::format::{NOTHING, age, count, span, took};
use crate::moments::Style;
use crate::places::server_path;
use crate::reactive::memo;
use crate::state::load::Load;
use crate::state::preferences::use_preferences;
use crate::state::ticker::use_now;

/// The columns; an error goes across all of them.
const COLUMNS: [&str; 8] = [
    "Job",
    "Address",
    "Server",
    "State",
    "Last scrape",
    "Took",
    "Samples",
    "Next scrape",
];

/// A target, read anew.
type Target = Memo<Option<ScrapeTarget>>;

/// One row a target.
#[component]
pub fn TargetTable(
    /// The targets.
    load: Load<Vec<ScrapeTarget>>,
) -> impl IntoView {
    let keys = memo(move || {
        let key = |(place, it): (usize, &ScrapeTarget)| (place, it.job.clone(), it.url.clone());
        let of = |all: &Vec<ScrapeTarget>| all.iter().enumerate().map(key).collect();
        let state = load.state();
        state.with(|state| state.value().map_or_else(Vec::new, of))
    });
    let head = COLUMNS.map(|name| view! { <th scope="col">{name}</th> });
    view! {
        <div class="panel panel--flush">
            <table class="table table--cards targets">
                <caption class="unseen">"Exporters that are scraped"</caption>
                <thead>
                    <tr>{head.collect_view()}</tr>
                </thead>
                <For each=move || keys.get() key=Clone::clone let((place, job, url))>
                    <Rows
                        target=memo(move || {
                            load.state().with(|state| state.value()?.get(place).cloned())
                        })
                        job
                        url
                    />
                </For>
            </table>
        </div>
    }
}

/// What is known of one target, and below it why the last scrape failed.
#[component]
fn Rows(target: Target, job: String, url: String) -> impl IntoView {
    let error = memo(move || target.with(|it| it.as_ref()?.last_error.clone()));
    let is_down = move || error.with(Option::is_some);
    let number = move |text: fn(&ScrapeTarget) -> Option<String>| {
        let shown = target.with(|it| it.as_ref().and_then(text));
        shown.unwrap_or_else(|| NOTHING.to_owned())
    };
    view! {
        <tbody class="target" class:target--down=is_down>
            <tr>
                <td><span class="table__name">{job}</span></td>
                <td data-label="Address"><span class="target__url values">{url}</span></td>
                <td data-label="Server">{move || server(target)}</td>
                <td data-label="State">{move || state(target)}</td>
                <td data-label="Last scrape"><Last target /></td>
                <td data-label="Took" class="muted nowrap">
                    {move || number(|it| it.duration_seconds.map(took))}
                </td>
                <td data-label="Samples" class="muted nowrap">
                    {move || number(|it| Some(count(u64::try_from(it.samples?).ok()?)))}
                </td>
                <td data-label="Next scrape"><Next target /></td>
            </tr>
            <Show when=is_down>
                <tr class="target__failure">
                    <td colspan=COLUMNS.len().to_string()>
                        <p class="target__error">
                            <span class="unseen">"Last error: "</span>
                            {move || error.get()}
                            <span class="muted">{move || failures(target)}</span>
                        </p>
                    </td>
                </tr>
            </Show>
        </tbody>
    }
}

/// How often it failed, where once is not all.
fn failures(target: Target) -> Option<String> {
    let failures = target.with(|it| it.as_ref().map(|it| it.failures))?;
    (failures > 1).then(|| format!(" {} scrapes failed.", count(failures)))
}

/// The server as the way to its page; its name alone when there is none so named.
fn server(target: Target) -> Option<AnyView> {
    let (id, name) = target.with(|it| it.as_ref().map(|it| (it.server, it.server_name.clone())))?;
    Some(match id {
        Some(id) => view! { <a href=server_path(id)>{name}</a> }.into_any(),
        None => {
            view! { <span>{name} <span class="muted">" (there is none)"</span></span> }.into_any()
        }
    })
}

/// The state in a word and with an icon.
fn state(target: Target) -> Option<impl IntoView> {
    let state = target.with(|it| it.as_ref().map(|it| it.state))?;
    let (class, icon, word) = match state {
        TargetState::Up => ("status status--ok", Icon::Healthy, "Up"),
        TargetState::Down => ("status status--critical", Icon::Critical, "Down"),
        TargetState::Unknown => ("status status--unknown", Icon::Unknown, "Not scraped yet"),
    };
    Some(view! { <span class=class>{icon.small()} {word}</span> })
}

/// How long ago the last scrape began.
#[component]
fn Last(target: Target) -> impl IntoView {
    let at = memo(move || target.with(|it| it.as_ref()?.last_scrape_at));
    let (now, preferences) = (use_now(), use_preferences());
    move || match at.get() {
        None => view! { <span class="muted">"never"</span> }.into_any(),
        Some(at) => view! {
            <time
                class="nowrap"
                datetime=at.to_rfc3339()
                title=move || preferences.moment(at, Style::DayAndTime)
            >
                {move || age(now.get().since_ms(at))}
            </time>
        }
        .into_any(),
    }
}

/// How long until the next one, and how often.
#[component]
fn Next(target: Target) -> impl IntoView {
    let now = use_now();
    move || {
        let (at, every) = target.with(|it| {
            it.as_ref()
                .map(|it| (it.next_scrape_at, it.interval_seconds))
        })?;
        let when = match at.since_ms(now.get()) {
            ..1_000 => "now".to_owned(),
            left => format!("in {}", span(left)),
        };
        let every = i64::try_from(every).unwrap_or_default() * 1_000;
        let every = format!(", each {}", span(every));
        Some(view! { <span class="muted nowrap">{when} {every}</span> })
    }
}
