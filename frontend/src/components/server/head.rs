//! Who the server is, how it fares and why its score is what it is; never its charts.

use common::api::servers::{Server, ServerStatus};
use common::health::{self, Health, HealthWeights};
use common::host::HostFacts;
use leptos::prelude::*;

use super::monitoring::MonitoringButton;
use super::range_picker::RangePicker;
use crate::components::health_ring::HealthRing;
use crate::components::status::{Condition, StatusWord};
use crate::format::{age, bytes, duration};
use crate::reactive::memo;
use crate::state::fleet::{FleetRow, use_fleet};
use crate::state::load::Load;
use crate::state::preferences::use_preferences;
use crate::state::samples::LiveSample;
use crate::state::ticker::use_now;
use crate::state::weights::use_weights;

/// The head of the page.
#[component]
pub fn ServerHead(
    /// The server as it was read.
    server: Server,
    /// Where it was read.
    load: Load<Server>,
    /// Its newest sample.
    live: ReadSignal<Option<LiveSample>>,
) -> impl IntoView {
    let fleet = use_fleet();
    let id = server.id;
    let row = memo(move || {
        fleet.order().track();
        fleet.row(id)
    });
    let weights = use_weights();
    let health = memo(move || explained(row.get(), live, &weights.get()));
    let score = move || health.get().and_then(|health| health.known_score());
    let resting = Condition::of(server.status, common::alert::AlertCounts::default());
    let condition = move || row.get().map_or(resting, FleetRow::condition);
    view! {
        <header class="server-head">
            <div class="server-head__ring">
                <HealthRing score=Signal::derive(score) large=true />
            </div>
            <div class="server-head__words">
                <div class="server-head__name">
                    <h1>{server.name.clone()}</h1>
                    <StatusWord condition=Signal::derive(condition) />
                    <SampleAge live />
                </div>
                <p class="server-head__why">
                    {move || match health.get() {
                        Some(health) => format!("Health = {}", health.explain()),
                        None => unknown(condition()).to_owned(),
                    }}
                </p>
                <Facts facts=server.host.clone() live />
            </div>
            <div class="server-head__controls">
                <RangePicker />
                <MonitoringButton server load />
            </div>
        </header>
    }
}

/// Why there is no score.
fn unknown(condition: Condition) -> &'static str {
    match condition {
        Condition::Paused => "Monitoring is stopped: nothing is known of its health",
        Condition::NoData => "It does not report: nothing is known of its health",
        Condition::Critical | Condition::Warning | Condition::Healthy => {
            "Health is known with the first sample"
        }
    }
}

/// The score's terms, from the newest sample and the alerts that fire.
fn explained(
    row: Option<FleetRow>,
    live: ReadSignal<Option<LiveSample>>,
    weights: &HealthWeights,
) -> Option<Health> {
    let status = row.map(|row| row.status.get());
    let counts = status.as_ref().map(|it| it.alerts).unwrap_or_default();
    let is_up = status
        .as_ref()
        .is_none_or(|it| it.status == ServerStatus::Up);
    if !is_up {
        return None;
    }
    let of_sample = live.with(|live| {
        live.as_ref().map(|live| {
            let disk = live.sample.fullest_filesystem().and_then(|it| it.percent);
            let (cpu, memory) = (live.sample.cpu_percent(), live.sample.memory_percent());
            health::score(cpu, memory, disk, counts, weights)
        })
    });
    of_sample.or_else(|| {
        let it = status?;
        let (cpu, memory, disk) = (it.cpu_percent, it.memory_percent, it.disk_percent);
        Some(health::score(cpu, memory, disk, counts, weights))
    })
}

/// Says how old the newest sample is, once it is old.
#[component]
fn SampleAge(live: ReadSignal<Option<LiveSample>>) -> impl IntoView {
    let now = use_now();
    move || {
        let now = now.get();
        let old_ms = live.with(|live| {
            let live = live.as_ref().filter(|live| live.is_stale(now))?;
            Some(now.since_ms(live.at))
        });
        old_ms.map(|old| view! { <span class="muted nowrap">{age(old)}</span> })
    }
}

/// System, processors, memory, uptime: what is known of them.
#[component]
fn Facts(facts: Option<HostFacts>, live: ReadSignal<Option<LiveSample>>) -> impl IntoView {
    let preferences = use_preferences();
    let facts = facts.unwrap_or_default();
    let still = move || {
        let memory = facts.memory_bytes.map(common::units::bytes_f64);
        let processors = match (facts.cpu_count, &facts.cpu_model) {
            (Some(count), Some(model)) => Some(format!("{count} × {model}")),
            (Some(count), None) => Some(format!("{count} processors")),
            (None, model) => model.clone(),
        };
        [
            facts.os.clone(),
            facts.kernel.clone(),
            processors,
            memory.map(|memory| bytes(Some(memory), preferences.units())),
        ]
        .into_iter()
        .flatten()
        .collect::<Vec<_>>()
    };
    let up = memo(move || {
        let seconds = live.with(|live| live.as_ref().and_then(|it| it.sample.uptime_seconds))?;
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "seconds of an uptime"
        )]
        // Minutes are enough: the line would flicker.
        let whole = seconds.max(0.0) as u64 / 60 * 60;
        Some(format!("up {}", duration(whole)))
    });
    view! {
        <p class="server-head__facts">
            {move || {
                let mut parts = still();
                parts.extend(up.get());
                parts.join(" · ")
            }}
        </p>
    }
}
