//! The busiest processes: live, or those of the moment under the cross-hair; never all of them.

use std::collections::BTreeMap;
use std::time::Duration;

use common::host::Process;
use common::ids::ServerId;
use common::time::UnixMs;
use leptos::prelude::*;

use super::process_order::{Column, Order, arrange};
use crate::api::{ApiError, servers, use_api};
use crate::components::chart::use_charts;
use crate::components::load_view::Empty;
use crate::components::sort_head::SortHead;
use crate::format::{NOTHING, bytes, decimals};
use crate::moments::Style;
use crate::reactive::{effect, memo, spawn};
use crate::state::preferences::use_preferences;
use crate::state::samples::LiveSample;

/// So many rows are shown before a person asks for all.
const FEW: usize = 15;
/// The pointer must rest this long before the processes of a moment are read.
const REST: Duration = Duration::from_millis(150);

/// Processes of one moment.
#[derive(Debug, Clone, PartialEq, Default)]
struct Moment {
    /// When; `None` while nothing is known.
    at: Option<UnixMs>,
    /// By their number.
    processes: Vec<Process>,
}

/// The table of processes.
#[component]
pub fn Processes(
    /// The server.
    server: ServerId,
    /// Its newest sample.
    live: ReadSignal<Option<LiveSample>>,
) -> impl IntoView {
    let (past, error) = past_moment(server);
    let present = live_moment(live);
    let group = use_charts();
    let moment = memo(move || {
        if group.cursor().is_some() {
            past.get().unwrap_or_else(|| present.get())
        } else {
            present.get()
        }
    });
    let preferences = use_preferences();
    let title = move || match (
        group.cursor().is_some(),
        past.with(|past| past.as_ref().and_then(|it| it.at)),
    ) {
        (true, Some(at)) => format!("Processes at {}", preferences.moment(at, Style::Second)),
        (true, None) => "Processes".to_owned(),
        (false, _) => "Processes now".to_owned(),
    };
    let is_empty = move || moment.with(|moment| moment.processes.is_empty());
    view! {
        <section class="panel panel--flush processes" aria-labelledby="processes-title">
            <header class="panel__head processes__head">
                <h2 id="processes-title">{title}</h2>
                {move || error.get().map(|error| view! { <span class="muted">{error.message()}</span> })}
            </header>
            <Show
                when=move || !is_empty()
                fallback=|| {
                    view! {
                        <Empty
                            title="No processes"
                            text="They are read every few seconds; none were kept for this moment."
                        />
                    }
                }
            >
                <Table moment />
            </Show>
        </section>
    }
}

#[component]
fn Table(moment: Memo<Moment>) -> impl IntoView {
    let order = RwSignal::new(Order::default());
    let held = RwSignal::new(false);
    let all = RwSignal::new(false);
    let rows = Memo::new(move |before: Option<&Vec<u32>>| {
        let before = before.map(Vec::as_slice).unwrap_or_default();
        moment.with(|moment| arrange(before, &moment.processes, order.get(), held.get()))
    });
    let by_pid = memo(move || {
        moment.with(|moment| {
            let pairs = moment.processes.iter().map(|it| (it.pid, it.clone()));
            pairs.collect::<BTreeMap<_, _>>()
        })
    });
    let shown = move || {
        let most = if all.get() { usize::MAX } else { FEW };
        rows.with(|rows| rows.iter().copied().take(most).collect::<Vec<_>>())
    };
    let hidden = move || rows.with(Vec::len).saturating_sub(FEW);
    let head = move |label, column, number| {
        view! {
            <SortHead
                label
                number
                direction=Signal::derive(move || {
                    let order = order.get();
                    (order.column == column).then_some(order.descending)
                })
                on_press=move |()| {
                    held.set(false);
                    order.update(|order| *order = order.pressed(column));
                }
            />
        }
    };
    view! {
        <table class="table table--tight processes__table">
            <thead>
                <tr>
                    {head("Process", Column::Name, false)} {head("PID", Column::Pid, true)}
                    {head("User", Column::User, false)} {head("CPU", Column::Cpu, true)}
                    {head("Memory", Column::Memory, true)} {head("Threads", Column::Threads, true)}
                    {head("Files", Column::Files, true)}
                </tr>
            </thead>
            <tbody on:pointerenter=move |_| held.set(true) on:pointerleave=move |_| held.set(false)>
                <For each=shown key=|pid| *pid let:pid>
                    <Row pid by_pid />
                </For>
            </tbody>
        </table>
        <Show when=move || { hidden() > 0 }>
            <button type="button" class="processes__more" on:click=move |_| all.update(|all| *all = !*all)>
                {move || {
                    if all.get() {
                        format!("Show the first {FEW} only")
                    } else {
                        format!("Show {} more", hidden())
                    }
                }}
            </button>
        </Show>
    }
}

