//! The answer to an expression: chart, table and what they took; never the expression's field.

use std::time::Duration;

use common::time::UnixMs;
use common::units::Unit;
use leptos::prelude::*;

use super::asked::Question;
use super::chart::QueryChart;
use super::table::value_table;
use crate::api::prom::{self, Answer, Value};
use crate::api::{Api, ApiError};
use crate::browser;
use crate::components::banner::{Banner, Tone};
use crate::components::chart::{View, use_charts};
use crate::components::explore::rhythm::{pixels, rested, turns, wanted};
use crate::components::load_view::Failed;
use crate::components::skeleton::{Shape, Skeleton};
use crate::format::{count, took};
use crate::pages::explore::query::fault::Fault;
use crate::pages::explore::query::result::{moments, step_ms};
use crate::pages::explore::query::unit::unit;
use crate::pages::explore::search::Known;
use crate::reactive::{effect, memo};
use crate::state::load::{Load, Loaded};

/// A short range is read anew so often.
const OFTEN: Duration = Duration::from_secs(10);

/// What was read.
#[derive(Debug, Clone, PartialEq)]
pub struct Outcome {
    /// The value at the end of the window.
    pub now: Answer,
    /// The values over it; `None` where an expression has none.
    pub over: Option<Result<Answer, ApiError>>,
    /// From one point of those to the next, in milliseconds.
    pub step_ms: i64,
    /// The end of the window.
    pub at: UnixMs,
}

/// What stands below the editor.
#[derive(Clone, PartialEq)]
enum Below {
    Waiting,
    /// The editor says what is wrong with the expression.
    Wrong,
    Failed(String),
    Answer,
}

/// The answer to the expression that is asked while this is shown.
#[component]
pub fn Answered(
    /// The expression.
    text: String,
    /// What the page asks.
    asked: Question,
    /// The metrics that there are.
    known: Memo<Vec<Known>>,
    /// Told what is wrong with the expression.
    fault: RwSignal<Option<Fault>>,
) -> impl IntoView {
    let load = read(text.clone(), asked);
    let of_text = text.clone();
    let unit = memo(move || known.with(|known| unit(&of_text, known)));
    effect(move || {
        let wrong = load.state().with(|state| match state {
            Loaded::Failed(ApiError::Invalid { detail, .. })
            | Loaded::Stale(_, ApiError::Invalid { detail, .. }) => Some(detail.clone()),
            _ => None,
        });
        fault.set(wrong.map(|wrong| Fault::read(&wrong, &text)));
    });
    let below = memo(move || {
        load.state().with(|state| match state {
            Loaded::Loading => Below::Waiting,
            Loaded::Failed(ApiError::Invalid { .. }) => Below::Wrong,
            Loaded::Failed(error) => Below::Failed(error.message()),
            Loaded::Ready(_) | Loaded::Stale(..) => Below::Answer,
        })
    });
    let stale = memo(move || {
        load.state().with(|state| match state {
            Loaded::Stale(_, error) => Some(error.message()),
            _ => None,
        })
    });
    view! {
        {move || {
            stale
                .get()
                .map(|text| {
                    view! { <Banner tone=Tone::Warning>"Not read anew: " {text}</Banner> }
                })
        }}
        {move || match below.get() {
            Below::Waiting => view! { <Skeleton shape=Shape::Panel /> }.into_any(),
            Below::Wrong => ().into_any(),
            Below::Failed(text) => {
                view! {
                    <section class="panel">
                        <Failed text on_retry=move |()| load.again() />
                    </section>
                }
                    .into_any()
            }
            Below::Answer => view! { <Shown load unit /> }.into_any(),
        }}
    }
}

/// Chart, remarks, table and what they took.
#[component]
fn Shown(load: Load<Outcome>, unit: Memo<Unit>) -> impl IntoView {
    let of = move |read: fn(&Outcome) -> AnyView| {
        move || load.state().with(|state| state.value().map(read))
    };
    let has_chart = memo(move || {
        let state = load.state();
        state.with(|state| {
            state
                .value()
                .is_some_and(|it| matches!(it.over, Some(Ok(_))))
        })
    });
    let refused = of(|it| match &it.over {
        Some(Err(error)) => {
            let text = error.message();
            view! { <Banner tone=Tone::Warning>"No chart: " {text}</Banner> }.into_any()
        }
        Some(Ok(_)) | None => ().into_any(),
    });
    view! {
        <Show when=move || has_chart.get()>
            <QueryChart load unit />
        </Show>
        {refused}
        {of(remarks)}
        {of(|it| value_table(&it.now.value, it.at))}
        {of(|it| view! { <p class="muted query__took">{cost(it)}</p> }.into_any())}
    }
}

/// What the server says about the answers, each once.
fn remarks(outcome: &Outcome) -> AnyView {
    let over = outcome.over.iter().flatten();
    let mut all: Vec<String> = over
        .chain([&outcome.now])
        .flat_map(|answer| answer.remarks.clone())
        .collect();
    all.sort();
    all.dedup();
    all.into_iter()
        .map(|text| view! { <Banner tone=Tone::Calm>{text}</Banner> })
        .collect_view()
        .into_any()
}

/// What was read for the chart and for the table.
fn cost(outcome: &Outcome) -> String {
    let one = |what: &str, answer: &Answer| {
        format!(
            "{what}: {} samples of {} series read in {}",
            count(answer.took.samples),
            count(answer.took.series),
            took(answer.took.seconds),
        )
    };
    let table = one("Table", &outcome.now);
    match &outcome.over {
        Some(Ok(over)) => format!("{} · {table}", one("Chart", over)),
        Some(Err(_)) | None => table,
    }
}

/// Reads now, when another stretch of time is looked at, and in turns while it is live.
fn read(text: String, asked: Question) -> Load<Outcome> {
    let group = use_charts();
    let busy = StoredValue::new(false);
    let turn = turns(group, busy, OFTEN, move || asked.range());
    let view = rested(group);
    let load = Load::new(move |api| {
        turn.track();
        asked.again().track();
        let view = view.get();
        let at = view.window(browser::now()).to;
        let window = wanted(view, at);
        let step_ms = step_ms(view.window(at), pixels());
        let text = text.clone();
        busy.set_value(true);
        async move {
            let found = ask(api, &text, at, moments(window, step_ms), step_ms).await;
            busy.try_set_value(false);
            found
        }
    });
    // The window slides when what it then shows is there.
    effect(move || {
        let at = load.state().with(|state| state.value().map(|it| it.at));
        if let Some(at) = at
            && matches!(group.view().get_untracked(), View::Live { .. })
        {
            group.advance(at);
        }
    });
    load
}

async fn ask(
    api: Api,
    text: &str,
    at: UnixMs,
    moments: (UnixMs, UnixMs),
    step_ms: i64,
) -> Result<Outcome, ApiError> {
    let now = prom::at(api, text, at).await?;
    let over = match now.value {
        Value::Scalar(_) | Value::Vector(_) => Some(prom::over(api, text, moments, step_ms).await),
        Value::String(_) | Value::Matrix(_) => None,
    };
    Ok(Outcome {
        now,
        over,
        step_ms,
        at,
    })
}
