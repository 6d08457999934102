//! Theme, time zone, language, units and start page; kept on the server as soon as one is chosen.

use common::api::settings::{ByteUnits, Preferences, StartPage, Theme};
use common::language::Language;
use leptos::prelude::*;

use crate::api::{settings, use_api};
use crate::components::form::choice::Choice;
use crate::components::toast::use_toasts;
use crate::format::language_choices;
use crate::moments;
use crate::reactive::{effect, spawn};
use crate::state::preferences::use_preferences;

/// The preferences as fields; a change counts at once and is kept.
#[component]
pub fn PreferencesForm() -> impl IntoView {
    let preferences = use_preferences();
    let toasts = use_toasts();
    let api = use_api();
    let start = preferences.current().get_untracked();
    let theme = RwSignal::new(start.theme.name().to_owned());
    let zone = RwSignal::new(start.time_zone.clone().unwrap_or_default());
    let locale = RwSignal::new(start.locale.clone().map(String::from).unwrap_or_default());
    let units = RwSignal::new(start.units.name().to_owned());
    let page = RwSignal::new(start.start_page.name().to_owned());
    effect(move || {
        let wanted = Preferences {
            theme: theme
                .with(|name| Theme::from_name(name))
                .unwrap_or_default(),
            time_zone: Some(zone.get()).filter(|zone| !zone.is_empty()),
            locale: locale.with(|name| name.parse().ok()),
            units: units
                .with(|name| ByteUnits::from_name(name))
                .unwrap_or_default(),
            start_page: page
                .with(|name| StartPage::from_name(name))
                .unwrap_or_default(),
        };
        let known = preferences.current().get_untracked();
        if wanted == known {
            return;
        }
        preferences.replace(wanted.clone());
        spawn(async move {
            match settings::replace(api, &wanted).await {
                Ok(_) => toasts.done("Saved."),
                Err(error) => toasts.failed("Not saved on the server.", &error),
            }
        });
    });
    view! {
        <div class="form form--columns">
            <Choice id="theme" label="Theme" options=themes() value=theme />
            <Choice id="time-zone" label="Time zone" options=zones(start.time_zone) value=zone />
            <Choice
                id="locale"
                label="Language of messages to you"
                options=languages(start.locale.as_ref())
                value=locale
            />
            <Choice id="units" label="Amounts of data" options=unit_names() value=units />
            <Choice id="start-page" label="Start page" options=start_pages() value=page />
        </div>
    }
}

fn options<T: Copy>(
    all: &[T],
    name: fn(T) -> &'static str,
    word: fn(T) -> &'static str,
) -> Vec<(String, String)> {
    all.iter()
        .map(|value| (name(*value).to_owned(), word(*value).to_owned()))
        .collect()
}

fn themes() -> Vec<(String, String)> {
    options(Theme::ALL, Theme::name, |theme| match theme {
        Theme::System => "As the system",
        Theme::Light => "Light",
        Theme::Dark => "Dark",
    })
}

fn unit_names() -> Vec<(String, String)> {
    options(ByteUnits::ALL, ByteUnits::name, |units| match units {
        ByteUnits::Binary => "KiB, MiB, GiB (1,024)",
        ByteUnits::Decimal => "kB, MB, GB (1,000)",
    })
}

fn start_pages() -> Vec<(String, String)> {
    options(StartPage::ALL, StartPage::name, |page| match page {
        StartPage::Overview => "Overview",
        StartPage::Server => "The first server",
        StartPage::Alerts => "Alerts",
    })
}

fn languages(chosen: Option<&Language>) -> Vec<(String, String)> {
    let mut languages = vec![(String::new(), "That of their template".to_owned())];
    languages.extend(language_choices(chosen));
    languages
}

fn zones(chosen: Option<String>) -> Vec<(String, String)> {
    let own = moments::own_zone().map_or_else(
        || "As the browser".to_owned(),
        |zone| format!("As the browser ({zone})"),
    );
    let mut zones = vec![(String::new(), own)];
    zones.extend(moments::zone_choices(chosen));
    zones
}
