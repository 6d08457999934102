//! The charts of a server side by side; never where their points come from.

use common::alert::{Alert, Rule};
use common::api::settings::ByteUnits;
use common::chart::{ChartSpec, ChartUnit, TimeWindow, ValueBounds, nearest};
use leptos::prelude::*;

use crate::components::chart::chart_view::Chart;
use crate::components::chart::heat_map::HeatMap;
use crate::components::chart::use_charts;
use crate::moments::Style;
use crate::pages::server::book::Book;
use crate::pages::server::charts::{CPU, DISK, LOAD, Line, MEMORY, NETWORK, chart, cores, mark};
use crate::pages::server::reading::Reading;
use crate::state::preferences::use_preferences;

/// The rules and the alerts that are marked on the charts.
#[derive(Clone, Copy)]
pub struct Marked {
    /// Every rule.
    pub rules: Memo<Vec<Rule>>,
    /// The server's alerts, also those that are over.
    pub alerts: Memo<Vec<Alert>>,
}

/// Processors in sum and one by one.
#[component]
pub fn ProcessorCharts(
    /// The curves.
    book: Book,
    /// What is marked on them.
    marked: Marked,
) -> impl IntoView {
    let group = use_charts();
    let spec = move || {
        let window = group.window().get();
        let bounds = ValueBounds::up_to(100.0);
        let mut spec = chart(book, window, ChartUnit::Percent, bounds, &CPU);
        mark_on(&mut spec, marked, "host_cpu_usage_percent");
        spec
    };
    let busy = move || {
        let shown = at_cursor(&book, Reading::CpuTotal);
        view! { {when()} <strong>{ChartUnit::Percent.format(shown)}</strong> }
    };
    let all_cores = move || {
        let cores = book.cores();
        let is_busy =
            |cpu: &&u32| at_cursor(&book, Reading::Core(**cpu)).is_some_and(|it| it >= 50.0);
        let busy = cores.iter().filter(is_busy).count();
        view! { <strong>{busy}</strong> " of " {cores.len()} " busy" }
    };
    view! {
        <div class="server-grid__wide">
            <Chart title="CPU" spec=Signal::derive(spec) figure=busy />
        </div>
        <div class="server-grid__rest">
            <HeatMap
                title="Cores"
                spec=Signal::derive(move || cores(book, group.window().get()))
                unit=ChartUnit::Percent
                figure=all_cores
            />
        </div>
    }
}

/// Memory, disks, network, load.
#[component]
pub fn OtherCharts(
    /// The curves.
    book: Book,
    /// What is marked on them.
    marked: Marked,
) -> impl IntoView {
    let (group, preferences) = (use_charts(), use_preferences());
    let is_decimal = move || preferences.units() == ByteUnits::Decimal;
    let amount = move || {
        if is_decimal() {
            ChartUnit::DecimalBytes
        } else {
            ChartUnit::Bytes
        }
    };
    let speed = move || {
        if is_decimal() {
            ChartUnit::DecimalBytesPerSecond
        } else {
            ChartUnit::BytesPerSecond
        }
    };
    let simple = move |unit: ChartUnit, lines: &'static [Line]| {
        let window = group.window().get();
        chart(book, window, unit, ValueBounds::default(), lines)
    };
    let memory = move || {
        let total = last(&book, Reading::MemoryTotal);
        let mut spec = simple(amount(), &MEMORY);
        spec.bounds = total.map_or_else(ValueBounds::default, ValueBounds::up_to);
        mark_on(&mut spec, marked, "host_memory_usage_percent");
        // The threshold is one of "used"; on top of the stack it would be read as one of all.
        spec.thresholds.clear();
        spec
    };
    let load = move || {
        let mut spec = simple(ChartUnit::Number, &LOAD);
        mark_on(&mut spec, marked, "host_load_per_core");
        // A line far above every value would flatten them.
        spec.thresholds.clear();
        spec
    };
    let used = move || {
        let read = |reading| amount().format(at_cursor(&book, reading));
        view! { <strong>{read(Reading::MemoryUsed)}</strong> " of " {amount().format(last(&book, Reading::MemoryTotal))} }
    };
    let peak = move |unit: ChartUnit, lines: &'static [Line]| {
        let highest = unit.format(highest(&book, group.window().get(), lines));
        view! { "peak " <strong>{highest}</strong> }
    };
    let load_now = move || {
        let read = ChartUnit::Number.format(at_cursor(&book, Reading::Load1));
        view! { <strong>{read}</strong> " on " {book.cores().len()} " cores" }
    };
    view! {
        <div class="server-grid__third">
            <Chart title="Memory" spec=Signal::derive(memory) figure=used />
        </div>
        <div class="server-grid__third">
            <Chart
                title="Disk I/O"
                spec=Signal::derive(move || simple(speed(), &DISK))
                figure=move || peak(speed(), &DISK)
            />
        </div>
        <div class="server-grid__third">
            <Chart
                title="Network"
                spec=Signal::derive(move || simple(ChartUnit::BitsPerSecond, &NETWORK))
                figure=move || peak(ChartUnit::BitsPerSecond, &NETWORK)
            />
        </div>
        <div class="server-grid__third">
            <Chart title="Load" spec=Signal::derive(load) figure=load_now />
        </div>
    }
}

fn mark_on(spec: &mut ChartSpec, marked: Marked, metric: &str) {
    marked.rules.with(|rules| {
        marked
            .alerts
            .with(|alerts| mark(spec, metric, rules, alerts));
    });
}

/// The value under the cross-hair; the newest without one.
fn at_cursor(book: &Book, reading: Reading) -> Option<f64> {
    let group = use_charts();
    let at = group.cursor().unwrap_or_else(|| group.window().get().to);
    nearest(&book.points(reading), at, book.gap_ms()).map(|(_, value)| value)
}

/// The highest value in sight.
fn highest(book: &Book, window: TimeWindow, lines: &[Line]) -> Option<f64> {
    let of_line = |line: &Line| {
        let points = book.points(line.0);
        let seen = points.iter().filter(|point| window.holds(point.at));
        seen.filter_map(|point| point.value).reduce(f64::max)
    };
    lines.iter().filter_map(of_line).reduce(f64::max)
}

/// The newest value there is.
fn last(book: &Book, reading: Reading) -> Option<f64> {
    let points = book.points(reading);
    points.iter().rev().find_map(|point| point.value)
}

/// `at 14:09:47` while a moment is pointed at.
fn when() -> Option<String> {
    let preferences = use_preferences();
    let at = use_charts().cursor()?;
    Some(format!("at {} ", preferences.moment(at, Style::Second)))
}
