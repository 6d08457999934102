//! The strip of key figures above all servers; never a figure of one chosen server.

use common::alert::{AlertCounts, AlertState};
use common::api::servers::ServerStatus;
use common::api::status::RealtimeStatus;
use common::health::{self, HealthWeights};
use leptos::prelude::*;
use leptos_router::components::A;

use crate::format::{NOTHING, decimals, span};
use crate::places::server_path;
use crate::reactive::memo;
use crate::state::alerts::use_alerts;
use crate::state::fleet::{FleetRow, use_fleet};
use crate::state::ticker::use_now;
use crate::state::weights::use_weights;

/// The strip of key figures.
#[component]
pub fn Summary() -> impl IntoView {
    view! {
        <section class="strip live-data" aria-label="Summary">
            <ServersUp />
            <AlertsNow />
            <LowestHealth />
        </section>
    }
}

#[component]
fn ServersUp() -> impl IntoView {
    let fleet = use_fleet();
    let now = use_now();
    let is_up = |row: &FleetRow| row.status.with(|status| status.status == ServerStatus::Up);
    let up = move || fleet.rows().iter().filter(|row| is_up(row)).count();
    let watched = move || {
        let watched = |row: &&FleetRow| {
            row.status
                .with(|status| status.status != ServerStatus::Paused)
        };
        fleet.rows().iter().filter(watched).count()
    };
    let silent = move || {
        let silent: Vec<RealtimeStatus> = fleet
            .rows()
            .iter()
            .filter(|row| {
                row.status.with(|status| {
                    matches!(status.status, ServerStatus::Down | ServerStatus::Unknown)
                })
            })
            .map(|row| row.status.get())
            .collect();
        match silent.as_slice() {
            [] if watched() == 0 => String::new(),
            [] => "all of them report".into(),
            [one] => match one.last_seen_at {
                Some(seen) => {
                    let silent_for = span(now.get().since_ms(seen));
                    format!("{} has been silent for {silent_for}", one.name)
                }
                None => format!("{} has not reported yet", one.name),
            },
            many => format!("{} do not report", many.len()),
        }
    };
    view! {
        <div class="strip__part">
            <p class="strip__label">"Servers up"</p>
            <p class="strip__figure">
                <strong>{up}</strong>
                " of "
                {watched}
            </p>
            <p class="strip__note">{silent}</p>
        </div>
    }
}

#[component]
fn AlertsNow() -> impl IntoView {
    let alerts = use_alerts();
    let acknowledged = move || {
        alerts.items().with(|items| {
            items
                .iter()
                .filter(|alert| alert.state == AlertState::Acknowledged)
                .count()
        })
    };
    let figure = move || {
        if !alerts.known().get() {
            return view! { <strong>{NOTHING}</strong> }.into_any();
        }
        let AlertCounts { warning, critical } = alerts.counts();
        if warning + critical == 0 {
            return view! { <strong>"0"</strong> }.into_any();
        }
        let critical = (critical > 0).then(|| {
            view! {
                <strong class="strip__critical">{critical}</strong>
                " critical"
            }
        });
        let comma = (critical.is_some() && warning > 0).then_some(", ");
        let warning = (warning > 0).then(|| {
            view! {
                <strong class="strip__warning">{warning}</strong>
                {if warning == 1 { " warning" } else { " warnings" }}
            }
        });
        view! {
            {critical}
            {comma}
            {warning}
        }
        .into_any()
    };
    view! {
        <div class="strip__part">
            <p class="strip__label">"Active alerts"</p>
            <p class="strip__figure">{figure}</p>
            <p class="strip__note">
                {move || match (alerts.known().get(), alerts.items().with(Vec::len), acknowledged()) {
                    (false, ..) => String::new(),
                    (true, 0, _) => "nothing fires".into(),
                    (true, _, 0) => "none acknowledged".into(),
                    (true, _, count) => format!("{count} acknowledged"),
                }}
            </p>
        </div>
    }
}

#[component]
fn LowestHealth() -> impl IntoView {
    let fleet = use_fleet();
    let weights = use_weights();
    let lowest = memo(move || {
        fleet
            .rows()
            .into_iter()
            .filter_map(|row| {
                let score = row.status.with(|status| status.health_score)?;
                Some((score, row.id))
            })
            .min_by(|a, b| a.0.total_cmp(&b.0))
            .and_then(|(_, id)| fleet.row(id))
            .map(|row| row.status.get())
    });
    view! {
        <div class="strip__part">
            <p class="strip__label">"Lowest health"</p>
            <p class="strip__figure">
                {move || match lowest.get() {
                    None => view! { <strong>{NOTHING}</strong> }.into_any(),
                    Some(server) => {
                        view! {
                            <strong>{decimals(server.health_score, 0)}</strong>
                            " "
                            <A href=server_path(server.server_id)>{server.name}</A>
                        }
                            .into_any()
                    }
                }}
            </p>
            <p class="strip__note">
                {move || lowest.get().map(|server| terms(&server, &weights.get()))}
            </p>
        </div>
    }
}

/// What the score is made of: `CPU −28 · memory −26 · disk −18 · alerts −20`.
fn terms(server: &RealtimeStatus, weights: &HealthWeights) -> String {
    let health = health::score(
        server.cpu_percent,
        server.memory_percent,
        server.disk_percent,
        server.alerts,
        weights,
    );
    [
        ("CPU", health.cpu),
        ("memory", health.memory),
        ("disk", health.disk),
        ("alerts", Some(health.alerts).filter(|points| *points > 0.0)),
    ]
    .into_iter()
    .filter(|(name, points)| *name != "alerts" || points.is_some())
    .map(|(name, points)| format!("{name} {}", decimals(points.map(|points| -points), 0)))
    .collect::<Vec<_>>()
    .join(" · ")
}
