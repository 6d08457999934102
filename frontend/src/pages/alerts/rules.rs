//! When something fires; never what fired.

use common::access::Permission;
use leptos::prelude::*;
use leptos_router::components::A;

use crate::api::{ChosenFile, rules};
use crate::components::alerts::rule_files::RuleExports;
use crate::components::alerts::rule_import::ImportDialog;
use crate::components::alerts::rule_table::RuleTable;
use crate::components::alerts::tabs::{AlertTabs, Tab};
use crate::components::file_choice::FileChoice;
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
    let load = Load::new(rules::evaluated);
    let chosen = RwSignal::new(None::<ChosenFile>);
    let aside = move || {
        let writing = session.may(Permission::RulesWrite).then(|| {
            view! {
                <FileChoice
                    word="Import…"
                    endings=".toml,.json,.yaml,.yml"
                    on_file=move |file| chosen.set(Some(file))
                />
                <A href="/alerts/rules/new" attr:class="button button--main">
                    {Icon::Plus.small()}
                    "Add a rule"
                </A>
            }
        });
        view! {
            <RuleExports />
            {writing}
        }
    };
    let done = move |()| {
        chosen.try_set(None);
        load.again();
    };
    let dialog = move || {
        let close = move |()| {
            chosen.try_set(None);
        };
        chosen
            .get()
            .map(|file| view! { <ImportDialog file on_close=close on_done=done /> })
    };
    view! {
        <div class="page">
            <h1 class="unseen">"Alert rules"</h1>
            <AlertTabs present=Tab::Rules aside />
            {load_view(
                load,
                Shape::Rows(5),
                |rules, load| view! { <RuleTable rules load /> },
            )}
            {dialog}
        </div>
    }
}
