//! What fires on this server; never the alerts of others.

use common::ids::ServerId;
use leptos::prelude::*;
use leptos_router::components::A;

use crate::browser;
use crate::components::alerts::acts::ActButtons;
use crate::components::alerts::words::{alert_path, moment_path, state_word};
use crate::components::load_view::Empty;
use crate::components::page::Panel;
use crate::components::status::SeverityPill;
use crate::format::age;
use crate::reactive::memo;
use crate::state::alerts::use_alerts;
use crate::state::ticker::use_now;

/// The alerts of a server that fire, the worst first.
#[component]
pub fn AlertsPanel(
    /// The server.
    server: ServerId,
) -> impl IntoView {
    let alerts = use_alerts();
    let now = use_now();
    let own = memo(move || {
        alerts.items().with(|items| {
            let own = items.iter().filter(|alert| alert.server_id == server);
            own.cloned().collect::<Vec<_>>()
        })
    });
    view! {
        <Panel title="Alerts">
            <Show
                when=move || !own.with(Vec::is_empty)
                fallback=|| view! { <Empty title="Nothing fires" text="All rules are content with this server." /> }
            >
                <ul class="own-alerts">
                    {move || {
                        own.get()
                            .into_iter()
                            .map(|alert| {
                                let started_at = alert.started_at;
                                let (moment, rule) = (moment_path(&alert, browser::now()), alert.rule.clone());
                                view! {
                                    <li class="own-alerts__one">
                                        <div class="own-alerts__head">
                                            <SeverityPill severity=alert.severity />
                                            <A href=alert_path(alert.id)>{rule}</A>
                                        </div>
                                        <p class="own-alerts__text">{alert.message.clone()}</p>
                                        <p class="own-alerts__foot muted">
                                            {state_word(alert.state)} " · "
                                            <A href=moment>
                                                {move || age(now.get().since_ms(started_at))}
                                            </A>
                                        </p>
                                        <ActButtons alert />
                                    </li>
                                }
                            })
                            .collect_view()
                    }}
                </ul>
            </Show>
        </Panel>
    }
}
