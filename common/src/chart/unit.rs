//! Units of values on charts and how they are scaled for reading; never an axis.

/// The unit of the values of a chart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ChartUnit {
    /// A plain number.
    Number,
    /// Percent, 0 to 100 as a rule.
    Percent,
    /// Bytes, shown by 1,024.
    Bytes,
    /// Bytes, shown by 1,000.
    DecimalBytes,
    /// Bytes per second, shown by 1,024.
    BytesPerSecond,
    /// Bytes per second, shown by 1,000.
    DecimalBytesPerSecond,
    /// Bytes per second, shown as bits by 1,000, as networks are sold.
    BitsPerSecond,
    /// Seconds, shown from microseconds up.
    Seconds,
    /// Degrees Celsius.
    Celsius,
}

/// A unit to read values in: the value is divided by `divisor` and followed by `name`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Scale {
    /// What the value is divided by.
    pub divisor: f64,
    /// The name behind the number, empty for plain numbers.
    pub name: &'static str,
}

const KIBI: f64 = 1024.0;
const KILO: f64 = 1000.0;

impl ChartUnit {
    /// The names of the scaled units from the smallest, the factor between them, and the divisor
    /// of the smallest.
    const fn ladder(self) -> (&'static [&'static str], f64, f64) {
        match self {
            Self::Number => (&["", "k", "M", "G", "T"], KILO, 1.0),
            Self::Percent => (&["%"], KILO, 1.0),
            Self::Celsius => (&["°C"], KILO, 1.0),
            Self::Bytes => (&["B", "KiB", "MiB", "GiB", "TiB", "PiB"], KIBI, 1.0),
            Self::DecimalBytes => (&["B", "kB", "MB", "GB", "TB", "PB"], KILO, 1.0),
            Self::BytesPerSecond => (&["B/s", "KiB/s", "MiB/s", "GiB/s", "TiB/s"], KIBI, 1.0),
            Self::DecimalBytesPerSecond => (&["B/s", "kB/s", "MB/s", "GB/s", "TB/s"], KILO, 1.0),
            Self::BitsPerSecond => (
                &["bit/s", "kbit/s", "Mbit/s", "Gbit/s", "Tbit/s"],
                KILO,
                0.125,
            ),
            Self::Seconds => (&["µs", "ms", "s"], KILO, 1e-6),
        }
    }

    /// The largest unit in which `value` is at least 1, and the smallest for less.
    pub fn scale(self, value: f64) -> Scale {
        let (names, factor, smallest) = self.ladder();
        let mut scale = Scale {
            divisor: smallest,
            name: names.first().copied().unwrap_or_default(),
        };
        for name in names.iter().skip(1) {
            // A hair early, so that nothing reads as 1000.0 or 1024.
            if value.abs() < scale.divisor * (factor - 0.05) {
                break;
            }
            scale = Scale {
                divisor: scale.divisor * factor,
                name,
            };
        }
        scale
    }

    /// A value with about three figures and its unit: `94.1 %`, `2.1 GiB`; `–` for none.
    pub fn format(self, value: Option<f64>) -> String {
        let Some(value) = value.filter(|value| value.is_finite()) else {
            return "–".to_owned();
        };
        let scale = self.scale(value);
        let number = value / scale.divisor;
        let places = match number.abs() {
            size if size >= 99.95 => 0,
            size if size >= 9.995 || self == Self::Percent => 1,
            _ if self.is_whole(scale) => 0,
            _ if matches!(self, Self::Number | Self::Seconds) => 2,
            _ => 1,
        };
        let sign = if number < 0.0 { "−" } else { "" };
        let number = format!("{:.places$}", number.abs());
        let sign = if number.bytes().all(|it| matches!(it, b'0' | b'.')) {
            ""
        } else {
            sign
        };
        if scale.name.is_empty() {
            format!("{sign}{number}")
        } else {
            format!("{sign}{number} {}", scale.name)
        }
    }

    /// Whether parts of this scale do not exist: there is no half byte.
    fn is_whole(self, scale: Scale) -> bool {
        matches!(scale.name, "B" | "B/s" | "bit/s") && self != Self::Number
    }
}

#[cfg(test)]
mod tests {
    use super::ChartUnit::{
        self, BitsPerSecond, Bytes, BytesPerSecond, Celsius, DecimalBytes, Number, Percent, Seconds,
    };

    #[test]
    fn values_are_read_with_their_unit() {
        let cases: [(ChartUnit, Option<f64>, &str); 20] = [
            (Percent, None, "–"),
            (Percent, Some(f64::NAN), "–"),
            (Percent, Some(94.06), "94.1 %"),
            (Percent, Some(0.0), "0.0 %"),
            (Percent, Some(100.0), "100 %"),
            (Number, Some(4.321), "4.32"),
            (Number, Some(-0.001), "0.00"),
            (Number, Some(-28.24), "−28.2"),
            (Number, Some(12_480.0), "12.5 k"),
            (Bytes, Some(512.0), "512 B"),
            (Bytes, Some(1_048_575.9), "1.0 MiB"),
            (Bytes, Some(2_254_857_830.0), "2.1 GiB"),
            (DecimalBytes, Some(2_254_857_830.0), "2.3 GB"),
            (BytesPerSecond, Some(335_544_320.0), "320 MiB/s"),
            (BitsPerSecond, Some(12.0), "96.0 bit/s"),
            (BitsPerSecond, Some(6_412_500.0), "51.3 Mbit/s"),
            (Seconds, Some(0.018), "18.0 ms"),
            (Seconds, Some(0.000_018), "18.0 µs"),
            (Seconds, Some(61.0), "61.0 s"),
            (Celsius, Some(47.0), "47.0 °C"),
        ];
        for (unit, value, text) in cases {
            assert_eq!(unit.format(value), text, "{unit:?} {value:?}");
        }
    }

    #[test]
    fn one_scale_serves_a_whole_axis() {
        for (unit, value, name) in [
            (Bytes, 900.0 * 1024.0 * 1024.0, "MiB"),
            (Bytes, 1024.0 * 1024.0 * 1024.0, "GiB"),
            (BitsPerSecond, 0.0, "bit/s"),
            (BitsPerSecond, 125.0, "kbit/s"),
            (Seconds, 2.0, "s"),
            (Percent, 100.0, "%"),
        ] {
            assert_eq!(unit.scale(value).name, name, "{unit:?} {value}");
        }
    }
}
