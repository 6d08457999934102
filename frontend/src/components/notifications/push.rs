//! What the browser itself does for Web Push: service worker, permission, subscription; never a request.

use js_sys::{JSON, Reflect};
use leptos::prelude::window;
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    Notification, NotificationPermission, PushManager, PushSubscription,
    PushSubscriptionOptionsInit, ServiceWorkerRegistration,
};

/// The file that shows what is pushed.
const WORKER: &str = "/sw.js";

/// What this browser can do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ability {
    /// It can be told.
    Able,
    /// Browsers do it over HTTPS, or on the server's own machine, alone.
    Insecure,
    /// It does not know how.
    Unable,
    /// Its person forbade it.
    Forbidden,
}

/// What this browser can do.
pub fn ability() -> Ability {
    let window = window();
    let has =
        |of: &JsValue, name: &str| Reflect::has(of, &JsValue::from_str(name)).unwrap_or(false);
    if !window.is_secure_context() {
        return Ability::Insecure;
    }
    let knows = has(&window, "PushManager")
        && has(&window, "Notification")
        && has(&window.navigator(), "serviceWorker");
    if !knows {
        Ability::Unable
    } else if Notification::permission() == NotificationPermission::Denied {
        Ability::Forbidden
    } else {
        Ability::Able
    }
}

/// Whether this browser has a subscription.
pub async fn is_subscribed() -> bool {
    matches!(present().await, Ok(Some(_)))
}

/// Asks its person, who has just pressed a button, and subscribes by the server's key; the subscription as
/// JSON, or why there is none.
pub async fn subscribe(key: &str) -> Result<String, String> {
    let asked = Notification::request_permission().map_err(|error| said(&error))?;
    let answer = JsFuture::from(asked).await.map_err(|error| said(&error))?;
    if answer.as_string().as_deref() != Some("granted") {
        return Err("The browser was not allowed to show messages.".to_owned());
    }
    // One by another key would be in the way.
    unsubscribe().await?;
    let worker = window().navigator().service_worker();
    JsFuture::from(worker.register(WORKER))
        .await
        .map_err(|error| said(&error))?;
    let ready = JsFuture::from(worker.ready().map_err(|error| said(&error))?);
    let registration: ServiceWorkerRegistration =
        ready.await.map_err(|error| said(&error))?.unchecked_into();
    let options = PushSubscriptionOptionsInit::new();
    options.set_application_server_key(&JsValue::from_str(key));
    options.set_user_visible_only(true);
    let manager: PushManager = registration.push_manager().map_err(|error| said(&error))?;
    let made = manager
        .subscribe_with_options(&options)
        .map_err(|error| said(&error))?;
    let made = JsFuture::from(made).await.map_err(|error| said(&error))?;
    let text = JSON::stringify(&made).map_err(|error| said(&error))?;
    Ok(String::from(text))
}

/// Ends the subscription, if there is one.
pub async fn unsubscribe() -> Result<(), String> {
    if let Some(subscription) = present().await.map_err(|error| said(&error))? {
        let ended = subscription.unsubscribe().map_err(|error| said(&error))?;
        JsFuture::from(ended).await.map_err(|error| said(&error))?;
    }
    Ok(())
}

async fn present() -> Result<Option<PushSubscription>, JsValue> {
    let worker = window().navigator().service_worker();
    let found = JsFuture::from(worker.get_registration()).await?;
    let Ok(registration) = found.dyn_into::<ServiceWorkerRegistration>() else {
        return Ok(None);
    };
    let found = JsFuture::from(registration.push_manager()?.get_subscription()?).await?;
    Ok(found.dyn_into::<PushSubscription>().ok())
}

/// An error of the browser in its own words.
fn said(error: &JsValue) -> String {
    let message = Reflect::get(error, &JsValue::from_str("message")).ok();
    let message = message.and_then(|it| it.as_string());
    format!(
        "The browser refused: {}",
        message.unwrap_or_else(|| "it does not say why.".to_owned())
    )
}
