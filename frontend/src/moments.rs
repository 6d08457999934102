//! Moments as text in the viewer's time zone and language (Intl); never an age.

use std::cell::RefCell;
use std::collections::HashMap;

use common::time::UnixMs;
use js_sys::{Array, Date, Function, Intl, JsString, Object, Reflect};
use wasm_bindgen::{JsCast, JsValue};

use crate::state::preferences::UserPreferences;

/// How much of a moment is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Style {
    /// Hours and minutes: `14:09`.
    Minute,
    /// Hours, minutes, seconds: `14:09:47`.
    Second,
    /// Day and time: `21 Nov 2026, 14:09`.
    DayAndTime,
}

thread_local! {
    /// Making a format is slow, using it is fast.
    static FORMATS: RefCell<HashMap<(Style, Option<String>), Function>> = RefCell::default();
}

impl UserPreferences {
    /// A moment in this person's time zone; follows when it changes.
    pub fn moment(self, at: UnixMs, style: Style) -> String {
        moment(at, style, self.time_zone())
    }
}

/// A moment in a time zone by its IANA name; `None`: that of the browser.
/// A zone that the browser does not know falls back to its own; without `Intl` it is RFC 3339 in UTC.
pub fn moment(at: UnixMs, style: Style, zone: Option<String>) -> String {
    let format = FORMATS.with_borrow_mut(|formats| {
        formats
            .entry((style, zone))
            .or_insert_with_key(|(style, zone)| format_function(*style, zone.as_deref()))
            .clone()
    });
    #[expect(
        clippy::cast_precision_loss,
        reason = "milliseconds since 1970 are exact in a float"
    )]
    let date = Date::new(&JsValue::from_f64(at.0 as f64));
    format
        .call1(&JsValue::NULL, &date)
        .ok()
        .and_then(|text| text.as_string())
        .unwrap_or_else(|| at.to_rfc3339())
}

/// The time zones to choose from, each with what is shown; `chosen` is among them even if the browser does not know it.
pub fn zone_choices(chosen: Option<String>) -> Vec<(String, String)> {
    let known = zones();
    let missing = chosen.filter(|zone| !known.contains(zone));
    let all = missing.into_iter().chain(known);
    all.map(|zone| (zone.clone(), zone)).collect()
}

/// All time zones that the browser knows, by their IANA name, UTC first; that alone when it does not say.
fn zones() -> Vec<String> {
    let intl = Reflect::get(&js_sys::global(), &"Intl".into()).unwrap_or_default();
    let list = Reflect::get(&intl, &"supportedValuesOf".into())
        .ok()
        .and_then(|ask| ask.dyn_into::<Function>().ok())
        .and_then(|ask| ask.call1(&intl, &"timeZone".into()).ok())
        .and_then(|list| list.dyn_into::<Array>().ok());
    let mut zones = vec!["UTC".to_owned()];
    for zone in list.iter().flat_map(Array::iter) {
        if let Some(zone) = zone.as_string().filter(|zone| zone != "UTC") {
            zones.push(zone);
        }
    }
    zones
}

/// The browser's own time zone, by its IANA name; `None` when it does not say.
pub fn own_zone() -> Option<String> {
    let options = Intl::DateTimeFormat::new(&Array::new(), &Object::new()).resolved_options();
    Reflect::get(&options, &"timeZone".into())
        .ok()?
        .dyn_into::<JsString>()
        .ok()
        .map(String::from)
}

fn format_function(style: Style, zone: Option<&str>) -> Function {
    let options = options(style);
    if let Some(zone) = zone {
        set(&options, "timeZone", zone);
        // A zone that the browser does not know throws.
        let known = Reflect::construct(&date_time_format(), &Array::of2(&locale(), &options));
        if let Ok(format) = known {
            return Intl::DateTimeFormat::from(format).format();
        }
    }
    Intl::DateTimeFormat::new(&locale(), &self::options(style)).format()
}

/// English words, a clock of 24 hours: the words around are English too.
fn locale() -> Array {
    Array::of1(&"en-GB".into())
}

fn options(style: Style) -> Object {
    let options = Object::new();
    let parts: &[(&str, &str)] = match style {
        Style::Minute => &[("hour", "2-digit"), ("minute", "2-digit")],
        Style::Second => &[
            ("hour", "2-digit"),
            ("minute", "2-digit"),
            ("second", "2-digit"),
        ],
        Style::DayAndTime => &[
            ("day", "numeric"),
            ("month", "short"),
            ("year", "numeric"),
            ("hour", "2-digit"),
            ("minute", "2-digit"),
        ],
    };
    for (part, form) in parts {
        set(&options, part, form);
    }
    set(&options, "hourCycle", "h23");
    options
}

fn set(options: &Object, name: &str, value: &str) {
    // Setting a field of a plain object cannot fail.
    drop(Reflect::set(options, &name.into(), &value.into()));
}

fn date_time_format() -> Function {
    let intl = Reflect::get(&js_sys::global(), &"Intl".into()).unwrap_or_default();
    Reflect::get(&intl, &"DateTimeFormat".into())
        .unwrap_or_default()
        .unchecked_into()
}
