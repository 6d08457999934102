//! How bad and for how long, in the form of a rule; never the lines in its chart.

use common::alert::{Comparison, RuleKind};
use leptos::prelude::*;

use super::rule_draft::has_thresholds;
use super::rule_fields::RuleFields;
use super::words::sign;
use crate::components::form::{Choice, Field, FieldKind, Submission};

/// The comparison and the thresholds.
#[component]
pub fn Thresholds(
    /// The form's fields.
    fields: RuleFields,
    /// The form.
    form: Submission,
    /// What the rule looks at.
    kind: Memo<RuleKind>,
) -> impl IntoView {
    let signs = Comparison::ALL
        .into_iter()
        .map(|it| (it.as_str().to_owned(), format!("{} {}", sign(it), word(it))));
    let options: Vec<_> = signs.collect();
    let label = move || match kind.get() {
        RuleKind::Rate => "When its change a second is",
        _ => "When it is",
    };
    view! {
        {move || {
            view! {
                <Choice
                    id="rule-comparison"
                    label=label()
                    options=options.clone()
                    value=fields.comparison
                    error=form.field("comparison")
                />
            }
        }}
        <div class="form__row">
            <Field
                id="rule-warning"
                label="Warning"
                kind=FieldKind::Number
                value=fields.warning
                error=form.field("warning")
            />
            <Field
                id="rule-critical"
                label="Critical"
                kind=FieldKind::Number
                value=fields.critical
                error=form.field("critical")
            />
        </div>
    }
}

/// The waits.
#[component]
pub fn Times(
    /// The form's fields.
    fields: RuleFields,
    /// The form.
    form: Submission,
    /// What the rule looks at.
    kind: Memo<RuleKind>,
) -> impl IntoView {
    view! {
        <div class="form__row">
            <Field
                id="rule-for"
                label="For (s)"
                kind=FieldKind::Number
                value=fields.for_seconds
                error=form.field("for_seconds")
            />
            <Show when=move || has_thresholds(kind.get())>
                <Field
                    id="rule-margin"
                    label="Clears better by"
                    kind=FieldKind::Number
                    value=fields.clear_margin
                    error=form.field("clear_margin")
                />
            </Show>
            <Field
                id="rule-clear-for"
                label="Clears after (s)"
                kind=FieldKind::Number
                value=fields.clear_for_seconds
                error=form.field("clear_for_seconds")
            />
            <Field
                id="rule-cooldown"
                label="Quiet after (s)"
                kind=FieldKind::Number
                value=fields.cooldown_seconds
                error=form.field("cooldown_seconds")
            />
            <Show when=move || kind.get() == RuleKind::Rate>
                <Field
                    id="rule-window"
                    label="Looks back (s)"
                    kind=FieldKind::Number
                    value=fields.window_seconds
                    error=form.field("window_seconds")
                />
            </Show>
            <Show when=move || kind.get().is_timed()>
                <Field
                    id="rule-interval"
                    label="Looks each (s)"
                    kind=FieldKind::Number
                    value=fields.interval_seconds
                    error=form.field("interval_seconds")
                />
            </Show>
        </div>
    }
}

const fn word(comparison: Comparison) -> &'static str {
    match comparison {
        Comparison::Above => "above",
        Comparison::AtLeast => "at or above",
        Comparison::Below => "below",
        Comparison::AtMost => "at or below",
        Comparison::Equal => "exactly",
        Comparison::NotEqual => "not",
    }
}
