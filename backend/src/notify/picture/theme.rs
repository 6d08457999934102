//! The colours of pictures, read from the tokens of the stylesheet; never a colour of its own.

use common::chart::{ChartTheme, Rgb, SeriesColor};
use serde::Deserialize;
use utoipa::ToSchema;

const TOKENS: &str = include_str!("../../../../assets/css/tokens.css");

/// The font that pictures are lettered in.
pub(super) const FONT: &str = "Inter";

/// Light or dark.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Look {
    /// Dark on light.
    #[default]
    Light,
    /// Light on dark.
    Dark,
}

/// The colours of a look. A token that is not there is black: a test sees to it that all are.
pub(super) fn theme(look: Look) -> ChartTheme {
    let color = |token: &str| color(token, look).unwrap_or_default();
    ChartTheme {
        panel: color("--color-panel"),
        line: color("--color-line"),
        muted: color("--color-muted"),
        series: SeriesColor::ALL.map(|it| color(&format!("--series-{}", it.as_str()))),
        warning: color("--color-warning"),
        critical: color("--color-critical"),
        heat: ["--heat-0", "--heat-1", "--heat-2", "--heat-3"].map(color),
        font: FONT.to_owned(),
    }
}

/// What `--token: light-dark(#rgb, #rrggbb);` says.
fn color(token: &str, look: Look) -> Option<Rgb> {
    let (_, rest) = TOKENS.split_once(&format!("{token}: light-dark("))?;
    let (light, rest) = rest.split_once(',')?;
    let (dark, _) = rest.split_once(')')?;
    hex(match look {
        Look::Light => light.trim(),
        Look::Dark => dark.trim(),
    })
}

fn hex(text: &str) -> Option<Rgb> {
    let digits: Vec<u8> = text
        .strip_prefix('#')?
        .chars()
        .map(|digit| digit.to_digit(16).and_then(|it| u8::try_from(it).ok()))
        .collect::<Option<_>>()?;
    match digits[..] {
        [red, green, blue] => Some((red * 17, green * 17, blue * 17)),
        [r, red, g, green, b, blue] => Some((r * 16 + red, g * 16 + green, b * 16 + blue)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_colour_is_a_token() {
        let names = SeriesColor::ALL.map(|it| format!("--series-{}", it.as_str()));
        let others = [
            "--color-panel",
            "--color-line",
            "--color-muted",
            "--color-warning",
            "--color-critical",
            "--heat-0",
            "--heat-1",
            "--heat-2",
            "--heat-3",
        ];
        for name in names.iter().map(String::as_str).chain(others) {
            for look in [Look::Light, Look::Dark] {
                assert!(color(name, look).is_some(), "{name} {look:?}");
            }
        }
        assert_eq!(color("--color-panel", Look::Light), Some((255, 255, 255)));
        assert_eq!(hex("#2f6fed"), Some((0x2f, 0x6f, 0xed)));
        assert_eq!(hex("red"), None);
    }
}
