//! Amounts of data; never a rate.

use common::api::settings::ByteUnits;

use super::{NOTHING, decimals};

/// The factor from one unit to the next.
pub const fn step(units: ByteUnits) -> f64 {
    match units {
        ByteUnits::Binary => 1024.0,
        ByteUnits::Decimal => 1000.0,
    }
}

/// The names of the units, from bytes on.
pub const fn unit_names(units: ByteUnits) -> [&'static str; 6] {
    match units {
        ByteUnits::Binary => ["B", "KiB", "MiB", "GiB", "TiB", "PiB"],
        ByteUnits::Decimal => ["B", "kB", "MB", "GB", "TB", "PB"],
    }
}

/// An amount of data with about three figures: `31.2 GiB`; `–` when there is none.
pub fn bytes(value: Option<f64>, units: ByteUnits) -> String {
    scaled(value, step(units), &unit_names(units))
}

/// Scales a value down to the largest unit in which it is at least one.
pub(super) fn scaled(value: Option<f64>, step: f64, names: &[&str]) -> String {
    let Some(value) = value.filter(|value| value.is_finite()) else {
        return NOTHING.into();
    };
    let mut rest = value;
    let mut unit = 0;
    // Half a step early, so that nothing reads as 1024.
    while rest.abs() >= step - 0.5 && unit + 1 < names.len() {
        rest /= step;
        unit += 1;
    }
    let places = match rest.abs() {
        _ if unit == 0 => 0,
        size if size < 99.95 => 1,
        _ => 0,
    };
    format!("{} {}", decimals(Some(rest), places), names[unit])
}

#[cfg(test)]
mod tests {
    use super::bytes;
    use common::api::settings::ByteUnits as Units;

    #[test]
    fn amounts_are_scaled() {
        for (value, units, text) in [
            (None, Units::Binary, "–"),
            (Some(0.0), Units::Binary, "0 B"),
            (Some(1023.0), Units::Binary, "1023 B"),
            (Some(1024.0), Units::Binary, "1.0 KiB"),
            (Some(1_048_575.9), Units::Binary, "1.0 MiB"),
            (Some(335_544_320.0), Units::Binary, "320 MiB"),
            (Some(2_254_857_830.0), Units::Binary, "2.1 GiB"),
            (Some(2_254_857_830.0), Units::Decimal, "2.3 GB"),
            (Some(9e18), Units::Decimal, "9000 PB"),
        ] {
            assert_eq!(bytes(value, units), text);
        }
    }
}
