//! What a rule looks at, in its form: a metric with labels, or an expression; never its value.

use leptos::prelude::*;

use super::rule_fields::RuleFields;
use crate::api::metrics;
use crate::components::explore::query::editor::Editor;
use crate::components::form::{Field, Submission};
use crate::pages::explore::search::{Known, join};
use crate::reactive::memo;
use crate::state::load::Load;

/// The id of what is wrong with an expression.
const PROBLEM: &str = "rule-expression-error";

/// The metrics of the catalogue and those that are stored; `None` until they are read.
pub fn known() -> Memo<Option<Vec<Known>>> {
    let metrics = Load::new(|api| async move {
        let catalogue = metrics::catalogue(api).await?;
        Ok(join(catalogue, metrics::names(api).await?))
    });
    memo(move || metrics.state().with(|state| state.value().cloned()))
}

/// The metric, the labels of its series, and whether there is any; its suggestions serve conditions too.
#[component]
pub fn Metric(
    /// The form's fields.
    fields: RuleFields,
    /// The form.
    form: Submission,
    /// The metrics.
    known: Memo<Option<Vec<Known>>>,
    /// The rule has no metric of its own.
    hidden: Signal<bool>,
) -> impl IntoView {
    let is_silent = memo(move || {
        let name = fields.metric.get();
        let name = name.trim();
        // Any sample of a host is meant by it.
        if name.is_empty() || name == "up" {
            return false;
        }
        known.with(|known| {
            let there =
                |known: &Vec<Known>| known.iter().any(|it| it.info.name == name && it.series > 0);
            known.as_ref().is_some_and(|known| !there(known))
        })
    });
    let options = move || {
        let all = known.get().unwrap_or_default();
        let options = all.into_iter().map(|it| {
            let help = if it.series > 0 {
                it.info.help
            } else {
                format!("no data: {}", it.info.help)
            };
            view! { <option value=it.info.name>{help}</option> }
        });
        options.collect_view()
    };
    view! {
        <datalist id="rule-metrics">{options}</datalist>
        <Show when=move || !hidden.get()>
            <div>
            <Field
                id="rule-metric"
                label="Metric"
                value=fields.metric
                suggestions="rule-metrics"
                error=form.field("metric")
            />
            <p class="field__hint" role="status">
                {move || {
                    is_silent.get().then_some("No data: nothing has this name so far. The rule can be saved and waits for it.")
                }}
            </p>
            </div>
            <Field
                id="rule-matchers"
                label="Only series with"
                value=fields.matchers
                hint="Labels such as mountpoint=/srv; empty: every series."
                error=form.field("matchers")
            />
        </Show>
    }
}

/// The expression, with what may be written at the caret.
#[component]
pub fn Expression(
    /// The form's fields.
    fields: RuleFields,
    /// The form.
    form: Submission,
    /// The metrics.
    known: Memo<Option<Vec<Known>>>,
) -> impl IntoView {
    let stored = memo(move || {
        let all = known.get().unwrap_or_default().into_iter();
        all.filter(|it| it.series > 0).collect::<Vec<_>>()
    });
    let wrong = form.field("expression");
    view! {
        <div class="field">
            <span class="field__label">"Expression"</span>
            <Editor
                text=fields.expression
                known=stored
                is_wrong=Signal::derive(move || wrong.with(Option::is_some))
                problem_id=PROBLEM
                on_ask=|()| ()
            />
            <div id=PROBLEM>
                {move || match wrong.get() {
                    Some(text) => view! { <p class="field__error">{text}</p> }.into_any(),
                    None => {
                        view! {
                            <p class="field__hint">
                                "Each series of its result is watched: its value against the thresholds, or, without any, that it is there."
                            </p>
                        }
                            .into_any()
                    }
                }}
            </div>
        </div>
    }
}
