//! The curves of the server that is looked at: history, and live samples after it.
//! Never draws, and never asks twice for the same stretch.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use common::chart::{LivePoints, Point, TimeWindow};
use common::ids::ServerId;
use common::time::UnixMs;
use leptos::prelude::*;

use super::history::{column_ms, curves, merging, questions};
use super::reading::{Reading, of_sample};
use crate::api::{Api, metrics, use_api};
use crate::components::chart::{ChartGroup, View};
use crate::reactive::{effect, spawn};
use crate::state::load::Loaded;
use crate::state::samples::LiveSample;

/// Samples this far apart have a gap between them that history may fill.
const GAP_MS: i64 = 3_500;
/// A zoom must rest this long before its history is read.
const REST: Duration = Duration::from_millis(200);

/// All curves of one server.
#[derive(Clone, Copy)]
pub struct Book {
    server: ServerId,
    api: Api,
    group: ChartGroup,
    curves: StoredValue<HashMap<Reading, LivePoints>>,
    /// Counts the changes of the curves.
    edition: RwSignal<u32>,
    /// What a column of pixels stands for.
    column_ms: RwSignal<i64>,
    state: RwSignal<Loaded<()>>,
    newest: StoredValue<Option<UnixMs>>,
    request: StoredValue<u32>,
}

impl Book {
    /// Reads the history that the group's view needs, again when that changes, and adds live samples.
    pub fn open(server: ServerId, group: ChartGroup, live: ReadSignal<Option<LiveSample>>) -> Self {
        let book = Self {
            server,
            api: use_api(),
            group,
            curves: StoredValue::new(HashMap::new()),
            edition: RwSignal::new(0),
            column_ms: RwSignal::new(1_000),
            state: RwSignal::new(Loaded::Loading),
            newest: StoredValue::new(None),
            request: StoredValue::new(0),
        };
        let timer = StoredValue::new(None::<TimeoutHandle>);
        on_cleanup(move || {
            if let Some(Some(timer)) = timer.try_get_value() {
                timer.clear();
            }
        });
        Effect::new(move |before: Option<View>| {
            let view = group.view().get();
            if let Some(timer) = timer.get_value() {
                timer.clear();
            }
            // A new range is read at once, a zoom when the wheel has come to rest.
            match (before, view) {
                (Some(_), View::Fixed(_)) => {
                    timer.set_value(set_timeout_with_handle(move || book.read(), REST).ok());
                }
                _ => book.read(),
            }
            view
        });
        effect(move || {
            live.with(|sample| {
                if let Some(sample) = sample {
                    book.take(sample);
                }
            });
        });
        book
    }

    /// How far the history has come.
    pub fn state(self) -> ReadSignal<Loaded<()>> {
        self.state.read_only()
    }

    /// The points of a curve; whoever asks is told when they change.
    pub fn points(self, reading: Reading) -> Arc<Vec<Point>> {
        self.edition.track();
        self.curves
            .with_value(|curves| curves.get(&reading).map(LivePoints::points))
            .unwrap_or_default()
    }

    /// The processors that there are curves of, in order.
    pub fn cores(self) -> Vec<u32> {
        self.edition.track();
        let mut cores: Vec<u32> = self.curves.with_value(|curves| {
            let core = |reading: &Reading| match reading {
                Reading::Core(cpu) => Some(*cpu),
                _ => None,
            };
            curves.keys().filter_map(core).collect()
        });
        cores.sort_unstable();
        cores
    }

    /// Points further apart than this are not joined, in milliseconds.
    pub fn gap_ms(self) -> i64 {
        (self.column_ms.get() * 5 / 2).max(GAP_MS)
    }

    /// Reads the history anew.
    pub fn read(self) {
        let this = self.request.get_value().wrapping_add(1);
        self.request.set_value(this);
        if matches!(self.state.get_untracked(), Loaded::Failed(_)) {
            self.state.set(Loaded::Loading);
        }
        let window = self.wanted();
        let column = column_ms(self.group.window().get_untracked());
        let asked = questions(self.server, window, column);
        spawn(async move {
            let answer = metrics::query(self.api, &asked).await;
            // The page was left, or something else was asked for since.
            if self.request.try_get_value() != Some(this) {
                return;
            }
            let outcome = answer.map(|answers| self.refill(curves(&answers), column));
            self.state
                .try_update(|state| *state = state.clone().after(outcome));
        });
    }

    /// The stretch to read: around a zoom some more, so that a short pan finds it there.
    fn wanted(self) -> TimeWindow {
        let window = self.group.window().get_untracked();
        match self.group.view().get_untracked() {
            View::Live { .. } => TimeWindow {
                from: window.from.plus_ms(-window.span_ms() / 50),
                // The server's clock may be ahead of what has come so far.
                to: window.to.plus_ms(60_000),
            },
            View::Fixed(_) => window.zoomed(window.from.plus_ms(window.span_ms() / 2), 2.0),
        }
    }

    fn refill(self, history: HashMap<Reading, Vec<Point>>, column_ms: i64) {
        self.curves.update_value(|known| {
            known.retain(|reading, _| history.contains_key(reading));
            for (reading, points) in history {
                let curve = known.entry(reading);
                let curve = curve.or_insert_with(|| blank(reading, column_ms));
                curve.refill(points, merging(reading, column_ms).1);
            }
        });
        self.column_ms.set(column_ms);
        self.edition
            .update(|edition| *edition = edition.wrapping_add(1));
    }

    fn take(self, sample: &LiveSample) {
        let before = self.newest.get_value();
        if before.is_some_and(|before| sample.at <= before) {
            return;
        }
        self.newest.set_value(Some(sample.at));
        self.group.advance(sample.at);
        // Someone who looks at the past is not disturbed; returning reads it anew.
        let View::Live { span_ms } = self.group.view().get_untracked() else {
            return;
        };
        let keep_from = sample.at.plus_ms(-span_ms - span_ms / 10);
        let column_ms = self.column_ms.get_untracked();
        let readings = of_sample(&sample.sample);
        self.curves.update_value(|curves| {
            for (reading, _) in &readings {
                curves
                    .entry(*reading)
                    .or_insert_with(|| blank(*reading, column_ms));
            }
            for (reading, points) in curves.iter_mut() {
                let value = readings.iter().find(|it| it.0 == *reading).map(|it| it.1);
                points.push(sample.at, value, keep_from);
            }
        });
        self.edition
            .update(|edition| *edition = edition.wrapping_add(1));
        if before.is_some_and(|before| sample.at.since_ms(before) > GAP_MS) {
            self.read();
        }
    }
}

/// A curve without a history yet.
fn blank(reading: Reading, column_ms: i64) -> LivePoints {
    let (merge, step_ms) = merging(reading, column_ms);
    LivePoints::new(Vec::new(), step_ms, merge)
}