#[component]
fn Row(pid: u32, by_pid: Memo<BTreeMap<u32, Process>>) -> impl IntoView {
    let preferences = use_preferences();
    let own = memo(move || {
        by_pid
            .with(|all| all.get(&pid).cloned())
            .unwrap_or_default()
    });
    let cpu = move || match own.with(|own| own.cpu_percent) {
        Some(percent) => format!("{} %", decimals(Some(percent), 1)),
        None => NOTHING.to_owned(),
    };
    let memory = move || {
        let amount = own.with(|own| own.memory_bytes);
        bytes(Some(common::units::bytes_f64(amount)), preferences.units())
    };
    let count = |count: Option<u32>| count.map_or_else(|| NOTHING.to_owned(), |it| it.to_string());
    let user = move || own.with(|own| own.user.clone().unwrap_or_else(|| NOTHING.to_owned()));
    view! {
        <tr>
            <td class="processes__name">{move || own.with(|own| own.name.clone())}</td>
            <td class="table__number values muted" data-label="PID">
                {pid}
            </td>
            <td class="muted processes__user" data-label="User">
                {user}
            </td>
            <td class="table__number values" data-label="CPU">
                {cpu}
            </td>
            <td class="table__number values" data-label="Memory">
                {memory}
            </td>
            <td class="table__number values processes__rare" data-label="Threads">
                {move || count(own.with(|own| own.threads))}
            </td>
            <td class="table__number values processes__rare" data-label="Files">
                {move || count(own.with(|own| own.open_files))}
            </td>
        </tr>
    }
}

/// The processes of the newest sample that has them.
fn live_moment(live: ReadSignal<Option<LiveSample>>) -> Memo<Moment> {
    Memo::new(move |before: Option<&Moment>| {
        live.with(|live| {
            let sample = live.as_ref()?;
            let processes = sample.sample.processes.clone()?;
            Some(Moment {
                at: Some(sample.at),
                processes,
            })
        })
        .or_else(|| before.cloned())
        .unwrap_or_default()
    })
}

/// The processes of the moment under the cross-hair, once it rests there, and why they are not there.
fn past_moment(server: ServerId) -> (RwSignal<Option<Moment>>, RwSignal<Option<ApiError>>) {
    let (api, group) = (use_api(), use_charts());
    let past = RwSignal::new(None);
    let error = RwSignal::new(None);
    let timer = StoredValue::new(None::<TimeoutHandle>);
    let wanted = StoredValue::new(None::<UnixMs>);
    effect(move || {
        let cursor = group.cursor();
        wanted.set_value(cursor);
        if let Some(timer) = timer.get_value() {
            timer.clear();
        }
        let Some(at) = cursor else {
            past.set(None);
            error.set(None);
            return;
        };
        let read = move || {
            spawn(async move {
                let answer = servers::processes(api, server, at).await;
                if wanted.try_get_value() != Some(Some(at)) {
                    return;
                }
                match answer {
                    Ok(list) => {
                        past.set(Some(Moment {
                            at: list.at,
                            processes: list.items,
                        }));
                        error.set(None);
                    }
                    Err(ApiError::Aborted) => {}
                    Err(why) => error.set(Some(why)),
                }
            });
        };
        timer.set_value(set_timeout_with_handle(read, REST).ok());
    });
    (past, error)
}
