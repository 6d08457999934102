//! One server as a row, or as a card on a phone; a sample touches only what it changes.

use leptos::prelude::*;
use leptos_router::components::A;

use crate::components::health_ring::HealthRing;
use crate::components::meter::{Marks, Meter};
use crate::components::sparkline::{Ink, Sparkline};
use crate::components::status::{AlertPills, Condition, StatusWord};
use crate::format::{age, bits_per_second, decimals, percent};
use crate::places::server_path;
use crate::reactive::memo;
use crate::state::fleet::{FleetRow, network_bytes_per_second};
use crate::state::ring::{CAPACITY, Ring};
use crate::state::ticker::use_now;

/// Readings older than this are dimmed.
const STALE_AFTER_MS: i64 = 5_000;

/// From here on the default rules warn.
const CPU: Marks = Marks {
    warning: 70.0,
    critical: 90.0,
};
const MEMORY: Marks = Marks {
    warning: 75.0,
    critical: 90.0,
};
const DISK: Marks = Marks {
    warning: 80.0,
    critical: 95.0,
};

/// One server.
#[component]
pub fn FleetTableRow(
    /// What is known of it.
    row: FleetRow,
) -> impl IntoView {
    let status = row.status;
    let now = use_now();
    let field = move |read: fn(&common::api::status::RealtimeStatus) -> Option<f64>| {
        Signal::from(memo(move || status.with(read)))
    };
    let cpu = field(|status| status.cpu_percent);
    let memory = field(|status| status.memory_percent);
    let disk = field(|status| status.disk_percent);
    let network = field(network_bytes_per_second);
    let load = field(|status| status.load.as_ref().map(|load| load.one));
    let health = field(|status| status.health_score);
    let condition = memo(move || row.condition());
    let alerts = memo(move || status.with(|status| status.alerts));
    let silent_ms = memo(move || {
        let seen = status.with(|status| status.last_seen_at)?;
        // In whole seconds, so that the row rests in between.
        Some(now.get().since_ms(seen).max(0) / 1000 * 1000)
    });
    let class = move || {
        let stale = silent_ms.get().is_none_or(|ms| ms > STALE_AFTER_MS);
        let edge = match condition.get() {
            Condition::Critical => " fleet__row--critical",
            Condition::Warning => " fleet__row--warning",
            Condition::NoData if alerts.get().critical > 0 => " fleet__row--critical",
            _ => "",
        };
        let dimmed = if stale { " fleet__row--stale" } else { "" };
        format!("fleet__row{edge}{dimmed}")
    };
    view! {
        <tr class=class>
            <td class="fleet__status">
                <StatusWord condition=condition />
            </td>
            <td class="fleet__name">
                <A href=server_path(row.id) attr:class="fleet__link">
                    {move || status.with(|status| status.name.clone())}
                </A>
                {move || {
                    status
                        .with(|status| status.group.clone())
                        .map(|group| view! { <span class="tag">{group}</span> })
                }}
            </td>
            <td class="fleet__health">
                <HealthRing score=health />
            </td>
            <td class="fleet__cpu">
                <span class="fleet__line" class:fleet__line--none=move || cpu.with(Option::is_none)>
                    <Sparkline
                        readings=Signal::derive(move || row.cpu.with(Ring::to_vec))
                        capacity=CAPACITY
                        ceiling=100.0
                        ink=Signal::derive(move || cpu_ink(cpu.get()))
                    />
                    <span class="values fleet__number">{move || percent(cpu.get())}</span>
                </span>
            </td>
            <td class="fleet__share">
                <Meter label="Memory" value=memory marks=MEMORY />
            </td>
            <td class="fleet__share">
                <Meter label="Fullest disk" value=disk marks=DISK />
            </td>
            <td class="fleet__network">
                <span class="fleet__line" class:fleet__line--none=move || network.with(Option::is_none)>
                    <Sparkline
                        readings=Signal::derive(move || row.network.with(Ring::to_vec))
                        capacity=CAPACITY
                        ink=Signal::stored(Ink::Teal)
                    />
                    <span class="values fleet__number">
                        {move || bits_per_second(network.get())}
                    </span>
                </span>
            </td>
            <td class="fleet__load table__number values">{move || decimals(load.get(), 1)}</td>
            <td class="fleet__alerts">
                <AlertPills counts=alerts />
            </td>
            <td class="fleet__seen table__number muted">
                {move || silent_ms.get().map_or_else(|| "never".into(), age)}
            </td>
        </tr>
    }
}

fn cpu_ink(percent: Option<f64>) -> Ink {
    match percent.map(|percent| CPU.modifier(percent)) {
        Some("critical") => Ink::Critical,
        Some("warning") => Ink::Warning,
        _ => Ink::Blue,
    }
}
