//! The tabs around alerts, one a file; never their rules' evaluation.

use leptos::prelude::*;

use crate::state::page::{Crumb, name_page};

/// What fires now.
#[component]
pub fn ActiveAlertsPage() -> impl IntoView {
    name_page(|| vec![Crumb::here("Alerts")]);
}

/// What fired before.
#[component]
pub fn AlertHistoryPage() -> impl IntoView {
    name_page(|| vec![Crumb::to("Alerts", "/alerts"), Crumb::here("History")]);
}

/// When something fires.
#[component]
pub fn AlertRulesPage() -> impl IntoView {
    name_page(|| vec![Crumb::to("Alerts", "/alerts"), Crumb::here("Rules")]);
}
