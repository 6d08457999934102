//! The viewer's time zone: the chosen one, else the browser's; never a format of its own.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use common::chart::LocalTime;
use common::time::UnixMs;
use js_sys::{Date, Object, Reflect};
use leptos::prelude::*;
use leptos::wasm_bindgen::JsValue;

use crate::reactive::memo;
use crate::state::preferences::use_preferences;

const HOUR_MS: i64 = 3_600_000;

/// A time zone as charts and tables need it.
#[derive(Clone, Default)]
pub struct ViewerZone {
    /// IANA name; `None`: the browser's.
    name: Option<String>,
    /// Offsets by the quarter hour: asking the browser is slow.
    known: Rc<RefCell<HashMap<i64, i64>>>,
}

impl ViewerZone {
    /// The zone of that name; `None`: the browser's.
    pub fn new(name: Option<String>) -> Self {
        Self {
            name,
            known: Rc::default(),
        }
    }

    /// Day and time of day: `21 Nov, 14:09:47`.
    pub fn day_and_time(&self, at: UnixMs) -> String {
        format!("{}, {}", self.day(at), self.time_of_day(at, true))
    }
}

impl LocalTime for ViewerZone {
    fn offset_ms(&self, at: UnixMs) -> i64 {
        // Clocks change at full quarter hours everywhere.
        let quarter = at.0.div_euclid(HOUR_MS / 4);
        if let Some(offset) = self.known.borrow().get(&quarter) {
            return *offset;
        }
        let offset = ask(at, self.name.as_deref());
        self.known.borrow_mut().insert(quarter, offset);
        offset
    }
}

/// The viewer's zone; whoever reads it is told when another one is chosen.
pub fn use_zone() -> Signal<ViewerZone, LocalStorage> {
    let preferences = use_preferences();
    let name = memo(move || preferences.time_zone());
    Signal::derive_local(move || ViewerZone::new(name.get()))
}

fn ask(at: UnixMs, name: Option<&str>) -> i64 {
    #[expect(clippy::cast_precision_loss, reason = "milliseconds since 1970 fit")]
    let date = Date::new(&JsValue::from_f64(at.0 as f64));
    let by_name = name.and_then(|name| {
        let options = Object::new();
        Reflect::set(&options, &"timeZone".into(), &name.into()).ok()?;
        // This locale writes what RFC 3339 writes: `2026-11-21 14:09:47`.
        let text = String::from(date.to_locale_string("sv-SE", &options));
        let local = UnixMs::parse(&format!("{}Z", text.replacen(' ', "T", 1)))?;
        Some(local.since_ms(UnixMs(at.0.div_euclid(1_000) * 1_000)))
    });
    #[expect(clippy::cast_possible_truncation, reason = "minutes of a day")]
    by_name.unwrap_or_else(|| -(date.get_timezone_offset() as i64) * 60_000)
}
