//! How this person wants to see things: theme, time zone, units; never what is shown.

use common::api::settings::{ByteUnits, Preferences, StartPage, Theme};
use leptos::prelude::*;

use super::session::use_session;
use crate::api::settings;
use crate::reactive::spawn;
use crate::{browser, moments};

/// The theme as this browser keeps it: `theme.js` reads it before the first paint.
const KEPT_THEME: &str = "watchpost.theme";
/// The start page likewise, so that a visit begins there at once.
const KEPT_START: &str = "watchpost.start";

/// The preferences of the person who is logged in.
#[derive(Clone, Copy)]
pub struct UserPreferences {
    current: RwSignal<Preferences>,
    read: RwSignal<bool>,
}

impl UserPreferences {
    /// Makes them known to all components below and reads them.
    pub fn provide() -> Self {
        let preferences = Self {
            current: RwSignal::new(Preferences::default()),
            read: RwSignal::new(false),
        };
        provide_context(preferences);
        let api = use_session().api();
        spawn(async move {
            if let Ok(read) = settings::read(api).await {
                preferences.replace(read);
            }
            preferences.read.try_set(true);
        });
        preferences
    }

    /// Shows things in this way from now on.
    pub fn replace(self, new: Preferences) {
        browser::keep(KEPT_THEME, theme_mark(new.theme));
        show_theme(new.theme);
        browser::keep(KEPT_START, Some(new.start_page.name()));
        self.current.try_set(new);
    }

    /// All of them.
    pub fn current(self) -> ReadSignal<Preferences> {
        self.current.read_only()
    }

    /// Whether the server was asked for them; the defaults hold before.
    pub fn is_read(self) -> bool {
        self.read.get()
    }

    /// The page that a visit begins with, as far as this browser or the server has said.
    pub fn start_page(self) -> Option<StartPage> {
        if self.is_read() {
            return Some(self.current.with(|now| now.start_page));
        }
        browser::kept(KEPT_START).and_then(|name| StartPage::from_name(&name))
    }

    /// The time zone by its IANA name; `None`: that of the browser.
    pub fn time_zone(self) -> Option<String> {
        self.current.with(|now| now.time_zone.clone())
    }

    /// The time zone that a new entry begins with; `None`: the browser does not say its own.
    pub fn zone_or_own(self) -> Option<String> {
        self.time_zone().or_else(moments::own_zone)
    }

    /// How bytes are counted.
    pub fn units(self) -> ByteUnits {
        self.current.with(|now| now.units)
    }
}

/// The preferences of the person who is logged in.
pub fn use_preferences() -> UserPreferences {
    expect_context()
}

fn show_theme(theme: Theme) {
    let Some(root) = document().document_element() else {
        return;
    };
    drop(match theme_mark(theme) {
        Some(name) => root.set_attribute("data-theme", name),
        None => root.remove_attribute("data-theme"),
    });
}

fn theme_mark(theme: Theme) -> Option<&'static str> {
    match theme {
        Theme::System => None,
        Theme::Light | Theme::Dark => Some(theme.name()),
    }
}
