//! What the server looked like when an alert fired; never how it is now.

use common::alert::AlertSnapshot;
use common::host::Process;
use common::units::bytes_f64;
use leptos::prelude::*;

use crate::components::page::Panel;
use crate::format::{NOTHING, bytes, count, decimals, percent};
use crate::moments::Style;
use crate::state::preferences::use_preferences;

/// Filesystems that are shown: the fullest.
const FULLEST: usize = 3;
/// Processes that are shown of each list.
const BUSIEST: usize = 5;

/// The panel.
#[component]
pub fn Snapshot(
    /// What was kept.
    snapshot: AlertSnapshot,
) -> impl IntoView {
    let preferences = use_preferences();
    let at = snapshot.at;
    let aside = view! {
        <time class="muted" datetime=at.to_rfc3339()>
            {move || preferences.moment(at, Style::Second)}
        </time>
    };
    view! {
        <Panel title="When it fired" aside=aside.into_any()>
            <Readings snapshot=snapshot.clone() />
            <Processes title="By processor" processes=snapshot.by_cpu />
            <Processes title="By memory" processes=snapshot.by_memory />
        </Panel>
    }
}

#[component]
fn Readings(snapshot: AlertSnapshot) -> impl IntoView {
    let preferences = use_preferences();
    let load = snapshot.load.map_or_else(
        || NOTHING.to_owned(),
        |load| {
            [load.one, load.five, load.fifteen]
                .map(|value| decimals(Some(value), 2))
                .join(" · ")
        },
    );
    let memory = snapshot.memory.as_ref().and_then(|it| it.percent);
    let free = snapshot.memory.as_ref().map(|it| it.available_bytes);
    let filesystems = snapshot.filesystems.into_iter().take(FULLEST);
    view! {
        <dl class="about">
            <dt>"Processor"</dt>
            <dd class="values">{percent(snapshot.cpu_percent)}</dd>
            <dt>"Load"</dt>
            <dd class="values">{load}</dd>
            <dt>"Memory"</dt>
            <dd class="values">
                {percent(memory)}
                <span class="muted">
                    ", " {move || bytes(free.map(bytes_f64), preferences.units())} " available"
                </span>
            </dd>
            {filesystems
                .map(|it| {
                    view! {
                        <dt>{it.mountpoint}</dt>
                        <dd class="values">{percent(it.percent)}</dd>
                    }
                })
                .collect_view()}
            <dt>"Processes"</dt>
            <dd class="values">
                {snapshot
                    .process_count
                    .map_or_else(|| NOTHING.to_owned(), |it| count(u64::from(it)))}
            </dd>
            <dt>"Health"</dt>
            <dd>
                <span class="values">{decimals(snapshot.health.score, 0)}</span>
                " "
                <span class="muted">{snapshot.health.explained}</span>
            </dd>
        </dl>
    }
}

#[component]
fn Processes(title: &'static str, processes: Vec<Process>) -> impl IntoView {
    let preferences = use_preferences();
    if processes.is_empty() {
        return ().into_any();
    }
    view! {
        <table class="table snapshot__processes">
            <caption>{title}</caption>
            <thead>
                <tr>
                    <th>"Process"</th>
                    <th class="number">"CPU"</th>
                    <th class="number">"Memory"</th>
                </tr>
            </thead>
            <tbody>
                {processes
                    .into_iter()
                    .take(BUSIEST)
                    .map(|it| {
                        let memory = it.memory_bytes;
                        view! {
                            <tr>
                                <td>
                                    {it.name} <span class="muted">" " {it.pid}</span>
                                </td>
                                <td class="values number">{percent(it.cpu_percent)}</td>
                                <td class="values number">
                                    {move || {
                                        bytes(Some(bytes_f64(memory)), preferences.units())
                                    }}
                                </td>
                            </tr>
                        }
                    })
                    .collect_view()}
            </tbody>
        </table>
    }
    .into_any()
}
