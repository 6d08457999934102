//! The few things asked of the browser itself: time, storage, title, chance; never a request.

use std::cell::Cell;

use common::time::UnixMs;
use leptos::prelude::{document, request_animation_frame, window};
use leptos::wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::HtmlElement;

thread_local! {
    /// How far the server's clock is ahead of the browser's, in milliseconds.
    static AHEAD_MS: Cell<i64> = const { Cell::new(0) };
}

/// The present moment by the server's clock, as far as it is known.
pub fn now() -> UnixMs {
    own_now().plus_ms(AHEAD_MS.get())
}

/// Takes note of the server's clock, so that an age is right on a device whose clock is wrong.
pub fn align(server_time: UnixMs) {
    AHEAD_MS.set(server_time.since_ms(own_now()));
}

fn own_now() -> UnixMs {
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

/// The page title, as in the tab and the history, and how many alerts are open.
pub fn set_title(open: usize, page: &str) {
    let mut title = String::new();
    if open > 0 {
        title.push('(');
        title.push_str(&open.to_string());
        title.push_str(") ");
    }
    title.push_str(page);
    title.push_str(" · Watchpost");
    document().set_title(&title);
}

/// Puts a text into the clipboard; whether the browser did it. It does so over HTTPS only.
pub async fn copy(text: &str) -> bool {
    // Elsewhere there is no clipboard to ask.
    if !window().is_secure_context() {
        return false;
    }
    let copying = window().navigator().clipboard().write_text(text);
    JsFuture::from(copying).await.is_ok()
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

/// Gives the keyboard to the element of that id once the page is as it will be drawn.
pub fn focus_soon(id: String) {
    request_animation_frame(move || {
        let element = document().get_element_by_id(&id);
        if let Some(element) = element.and_then(|it| it.dyn_into::<HtmlElement>().ok()) {
            // Fails only when it is no longer in the page.
            drop(element.focus());
        }
    });
}
