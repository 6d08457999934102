//! Rules saved as a file; never taken from one.

use leptos::prelude::*;

use crate::api::rules;
use crate::components::file_save::FileSave;

/// Buttons that save all rules as TOML or JSON.
#[component]
pub fn RuleExports() -> impl IntoView {
    let export = |form: &'static str| move |api| rules::export(api, form);
    view! {
        <FileSave unseen="Save the rules as " word="TOML" read=export("toml") />
        <FileSave unseen="Save the rules as " word="JSON" read=export("json") />
    }
}
