//! The size of an element as a signal; never a size of its own.

use crate::reactive::effect;
use common::chart::Size;
use leptos::html;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use leptos::wasm_bindgen::closure::Closure;
use web_sys::{HtmlElement, ResizeObserver};

/// The inner size of the element in CSS pixels; `None` before it is in the page or while it has none.
pub(super) fn watch_size(element: NodeRef<html::Div>) -> ReadSignal<Option<Size>> {
    let (size, set_size) = signal(None);
    effect(move || {
        let Some(element) = element.get() else {
            return;
        };
        let element: HtmlElement = element.unchecked_into();
        let measured = element.clone();
        let renew = move || {
            let now = Size {
                width: f64::from(measured.client_width()),
                height: f64::from(measured.client_height()),
            };
            let shown = (now.width >= 1.0 && now.height >= 1.0).then_some(now);
            if size.try_get_untracked().is_some_and(|known| known != shown) {
                set_size.set(shown);
            }
        };
        renew();
        let changed = Closure::<dyn Fn()>::new(renew);
        let Ok(observer) = ResizeObserver::new(changed.as_ref().unchecked_ref()) else {
            return;
        };
        observer.observe(&element);
        let held = StoredValue::new_local((observer, changed));
        on_cleanup(move || {
            held.try_with_value(|(observer, _)| observer.disconnect());
        });
    });
    size
}
