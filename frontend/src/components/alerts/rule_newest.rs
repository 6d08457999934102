//! Why the newest alert of a rule did or did not reach somebody; never the alert's own page.

use common::ids::RuleId;
use leptos::prelude::*;
use leptos_router::components::A;

use super::why::Why;
use super::words::alert_path;
use crate::api::alerts;
use crate::moments::Style;
use crate::state::load::{Load, Loaded};
use crate::state::preferences::use_preferences;

/// The panel; nothing for a rule that never fired.
#[component]
pub fn NewestAlert(
    /// The rule.
    rule: RuleId,
) -> impl IntoView {
    let preferences = use_preferences();
    let load = Load::new(move |api| alerts::newest_of(api, rule));
    move || {
        let Loaded::Ready(Some(alert)) = load.state().get() else {
            return ().into_any();
        };
        let (server, at) = (alert.server, alert.started_at);
        let (path, server) = (alert_path(alert.id), StoredValue::new(server));
        let aside = move || {
            let words = move || {
                let at = preferences.moment(at, Style::DayAndTime);
                format!("newest alert: {}, {at}", server.get_value())
            };
            view! { <A href=path.clone()>{words}</A> }
        };
        view! { <Why id=alert.id changes=Signal::derive(|| 0) aside /> }.into_any()
    }
}
