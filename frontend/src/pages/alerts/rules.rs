//! When something fires; never what fired.

use common::access::Permission;
use leptos::prelude::*;
use leptos_router::components::A;

use crate::api::rules;
use crate::components::alerts::rule_table::RuleTable;
use crate::components::alerts::tabs::{AlertTabs, Tab};
use crate::components::icon::Icon;
use crate::components::load_view::load_view;
use crate::components::skeleton::Shape;
use crate::state::load::Load;
use crate::state::page::{Crumb, name_page};
use crate::state::session::use_session;

/// When something fires.
#[component]
pub fn AlertRulesPage() -> impl IntoView {
    name_page(|| vec![Crumb::to("Alerts", "/alerts"), Crumb::here("Rules")]);
    let session = use_session();
    let load = Load::new(rules::list);
    let add = move || {
        session.may(Permission::RulesWrite).then(|| {
            view! {
                <A href="/alerts/rules/new" attr:class="button button--main">
                    {Icon::Plus.small()}
                    "Add a rule"
                </A>
            }
        })
    };
    view! {
        <div class="page">
            <h1 class="unseen">"Alert rules"</h1>
            <AlertTabs present=Tab::Rules aside=add />
            {load_view(
                load,
                Shape::Rows(5),
                |rules, load| view! { <RuleTable rules load /> },
            )}
        </div>
    }
}
