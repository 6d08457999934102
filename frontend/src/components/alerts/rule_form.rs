//! The form of a rule; never its evaluation.

use common::alert::{Rule, RuleKind};
use common::api::rules::SavedRule;
use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::components::A;
use leptos_router::hooks::use_navigate;

use super::rule_conditions::Conditions;
use super::rule_draft::{has_metric, has_thresholds};
use super::rule_fields::RuleFields;
use super::rule_notes::Notes;
use super::rule_scope::{Channels, Scope};
use super::rule_subject::{Expression, Metric, known};
use super::rule_thresholds::{Thresholds, Times};
use crate::api::{ApiError, rules};
use crate::components::button::{Button, ButtonKind};
use crate::components::dialog::Actions;
use crate::components::form::{Choice, Field, FormError, OtherErrors, Submission, Toggle};
use crate::components::page::Panel;
use crate::components::toast::use_toasts;
use crate::reactive::memo;
use crate::state::session::use_session;

/// Fields whose errors stand below them.
const PLACES: &[&str] = &[
    "name",
    "kind",
    "metric",
    "matchers",
    "expression",
    "conditions",
    "window_seconds",
    "interval_seconds",
    "scope",
    "comparison",
    "warning",
    "critical",
    "for_seconds",
    "clear_margin",
    "clear_for_seconds",
    "cooldown_seconds",
    "channels",
    "labels",
    "annotations",
    "runbook_url",
];

/// The form, for a new rule or a present one.
#[component]
pub fn RuleForm(
    /// The rule that is changed; `None`: a new one.
    rule: Option<Rule>,
    /// Its fields.
    fields: RuleFields,
) -> impl IntoView {
    let form = Submission::new();
    // A person who changes a rule has come for any of its fields, and may want to look first.
    let is_new = rule.is_none();
    let submit = submission(rule, &fields, form);
    let kind = memo(move || fields.kind());
    let known = known();
    view! {
        <Panel title="Rule">
            <form class="form" on:submit=submit>
                <Field
                    id="rule-name"
                    label="Name"
                    value=fields.name
                    error=form.field("name")
                    first=is_new
                />
                <Choice
                    id="rule-kind"
                    label="Fires when"
                    options=kinds()
                    value=fields.kind
                    error=form.field("kind")
                />
                {move || match kind.get() {
                    RuleKind::Promql => view! { <Expression fields form known /> }.into_any(),
                    RuleKind::Composite => view! { <Conditions fields form /> }.into_any(),
                    RuleKind::Threshold | RuleKind::Absence | RuleKind::Rate => ().into_any(),
                }}
                <Metric fields form known hidden=Signal::derive(move || !has_metric(kind.get())) />
                <Show when=move || has_thresholds(kind.get())>
                    <Thresholds fields form kind />
                </Show>
                <Times fields form kind />
                <Scope fields form />
                <Channels fields form />
                <Field
                    id="rule-labels"
                    label="Labels of the alert"
                    value=fields.labels
                    hint="Such as team=storage: routes and silences see them."
                    error=form.field("labels")
                />
                <Notes rows=fields.annotations error=form.field("annotations") />
                <Field
                    id="rule-runbook"
                    label="Runbook"
                    value=fields.runbook_url
                    hint="Address of what to do about it."
                    error=form.field("runbook_url")
                />
                <Toggle id="rule-enabled" label="Evaluate this rule" value=fields.enabled />
                <OtherErrors of=form besides=PLACES />
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

fn submission(
    rule: Option<Rule>,
    fields: &RuleFields,
    form: Submission,
) -> impl Fn(SubmitEvent) + use<> {
    let fields = *fields;
    // The answer must be taken in even when the page is left meanwhile.
    let api = use_session().api();
    let (toasts, navigate) = (use_toasts(), use_navigate());
    let known = StoredValue::new(rule);
    move |event| {
        event.prevent_default();
        let input = match untrack(|| fields.draft()).rule() {
            Ok(input) => input,
            Err(fields) => {
                let detail = String::new();
                form.refuse(ApiError::Invalid { fields, detail });
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
        form.send(request, move |saved: SavedRule| {
            let warnings = saved.warnings.iter().map(|it| format!(" {it}"));
            let warnings: String = warnings.collect();
            toasts.done(format!("{} was saved.{warnings}", saved.rule.input.name));
            // Somebody who has gone elsewhere meanwhile stays there.
            if known.try_with_value(|_| ()).is_some() {
                navigate("/alerts/rules", NavigateOptions::default());
            }
        });
    }
}

fn kinds() -> Vec<(String, String)> {
    let word = |kind| match kind {
        RuleKind::Threshold => "a value crosses a threshold",
        RuleKind::Absence => "no sample comes",
        RuleKind::Rate => "a value changes too fast",
        RuleKind::Promql => "an expression in PromQL gives it",
        RuleKind::Composite => "several conditions hold",
    };
    let kinds = RuleKind::ALL.into_iter();
    kinds
        .map(|kind| (kind.as_str().to_owned(), word(kind).to_owned()))
        .collect()
}
