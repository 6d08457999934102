//! When a page of the explorer is read anew, and for which stretch of time; never what is read.

use std::time::Duration;

use common::chart::TimeWindow;
use common::time::UnixMs;
use leptos::prelude::*;

use crate::components::chart::{ChartGroup, View};
use crate::pages::explore::address::Span;
use crate::reactive::effect;
use crate::state::load::Load;
use crate::state::ticker::use_now;

/// A long range is read anew each time that this many turns have passed.
const SELDOM: u32 = 12;
/// A zoom must rest this long before its history is read.
const REST: Duration = Duration::from_millis(200);

/// The view once a zoom has come to rest; a range is taken at once.
pub fn rested(group: ChartGroup) -> ReadSignal<View> {
    let (view, set_view) = signal(group.view().get_untracked());
    let timer = StoredValue::new(None::<TimeoutHandle>);
    let stop = move || {
        if let Some(Some(timer)) = timer.try_get_value() {
            timer.clear();
        }
    };
    effect(move || {
        let next = group.view().get();
        stop();
        if view.get_untracked() == next {
            return;
        }
        let take = move || {
            set_view.try_set(next);
        };
        match next {
            View::Live { .. } => take(),
            View::Fixed(_) => timer.set_value(set_timeout_with_handle(take, REST).ok()),
        }
    });
    on_cleanup(stop);
    view
}

/// Counts the times to read anew, `often` for a short range: never while the tab is hidden, a zoom is
/// shown or an answer is awaited.
pub fn turns(
    group: ChartGroup,
    busy: StoredValue<bool>,
    often: Duration,
    range: impl Fn() -> Span + 'static,
) -> RwSignal<u32> {
    let turn = RwSignal::new(0_u32);
    let beats = StoredValue::new(0_u32);
    let beat = move || {
        let Some(count) = beats.try_get_value() else {
            return;
        };
        let count = count.wrapping_add(1);
        beats.set_value(count);
        let is_live = matches!(group.view().get_untracked(), View::Live { .. });
        let is_due = untrack(&range).is_short() || count.is_multiple_of(SELDOM);
        if is_live && is_due && !document().hidden() && !busy.get_value() {
            turn.update(|turn| *turn = turn.wrapping_add(1));
        }
    };
    let handle = set_interval_with_handle(beat, often);
    on_cleanup(move || {
        if let Ok(handle) = handle {
            handle.clear();
        }
    });
    turn
}

/// Reads anew each so many seconds, never while the tab is hidden.
pub fn every<T: Clone + Send + Sync + 'static>(seconds: u32, load: Load<T>) {
    let now = use_now();
    let waited = StoredValue::new(0_u32);
    effect(move || {
        now.track();
        let count = waited.get_value() + 1;
        let is_due = count > seconds && !document().hidden();
        waited.set_value(if is_due { 0 } else { count });
        if is_due {
            load.again();
        }
    });
}

/// The stretch to read: around a zoom some more, so that a short pan finds it there.
pub fn wanted(view: View, now: UnixMs) -> TimeWindow {
    let window = view.window(now);
    match view {
        // The server's clock may be ahead of the browser's.
        View::Live { .. } => TimeWindow {
            from: window.from.plus_ms(-window.span_ms() / 50),
            to: window.to.plus_ms(5_000),
        },
        View::Fixed(_) => window.zoomed(window.from.plus_ms(window.span_ms() / 2), 2.0),
    }
}

/// The width of the window in CSS pixels: no chart is wider.
pub fn pixels() -> i64 {
    let width = window()
        .inner_width()
        .ok()
        .and_then(|width| width.as_f64())
        .unwrap_or(1_000.0);
    #[expect(clippy::cast_possible_truncation, reason = "a few thousand pixels")]
    let whole = width as i64;
    whole
}
