//! Moments in fields of day and time, in a time zone: to text and back; never a moment's style.

use common::time::UnixMs;
use js_sys::{Array, Date, Function, Intl, Object, Reflect};
use wasm_bindgen::{JsCast, JsValue};

/// The parts that such a field has.
const PARTS: [(&str, &str); 6] = [
    ("year", "numeric"),
    ("month", "2-digit"),
    ("day", "2-digit"),
    ("hour", "2-digit"),
    ("minute", "2-digit"),
    ("hourCycle", "h23"),
];

/// A moment as a field takes it, `2026-11-22T09:30`, in a zone by its IANA name; `None`: that of the browser.
pub fn to_field(at: UnixMs, zone: Option<&str>) -> String {
    let text = local(at, zone).unwrap_or_else(|| at.to_rfc3339());
    text.replace(' ', "T").chars().take(16).collect()
}

/// The moment that stands in a field; `None` when it is no time. Of a time that comes twice, as a clock is
/// set back, the first one.
pub fn from_field(text: &str, zone: Option<&str>) -> Option<UnixMs> {
    let wanted = utc(text)?;
    let offset = |at: UnixMs| Some(utc(&to_field(at, zone))?.since_ms(at));
    // The offset of a day before is the one that the first of both times has.
    let offsets = [offset(wanted.plus_ms(-86_400_000))?, offset(wanted)?];
    let found = offsets.map(|ms| wanted.plus_ms(-ms));
    let fits = |at: &&UnixMs| to_field(**at, zone) == text;
    found.iter().find(fits).or(found.last()).copied()
}

/// The last Monday before today in a zone, `YYYY-MM-DD`: turns that begin then have begun.
pub fn last_monday(now: UnixMs, zone: &str) -> String {
    const DAY_MS: i64 = 86_400_000;
    let today = to_field(now, Some(zone));
    let today = utc(&today).unwrap_or(now).0.div_euclid(DAY_MS);
    // The first of January 1970 was a Thursday.
    let days = match (today + 3).rem_euclid(7) {
        0 => 7,
        days => days,
    };
    let monday = UnixMs((today - days) * DAY_MS).to_rfc3339();
    monday.chars().take(10).collect()
}

fn utc(text: &str) -> Option<UnixMs> {
    UnixMs::parse(&format!("{text}:00Z"))
}

fn local(at: UnixMs, zone: Option<&str>) -> Option<String> {
    let options = Object::new();
    for (part, form) in PARTS {
        Reflect::set(&options, &part.into(), &form.into()).ok()?;
    }
    if let Some(zone) = zone {
        Reflect::set(&options, &"timeZone".into(), &zone.into()).ok()?;
    }
    let intl = Reflect::get(&js_sys::global(), &"Intl".into()).ok()?;
    let format: Function = Reflect::get(&intl, &"DateTimeFormat".into())
        .ok()?
        .unchecked_into();
    // Sweden writes days as such fields do. A zone that the browser does not know throws.
    let format =
        Reflect::construct(&format, &Array::of2(&Array::of1(&"sv-SE".into()), &options)).ok()?;
    #[expect(
        clippy::cast_precision_loss,
        reason = "milliseconds since 1970 are exact in a float"
    )]
    let date = Date::new(&JsValue::from_f64(at.0 as f64));
    let text = Intl::DateTimeFormat::from(format)
        .format()
        .call1(&JsValue::NULL, &date)
        .ok()?;
    text.as_string()
}
