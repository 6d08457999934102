//! The colours of a chart as values; never which colours those are.

use super::spec::SeriesColor;
use crate::alert::Severity;

/// A colour: red, green, blue.
pub type Rgb = (u8, u8, u8);

/// The colours and the font of a chart, taken from the tokens of the stylesheet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChartTheme {
    /// What lies behind the chart.
    pub panel: Rgb,
    /// Grid lines.
    pub line: Rgb,
    /// Text of the axes.
    pub muted: Rgb,
    /// The colours of the series, in the order of [`SeriesColor::ALL`].
    pub series: [Rgb; 5],
    /// Warnings.
    pub warning: Rgb,
    /// Critical alerts.
    pub critical: Rgb,
    /// The steps of a heat map, from cold to hot.
    pub heat: [Rgb; 4],
    /// The font family of the labels.
    pub font: String,
}

impl ChartTheme {
    /// The colour of a series.
    pub const fn series(&self, color: SeriesColor) -> Rgb {
        self.series[color as usize]
    }

    /// The colour of a severity.
    pub const fn severity(&self, severity: Severity) -> Rgb {
        match severity {
            Severity::Warning => self.warning,
            Severity::Critical => self.critical,
        }
    }

    /// The colour of a heat from 0 to 1, mixed from the two nearest steps.
    pub fn heat(&self, share: f64) -> Rgb {
        let place = share.clamp(0.0, 1.0) * 3.0;
        let (low, rest) = match place {
            it if it < 1.0 => (0, it),
            it if it < 2.0 => (1, it - 1.0),
            it => (2, it - 2.0),
        };
        mix(self.heat[low], self.heat[low + 1], rest)
    }
}

fn mix(a: Rgb, b: Rgb, share: f64) -> Rgb {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "between two colour values"
    )]
    let channel =
        |a: u8, b: u8| (f64::from(a) + (f64::from(b) - f64::from(a)) * share).round() as u8;
    (channel(a.0, b.0), channel(a.1, b.1), channel(a.2, b.2))
}

#[cfg(test)]
pub(super) mod tests {
    use super::ChartTheme;

    /// A theme whose colours tell what they are for.
    pub(in crate::chart) fn theme() -> ChartTheme {
        ChartTheme {
            panel: (255, 255, 255),
            line: (1, 1, 1),
            muted: (2, 2, 2),
            series: [(10, 0, 0), (20, 0, 0), (30, 0, 0), (40, 0, 0), (50, 0, 0)],
            warning: (60, 0, 0),
            critical: (70, 0, 0),
            heat: [(0, 0, 0), (90, 0, 0), (180, 0, 0), (255, 0, 0)],
            font: "sans-serif".to_owned(),
        }
    }

    #[test]
    fn heat_is_mixed_from_its_steps() {
        for (share, red) in [
            (-1.0, 0),
            (0.0, 0),
            (1.0 / 6.0, 45),
            (0.5, 135),
            (1.0, 255),
            (7.0, 255),
        ] {
            assert_eq!(theme().heat(share).0, red, "{share}");
        }
    }
}
