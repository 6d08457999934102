//! Where a visit begins: the page that the person chose; never a page that an address names.

use common::api::settings::StartPage;
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_location, use_navigate};

use super::fleet::use_fleet;
use super::preferences::use_preferences;
use crate::places::{Place, server_path};
use crate::reactive::effect;

/// Leads a visit that names no page to the chosen one, once.
pub fn open_start_page() {
    let path = use_location().pathname.get_untracked();
    if path != "/" && path != "/login" {
        return;
    }
    let navigate = use_navigate();
    let preferences = use_preferences();
    let fleet = use_fleet();
    let is_open = StoredValue::new(true);
    effect(move || {
        let Some(start) = preferences.start_page().filter(|_| is_open.get_value()) else {
            return;
        };
        let target = match start {
            StartPage::Overview => Place::Overview.path().to_owned(),
            StartPage::Alerts => Place::Alerts.path().to_owned(),
            StartPage::Server => match fleet.order().get().first() {
                Some(first) => server_path(*first),
                None => return,
            },
        };
        is_open.set_value(false);
        if target != path {
            let options = NavigateOptions {
                replace: true,
                ..NavigateOptions::default()
            };
            navigate(&target, options);
        }
    });
}
