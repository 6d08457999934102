//! The form of a rule; never its evaluation.

use common::alert::{Comparison, Rule, RuleKind};
use common::metric::{CATALOGUE, MetricKind};
use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::components::A;
use leptos_router::hooks::use_navigate;

use super::rule_draft::RuleDraft;
use super::words::sign;
use crate::api::{ApiError, rules};
use crate::components::button::{Button, ButtonKind};
use crate::components::dialog::Actions;
use crate::components::form::{Choice, Field, FieldKind, FormError, Submission, Toggle};
use crate::components::page::Panel;
use crate::components::toast::use_toasts;
use crate::state::session::use_session;

/// The fields, each as a signal.
#[derive(Clone, Copy)]
pub struct RuleFields {
    name: RwSignal<String>,
    kind: RwSignal<String>,
    metric: RwSignal<String>,
    matchers: RwSignal<String>,
    comparison: RwSignal<String>,
    warning: RwSignal<String>,
    critical: RwSignal<String>,
    for_seconds: RwSignal<String>,
    clear_margin: RwSignal<String>,
    clear_for_seconds: RwSignal<String>,
    cooldown_seconds: RwSignal<String>,
    runbook_url: RwSignal<String>,
    enabled: RwSignal<bool>,
}

impl RuleFields {
    /// Fields that begin with this draft.
    pub fn new(draft: RuleDraft) -> Self {
        Self {
            name: RwSignal::new(draft.name),
            kind: RwSignal::new(draft.kind.as_str().to_owned()),
            metric: RwSignal::new(draft.metric),
            matchers: RwSignal::new(draft.matchers),
            comparison: RwSignal::new(draft.comparison.as_str().to_owned()),
            warning: RwSignal::new(draft.warning),
            critical: RwSignal::new(draft.critical),
            for_seconds: RwSignal::new(draft.for_seconds),
            clear_margin: RwSignal::new(draft.clear_margin),
            clear_for_seconds: RwSignal::new(draft.clear_for_seconds),
            cooldown_seconds: RwSignal::new(draft.cooldown_seconds),
            runbook_url: RwSignal::new(draft.runbook_url),
            enabled: RwSignal::new(draft.enabled),
        }
    }

    /// Takes a warning threshold.
    pub fn warn_at(self, value: f64) {
        self.warning.set(value.to_string());
    }

    /// What stands in them now.
    pub fn draft(self) -> RuleDraft {
        let comparison = self.comparison.get();
        RuleDraft {
            name: self.name.get(),
            kind: self.kind(),
            metric: self.metric.get(),
            matchers: self.matchers.get(),
            comparison: Comparison::ALL
                .into_iter()
                .find(|it| it.as_str() == comparison)
                .unwrap_or(Comparison::AtLeast),
            warning: self.warning.get(),
            critical: self.critical.get(),
            for_seconds: self.for_seconds.get(),
            clear_margin: self.clear_margin.get(),
            clear_for_seconds: self.clear_for_seconds.get(),
            cooldown_seconds: self.cooldown_seconds.get(),
            runbook_url: self.runbook_url.get(),
            enabled: self.enabled.get(),
        }
    }

    fn kind(self) -> RuleKind {
        let mut all = RuleKind::ALL.into_iter();
        let named = all.find(|kind| self.kind.with(|name| name == kind.as_str()));
        named.unwrap_or_default()
    }
}

