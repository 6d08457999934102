//! Units of values, and the factors between them; never a locale.

use serde::{Deserialize, Serialize};

/// Bytes in a KiB.
pub const KIB: f64 = 1024.0;
/// Bytes in a MiB.
pub const MIB: f64 = 1024.0 * KIB;
/// Bytes in a GiB.
pub const GIB: f64 = 1024.0 * MIB;

/// What a value is counted in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// A plain number.
    None,
    /// Parts of a hundred.
    Percent,
    /// Bytes.
    Bytes,
    /// Bytes each second.
    BytesPerSecond,
    /// Seconds, of a duration or since 1970.
    Seconds,
    /// Operations each second.
    PerSecond,
    /// Degrees Celsius.
    Celsius,
    /// Cycles each second.
    Hertz,
}

impl Unit {
    /// The name that JSON and CSV carry.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Percent => "percent",
            Self::Bytes => "bytes",
            Self::BytesPerSecond => "bytes_per_second",
            Self::Seconds => "seconds",
            Self::PerSecond => "per_second",
            Self::Celsius => "celsius",
            Self::Hertz => "hertz",
        }
    }
}

/// `part` of `whole` in percent; `None` when the whole is 0.
pub fn percent(part: f64, whole: f64) -> Option<f64> {
    (whole > 0.0).then(|| 100.0 * part / whole)
}

/// Bytes as a number to calculate with; exact up to 2^53.
#[expect(
    clippy::cast_precision_loss,
    reason = "readings above 2^53 bytes lose their last bits only"
)]
pub fn bytes_f64(bytes: u64) -> f64 {
    bytes as f64
}

/// Bytes as a person reads them in a log: `512 B`, `12.3 MiB`.
pub fn binary_size(bytes: u64) -> String {
    let value = bytes_f64(bytes);
    let units = [(GIB * KIB, "TiB"), (GIB, "GiB"), (MIB, "MiB"), (KIB, "KiB")];
    match units.into_iter().find(|(factor, _)| value >= *factor) {
        Some((factor, unit)) => format!("{:.1} {unit}", value / factor),
        None => format!("{bytes} B"),
    }
}

#[cfg(test)]
mod tests {
    use super::{Unit, binary_size, percent};

    #[test]
    fn sizes_have_their_unit() {
        for (bytes, text) in [
            (0, "0 B"),
            (1_023, "1023 B"),
            (1_024, "1.0 KiB"),
            (12_900_000, "12.3 MiB"),
            (5 << 30, "5.0 GiB"),
            (3 << 40, "3.0 TiB"),
        ] {
            assert_eq!(binary_size(bytes), text);
        }
    }

    #[test]
    fn a_share_of_nothing_is_absent() {
        assert_eq!(percent(1.0, 4.0), Some(25.0));
        assert_eq!(percent(0.0, 0.0), None);
    }

    #[test]
    fn units_are_named_as_in_json() {
        for unit in [
            Unit::None,
            Unit::Percent,
            Unit::Bytes,
            Unit::BytesPerSecond,
            Unit::Seconds,
            Unit::PerSecond,
            Unit::Celsius,
            Unit::Hertz,
        ] {
            assert_eq!(serde_json::to_value(unit).unwrap(), unit.as_str());
        }
    }
}
