//! One rule, new or changed, beside the last hour of its metric; never the list of rules.

use std::str::FromStr;

use common::access::Permission;
use common::api::rules::EvaluatedRule;
use common::ids::RuleId;
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

use crate::api::rules;
use crate::components::alerts::rule_draft::RuleDraft;
use crate::components::alerts::rule_fields::RuleFields;
use crate::components::alerts::rule_form::RuleForm;
use crate::components::alerts::rule_newest::NewestAlert;
use crate::components::alerts::rule_preview::RulePreview;
use crate::components::alerts::rule_series::SPAN_MS;
use crate::components::alerts::rule_trial::RuleTrial;
use crate::components::alerts::tabs::{AlertTabs, Tab};
use crate::components::alerts::words::trouble;
use crate::components::banner::{Banner, Tone};
use crate::components::chart::{ChartGroup, View};
use crate::components::load_view::load_view;
use crate::components::skeleton::Shape;
use crate::pages::not_found::{NotAllowedPage, NotFoundPage};
use crate::reactive::memo;
use crate::state::load::Load;
use crate::state::page::{Crumb, name_page};
use crate::state::session::use_session;

/// A new rule.
#[component]
pub fn NewRulePage() -> impl IntoView {
    name_page(|| way("New rule"));
    view! {
        <div class="page">
            <h1 class="unseen">"New rule"</h1>
            <AlertTabs present=Tab::Rules />
            <Editor rule=None />
        </div>
    }
}

/// A rule that is there.
#[component]
pub fn RulePage() -> impl IntoView {
    let params = use_params_map();
    let id = Memo::new(move |_| {
        params.with(|params| params.get("id").and_then(|id| RuleId::from_str(&id).ok()))
    });
    move || match id.get() {
        Some(id) => view! { <OneRule id /> }.into_any(),
        None => view! { <NotFoundPage /> }.into_any(),
    }
}

#[component]
fn OneRule(id: RuleId) -> impl IntoView {
    let load = Load::new(move |api| rules::read(api, id));
    let name = move || {
        let known = load
            .state()
            .with(|state| state.value().map(|it| it.rule.input.name.clone()));
        known.unwrap_or_else(|| "Rule".to_owned())
    };
    name_page(move || way(&name()));
    view! {
        <div class="page">
            <h1 class="unseen">{name}</h1>
            <AlertTabs present=Tab::Rules />
            {load_view(
                load,
                Shape::Fields(6),
                |rule, _| view! { <Editor rule=Some(rule) /> },
            )}
        </div>
    }
}

#[component]
fn Editor(rule: Option<EvaluatedRule>) -> impl IntoView {
    let session = use_session();
    ChartGroup::provide(View::Live { span_ms: SPAN_MS });
    let trouble = rule.as_ref().and_then(|it| trouble(&it.evaluation));
    let rule = rule.map(|it| it.rule);
    let draft = rule
        .as_ref()
        .map_or_else(RuleDraft::default, |rule| RuleDraft::from(&rule.input));
    let fields = RuleFields::new(draft);
    let fired = RwSignal::new(Vec::new());
    let rule = StoredValue::new(rule);
    let may = memo(move || session.may(Permission::RulesWrite));
    view! {
        {trouble.map(|text| view! { <Banner tone=Tone::Warning>{text}</Banner> })}
        <Show when=move || may.get() fallback=|| view! { <NotAllowedPage /> }>
            <div class="rule-editor">
                <div class="rule-editor__seen">
                    <RulePreview fields fired />
                    <RuleTrial fields fired />
                </div>
                <RuleForm rule=rule.get_value() fields />
            </div>
            {rule.get_value().map(|rule| view! { <NewestAlert rule=rule.id /> })}
        </Show>
    }
}

fn way(name: &str) -> Vec<Crumb> {
    vec![
        Crumb::to("Alerts", "/alerts"),
        Crumb::to("Rules", "/alerts/rules"),
        Crumb::here(name),
    ]
}
