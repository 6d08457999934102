//! Amounts of data per second; never a total.

use common::api::settings::ByteUnits;

use super::bytes::scaled;

/// A network rate from bytes per second, in bits as networks are sold: `51.3 Mbit/s`.
pub fn bits_per_second(bytes_per_second: Option<f64>) -> String {
    scaled(
        bytes_per_second.map(|bytes| bytes * 8.0),
        1000.0,
        &["bit/s", "kbit/s", "Mbit/s", "Gbit/s", "Tbit/s"],
    )
}

/// A disk rate: `12.0 MiB/s`; `–` when there is none.
pub fn bytes_per_second(value: Option<f64>, units: ByteUnits) -> String {
    let text = super::bytes(value, units);
    if value.is_some_and(f64::is_finite) {
        text + "/s"
    } else {
        text
    }
}

#[cfg(test)]
mod tests {
    use super::{bits_per_second, bytes_per_second};
    use common::api::settings::ByteUnits as Units;

    #[test]
    fn rates_name_their_unit() {
        assert_eq!(bits_per_second(None), "–");
        assert_eq!(bits_per_second(Some(12.0)), "96 bit/s");
        assert_eq!(bits_per_second(Some(6_412_500.0)), "51.3 Mbit/s");
        assert_eq!(bytes_per_second(None, Units::Binary), "–");
        assert_eq!(
            bytes_per_second(Some(12_582_912.0), Units::Binary),
            "12.0 MiB/s"
        );
    }
}
