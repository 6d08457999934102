//! The colours of charts, read from the tokens of the stylesheet; never a colour of its own.

use common::chart::{ChartTheme, Rgb, SeriesColor};
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use leptos::wasm_bindgen::closure::Closure;
use web_sys::CssStyleDeclaration;

use crate::reactive::effect;
use crate::state::preferences::use_preferences;

/// What the person or the system may change while a chart is shown.
const QUERIES: [&str; 2] = ["(prefers-color-scheme: dark)", "(prefers-contrast: more)"];

/// The colours as they are now; renewed when the theme changes.
pub(super) fn watch_theme() -> ReadSignal<ChartTheme> {
    let (theme, set_theme) = signal(read());
    let preferences = use_preferences().current();
    effect(move || {
        preferences.track();
        set_theme.set(read());
    });
    for query in QUERIES {
        let Ok(Some(list)) = window().match_media(query) else {
            continue;
        };
        let renew = Closure::<dyn Fn()>::new(move || {
            set_theme.try_set(read());
        });
        list.set_onchange(Some(renew.as_ref().unchecked_ref()));
        let held = StoredValue::new_local((list, renew));
        on_cleanup(move || {
            held.try_with_value(|(list, _)| list.set_onchange(None));
        });
    }
    theme
}

fn read() -> ChartTheme {
    let style = document()
        .document_element()
        .and_then(|root| window().get_computed_style(&root).ok().flatten());
    let color = |token: &str| {
        style
            .as_ref()
            .map_or((0, 0, 0), |style| color(style, token))
    };
    let font = style
        .as_ref()
        .and_then(|style| style.get_property_value("--font-text").ok());
    ChartTheme {
        panel: color("--color-panel"),
        line: color("--color-line"),
        muted: color("--color-muted"),
        series: SeriesColor::ALL.map(|it| color(&format!("--series-{}", it.as_str()))),
        warning: color("--color-warning"),
        critical: color("--color-critical"),
        heat: ["--heat-0", "--heat-1", "--heat-2", "--heat-3"].map(color),
        font: font.unwrap_or_else(|| "sans-serif".to_owned()),
    }
}

fn color(style: &CssStyleDeclaration, token: &str) -> Rgb {
    let text = style.get_property_value(token).unwrap_or_default();
    parse(&text).unwrap_or_default()
}

/// Reads a resolved colour: `rgb(47, 111, 237)`, `rgba(47, 111, 237, 0.5)`, `#2f6fed`.
fn parse(text: &str) -> Option<Rgb> {
    let text = text.trim();
    if let Some(hex) = text.strip_prefix('#') {
        let channel = |from: usize| u8::from_str_radix(hex.get(from..from + 2)?, 16).ok();
        return Some((channel(0)?, channel(2)?, channel(4)?));
    }
    let inner = text.split_once('(')?.1.trim_end_matches(')');
    let mut channels = inner
        .split([',', ' ', '/'])
        .filter(|part| !part.is_empty())
        .map(|part| part.parse::<f64>().ok());
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "clamped to a byte"
    )]
    let mut next = || Some(channels.next()??.round().clamp(0.0, 255.0) as u8);
    Some((next()?, next()?, next()?))
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn resolved_colours_are_read() {
        for (text, expected) in [
            ("rgb(47, 111, 237)", Some((47, 111, 237))),
            (" rgba(47, 111, 237, 0.5) ", Some((47, 111, 237))),
            ("rgb(47 111 237 / 50%)", Some((47, 111, 237))),
            ("#2f6fed", Some((47, 111, 237))),
            ("", None),
            ("blue", None),
        ] {
            assert_eq!(parse(text), expected, "{text}");
        }
    }
}