/// The form, for a new rule or a present one.
#[component]
pub fn RuleForm(
    /// The rule that is changed; `None`: a new one.
    rule: Option<Rule>,
    /// Its fields.
    fields: RuleFields,
) -> impl IntoView {
    // The answer must be taken in even when the page is left meanwhile.
    let api = use_session().api();
    let (toasts, navigate) = (use_toasts(), use_navigate());
    let form = Submission::new();
    // A person who changes a rule has come for any of its fields, and may want to look first.
    let is_new = rule.is_none();
    let known = StoredValue::new(rule);
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let before = known.with_value(|rule| rule.as_ref().map(|rule| rule.input.clone()));
        let input = match untrack(|| fields.draft()).rule(before.as_ref()) {
            Ok(input) => input,
            Err(errors) => {
                form.refuse(ApiError::Invalid {
                    fields: errors,
                    detail: String::new(),
                });
                return;
            }
        };
        let seen = known.get_value();
        let navigate = navigate.clone();
        let request = async move {
            match seen {
                Some(seen) => rules::replace(api, &seen, &input).await,
                None => rules::create(api, &input).await,
            }
        };
        form.send(request, move |rule: Rule| {
            toasts.done(format!("{} was saved.", rule.input.name));
            // Somebody who has gone elsewhere meanwhile stays there.
            if known.try_with_value(|_| ()).is_some() {
                navigate("/alerts/rules", NavigateOptions::default());
            }
        });
    };
    let is_threshold = move || fields.kind() == RuleKind::Threshold;
    view! {
        <Panel title="Rule">
            <form class="form" on:submit=submit>
                <Field id="rule-name" label="Name" value=fields.name error=form.field("name") first=is_new />
                <Choice
                    id="rule-kind"
                    label="Fires when"
                    options=vec![
                        ("threshold".into(), "a value crosses a threshold".into()),
                        ("absence".into(), "no sample comes".into()),
                    ]
                    value=fields.kind
                    error=form.field("kind")
                />
                <Field
                    id="rule-metric"
                    label="Metric"
                    value=fields.metric
                    suggestions="rule-metrics"
                    error=form.field("metric")
                />
                <Metrics />
                <Field
                    id="rule-matchers"
                    label="Only series with"
                    value=fields.matchers
                    hint="Labels such as mountpoint=/srv; empty: every series."
                    error=form.field("matchers")
                />
                <Show when=is_threshold>
                    <Thresholds fields form />
                </Show>
                <Times fields form />
                <Field
                    id="rule-runbook"
                    label="Runbook"
                    value=fields.runbook_url
                    hint="Address of what to do about it."
                    error=form.field("runbook_url")
                />
                <Toggle id="rule-enabled" label="Evaluate this rule" value=fields.enabled />
                <FormError of=form />
                <Actions>
                    <A href="/alerts/rules" attr:class="button">
                        "Cancel"
                    </A>
                    <Button kind=ButtonKind::Main busy=form.busy()>
                        "Save rule"
                    </Button>
                </Actions>
            </form>
        </Panel>
    }
}

#[component]
fn Thresholds(fields: RuleFields, form: Submission) -> impl IntoView {
    let signs = Comparison::ALL
        .into_iter()
        .map(|it| (it.as_str().to_owned(), format!("{} {}", sign(it), word(it))));
    view! {
        <Choice
            id="rule-comparison"
            label="When it is"
            options=signs.collect()
            value=fields.comparison
            error=form.field("comparison")
        />
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

#[component]
fn Times(fields: RuleFields, form: Submission) -> impl IntoView {
    view! {
        <div class="form__row">
            <Field
                id="rule-for"
                label="For (s)"
                kind=FieldKind::Number
                value=fields.for_seconds
                error=form.field("for_seconds")
            />
            <Field
                id="rule-margin"
                label="Clears better by"
                kind=FieldKind::Number
                value=fields.clear_margin
                error=form.field("clear_margin")
            />
            <Field
                id="rule-clear-for"
                label="… for (s)"
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
        </div>
    }
}

/// The metrics of the catalogue that a threshold makes sense for, as suggestions.
#[component]
fn Metrics() -> impl IntoView {
    let gauges = CATALOGUE
        .iter()
        .filter(|metric| metric.kind == MetricKind::Gauge);
    view! {
        <datalist id="rule-metrics">
            {gauges.map(|metric| view! { <option value=metric.name>{metric.help}</option> }).collect_view()}
        </datalist>
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
