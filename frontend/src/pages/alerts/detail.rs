//! One alert; never others.

use std::str::FromStr;

use common::api::alerts::AlertDetail;
use common::ids::AlertId;
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

use crate::api::alerts;
use crate::components::alerts::detail::Detail;
use crate::components::load_view::load_view;
use crate::components::skeleton::Shape;
use crate::pages::not_found::NotFoundPage;
use crate::state::alerts::use_alerts;
use crate::state::load::Load;
use crate::state::page::{Crumb, name_page};

/// One alert.
#[component]
pub fn AlertPage() -> impl IntoView {
    let params = use_params_map();
    let id = Memo::new(move |_| {
        params.with(|params| params.get("id").and_then(|id| AlertId::from_str(&id).ok()))
    });
    move || match id.get() {
        Some(id) => view! { <OneAlert id /> }.into_any(),
        None => view! { <NotFoundPage /> }.into_any(),
    }
}

#[component]
fn OneAlert(id: AlertId) -> impl IntoView {
    let changes = use_alerts().changes_of(id);
    let said = RwSignal::new(String::new());
    let load = Load::new(move |api| {
        // Whatever happens to it elsewhere shows here.
        changes.track();
        alerts::read(api, id)
    });
    name_page(move || {
        let name = |detail: &AlertDetail| detail.alert.rule.clone();
        let known = load.state().with(|state| state.value().map(name));
        vec![
            Crumb::to("Alerts", "/alerts"),
            Crumb::here(known.as_deref().unwrap_or("Alert")),
        ]
    });
    view! {
        <div class="page">
            {load_view(
                load,
                Shape::Rows(4),
                move |detail, load| view! { <Detail detail said changes on_change=move |()| load.again() /> },
            )}
        </div>
    }
}
