//! Temperatures, where there are sensors; never a panel without one.

use common::chart::ChartUnit;
use leptos::prelude::*;

use crate::components::page::Panel;
use crate::reactive::memo;
use crate::state::samples::LiveSample;

/// The sensors with their readings.
#[component]
pub fn Temperatures(
    /// The newest sample.
    live: ReadSignal<Option<LiveSample>>,
) -> impl IntoView {
    let names = memo(move || {
        live.with(|live| {
            let sensors = live.as_ref().map(|live| live.sample.sensors.iter());
            let names = sensors.into_iter().flatten().map(|it| it.name.clone());
            names.collect::<Vec<_>>()
        })
    });
    let reading = move |name: &str| {
        live.with(|live| {
            let sensors = &live.as_ref()?.sample.sensors;
            let sensor = sensors.iter().find(|it| it.name == name)?;
            let is_hot = sensor
                .celsius
                .zip(sensor.critical_celsius)
                .is_some_and(|(now, critical)| now >= critical);
            Some((ChartUnit::Celsius.format(sensor.celsius), is_hot))
        })
    };
    view! {
        <Show when=move || !names.with(Vec::is_empty)>
            <Panel title="Temperatures">
                <ul class="temperatures">
                    <For each=move || names.get() key=Clone::clone let:name>
                        {
                            let label = name.clone();
                            let now = memo(move || reading(&name));
                            view! {
                                <li class="temperatures__one">
                                    <span class="temperatures__name">{label}</span>
                                    <span
                                        class="values"
                                        class:temperatures__hot=move || {
                                            now.with(|now| now.as_ref().is_some_and(|it| it.1))
                                        }
                                    >
                                        {move || now.with(|now| now.as_ref().map(|it| it.0.clone()))}
                                    </span>
                                </li>
                            }
                        }
                    </For>
                </ul>
            </Panel>
        </Show>
    }
}
