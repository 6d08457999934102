//! The few things asked of the browser itself: time, storage, title, chance; never a request.

use common::time::UnixMs;
use leptos::prelude::{document, window};

/// The present moment by the browser's clock.
pub fn now() -> UnixMs {
    #[expect(
        clippy::cast_possible_truncation,
        reason = "milliseconds since 1970 fit"
    )]
    UnixMs(js_sys::Date::now() as i64)
}

/// Milliseconds since the page was opened, never going back.
pub fn monotonic_ms() -> f64 {
    window()
        .performance()
        .map_or_else(js_sys::Date::now, |clock| clock.now())
}

/// A number in `0.0..1.0`, different each time.
pub fn chance() -> f64 {
    js_sys::Math::random()
}

/// The page title, as in the tab and the history.
pub fn set_title(page: &str) {
    document().set_title(&format!("{page} · Watchpost"));
}

/// What this browser kept under `key`; `None` when nothing is there or storage is refused.
pub fn kept(key: &str) -> Option<String> {
    window().local_storage().ok()??.get_item(key).ok()?
}

/// Keeps `value` under `key` in this browser, or forgets it; does nothing where storage is refused.
pub fn keep(key: &str, value: Option<&str>) {
    let Ok(Some(storage)) = window().local_storage() else {
        return;
    };
    // A full or refused storage costs a convenience, never a function.
    drop(match value {
        Some(value) => storage.set_item(key, value),
        None => storage.remove_item(key),
    });
}

/// Loads the page anew, keeping its address.
pub fn reload() {
    drop(window().location().reload());
}
