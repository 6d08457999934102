//! What says that something fires while one looks elsewhere: title, icon, a message, a sound.

use common::alert::AlertState;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::HtmlMediaElement;

use super::favicon::show_count;
use crate::browser;
use crate::components::toast::use_toasts;
use crate::reactive::effect;
use crate::state::alerts::use_alerts;
use crate::state::page::use_page_title;

/// Where this browser keeps whether a new alert makes a sound.
const KEPT_SOUND: &str = "watchpost.sound";

/// Begins to watch alerts and the page's name.
pub fn watch() {
    let (alerts, toasts, title) = (use_alerts(), use_toasts(), use_page_title());
    effect(move || {
        let crumbs = title.crumbs();
        let open = alerts.items().with(|items| {
            let open = items.iter().filter(|it| it.state == AlertState::Firing);
            open.count()
        });
        let page = crumbs.last().map_or("Watchpost", |last| &last.label);
        browser::set_title(open, page);
        show_count(open);
    });
    effect(move || {
        if let Some(alert) = alerts.news().get() {
            let text = format!("{} on {}", alert.rule, alert.server);
            toasts.alerted(text, format!("/alerts/{}", alert.id));
            if is_loud() {
                sound();
            }
        }
    });
}

/// Whether this browser makes a sound for a new alert.
pub fn is_loud() -> bool {
    browser::kept(KEPT_SOUND).is_some()
}

/// Switches the sound of this browser on or off.
pub fn set_loud(loud: bool) {
    browser::keep(KEPT_SOUND, loud.then_some("on"));
    if loud {
        sound();
    }
}

/// A browser in which nobody pressed anything yet may refuse: then it stays silent.
fn sound() {
    let sound = document().create_element("audio");
    if let Ok(sound) = sound.map(JsCast::unchecked_into::<HtmlMediaElement>) {
        drop(sound.set_attribute("src", "/alert.wav"));
        drop(sound.play());
    }
}
