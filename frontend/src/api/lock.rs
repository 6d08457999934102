//! A lock shared by all tabs of this browser (Web Locks); never held across a page load.

use js_sys::{Function, Object, Promise, Reflect};
use leptos::prelude::window;
use wasm_bindgen::prelude::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

/// Holds the lock until it is dropped.
pub(super) struct Held {
    release: Option<Function>,
}

impl Drop for Held {
    fn drop(&mut self) {
        if let Some(release) = &self.release {
            drop(release.call0(&JsValue::NULL));
        }
    }
}

/// Waits for the lock of that name.
/// A browser without Web Locks (an insecure origin has none) gives it at once.
pub(super) async fn hold(name: &str) -> Held {
    let Some((locks, request)) = lock_manager() else {
        return Held { release: None };
    };
    let mut release = None;
    let until_released = Promise::new(&mut |resolve, _| release = Some(resolve));
    let granted = Promise::new(&mut |resolve, _| {
        let until_released = until_released.clone();
        // Called once with the lock; what it returns says how long the lock is held.
        let on_granted = Closure::once_into_js(move || {
            drop(resolve.call0(&JsValue::NULL));
            until_released
        });
        drop(request.call2(&locks, &JsValue::from_str(name), &on_granted));
    });
    drop(JsFuture::from(granted).await);
    Held { release }
}

fn lock_manager() -> Option<(Object, Function)> {
    let navigator = Reflect::get(&window(), &"navigator".into()).ok()?;
    let locks: Object = Reflect::get(&navigator, &"locks".into())
        .ok()?
        .dyn_into()
        .ok()?;
    let request = Reflect::get(&locks, &"request".into())
        .ok()?
        .dyn_into()
        .ok()?;
    Some((locks, request))
}
