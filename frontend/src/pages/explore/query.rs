//! Any question in `PromQL`, with its answer as a chart and as a table; never a metric's list.

pub mod address;
pub mod builder;
pub mod context;
pub mod fault;
pub mod history;
pub mod offers;
pub mod result;
pub mod unit;
pub mod words;

use leptos::prelude::*;

use crate::api::metrics;
use crate::components::button::{Button, ButtonKind};
use crate::components::chart::range_buttons::RangeButtons;
use crate::components::chart::{ChartGroup, use_charts};
use crate::components::explore::query::asked::Question;
use crate::components::explore::query::earlier::Earlier;
use crate::components::explore::query::editor::Editor;
use crate::components::explore::query::in_builder::InBuilder;
use crate::components::explore::query::outcome::Answered;
use crate::components::explore::query::problem::{PROBLEM, Problem};
use crate::components::explore::tabs::{ExploreTabs, Tab};
use crate::components::icon::Icon;
use crate::pages::explore::address::Span;
use crate::pages::explore::query::fault::Fault;
use crate::pages::explore::search::{Known, join};
use crate::reactive::{effect, memo};
use crate::state::load::Load;
use crate::state::page::{Crumb, name_page};

/// The query page.
#[component]
pub fn QueryPage() -> impl IntoView {
    name_page(|| vec![Crumb::to("Explore", "/explore"), Crumb::here("Query")]);
    let asked = Question::from_address();
    let group = ChartGroup::provide(untrack(|| asked.range()).view());
    let range = memo(move || asked.range());
    effect(move || group.go_home_to(range.get().view()));
    let question = memo(move || asked.text());
    let fault = RwSignal::new(None::<Fault>);
    let known = known();
    let earlier = RwSignal::new(history::read());
    effect(move || {
        let text = question.get();
        fault.set(None);
        if !text.is_empty() {
            earlier.set(history::keep(&text));
        }
    });
    view! {
        <div class="page query">
            <h1 class="unseen">"Query"</h1>
            <ExploreTabs present=Tab::Query />
            <Form asked question known fault />
            {move || {
                let text = question.get();
                (!text.is_empty()).then(|| view! { <Answered text asked known fault /> })
            }}
            <Earlier all=earlier asked />
        </div>
    }
}

/// The metrics that have values: nothing else is offered.
fn known() -> Memo<Vec<Known>> {
    let metrics = Load::new(|api| async move {
        let catalogue = metrics::catalogue(api).await?;
        Ok(join(catalogue, metrics::names(api).await?))
    });
    memo(move || {
        metrics.state().with(|state| {
            let known = state.value().into_iter().flatten();
            known.filter(|it| it.series > 0).cloned().collect()
        })
    })
}

/// The expression, what is wrong with it, and the range.
#[component]
fn Form(
    asked: Question,
    question: Memo<String>,
    known: Memo<Vec<Known>>,
    fault: RwSignal<Option<Fault>>,
) -> impl IntoView {
    let text = RwSignal::new(question.get_untracked());
    // An address that was followed brings its own expression.
    effect(move || {
        let question = question.get();
        if text.with_untracked(|text| text.trim() != question) {
            text.set(question);
        }
    });
    let ask = move || asked.ask(&text.get_untracked());
    let ranges = Span::ALL.map(|span| (span, span.label())).to_vec();
    let shown = Signal::derive(move || asked.range());
    let group = use_charts();
    let choose = move |range: Span| {
        asked.show(range);
        group.go_home_to(range.view());
    };
    view! {
        <section class="panel query__form" aria-label="Question">
            <Editor
                text
                known
                is_wrong=Signal::derive(move || fault.with(Option::is_some))
                problem_id=PROBLEM
                on_ask=move |()| ask()
            />
            <Problem fault=memo(move || fault.get()) />
            <div class="query__controls">
                <div class="query__run">
                    <Button kind=ButtonKind::Main icon=Icon::Play on_press=move |_| ask()>
                        "Run"
                    </Button>
                    <InBuilder asked />
                    <p class="muted query__keys">
                        <kbd>"Enter"</kbd> " runs, " <kbd>"Shift"</kbd> " " <kbd>"Enter"</kbd>
                        " begins a line, " <kbd>"Ctrl"</kbd> " " <kbd>"Space"</kbd> " suggests"
                    </p>
                </div>
                <RangeButtons ranges shown on_choose=choose />
            </div>
        </section>
    }
}
