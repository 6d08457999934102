//! The list of alerts as a file; never how a file is saved.

use leptos::prelude::*;

use super::filter_bar::use_filter;
use crate::api::alerts::{self, Format};
use crate::components::file_save::FileSave;

/// Buttons that save the list as a table or for a program.
#[component]
pub fn Downloads() -> impl IntoView {
    let filter = use_filter();
    let export = move |format| {
        move |api| {
            let filter = filter.get_untracked();
            async move { alerts::export(api, &filter, format).await }
        }
    };
    view! {
        <FileSave unseen="Download as " word="CSV" read=export(Format::Csv) />
        <FileSave unseen="Download as " word="JSON" read=export(Format::Json) />
    }
}
