//! Any number written down: as JSON has it, and in a word where JSON has none, as Prometheus writes it; never
//! rounded.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// As it is written.
#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum Written {
    Finite(f64),
    Other(Word),
}

#[derive(Serialize, Deserialize)]
enum Word {
    #[serde(rename = "NaN")]
    Nan,
    #[serde(rename = "+Inf")]
    Above,
    #[serde(rename = "-Inf")]
    Below,
}

/// Writes a number; `None` is null.
#[expect(clippy::ref_option, reason = "serde asks for a reference")]
pub(super) fn serialize<S: Serializer>(
    value: &Option<f64>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    let written = value.map(|value| match value {
        value if value.is_nan() => Written::Other(Word::Nan),
        f64::INFINITY => Written::Other(Word::Above),
        f64::NEG_INFINITY => Written::Other(Word::Below),
        value => Written::Finite(value),
    });
    written.serialize(serializer)
}

/// Reads what was written.
pub(super) fn deserialize<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<f64>, D::Error> {
    let written = Option::<Written>::deserialize(deserializer)?;
    Ok(written.map(|written| match written {
        Written::Finite(value) => value,
        Written::Other(Word::Nan) => f64::NAN,
        Written::Other(Word::Above) => f64::INFINITY,
        Written::Other(Word::Below) => f64::NEG_INFINITY,
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Serialize, Deserialize)]
    struct One(#[serde(with = "super")] Option<f64>);

    #[test]
    fn each_number_is_read_as_it_was() {
        for (value, text) in [
            (None, "null"),
            (Some(0.1 + 0.2), "0.30000000000000004"),
            (Some(-0.0), "-0.0"),
            (Some(f64::MIN_POSITIVE), "2.2250738585072014e-308"),
            (Some(f64::NAN), r#""NaN""#),
            (Some(f64::INFINITY), r#""+Inf""#),
            (Some(f64::NEG_INFINITY), r#""-Inf""#),
        ] {
            assert_eq!(serde_json::to_string(&One(value)).unwrap(), text);
            let One(again) = serde_json::from_str(text).unwrap();
            assert_eq!(again.map(f64::to_bits), value.map(f64::to_bits), "{text}");
        }
    }
}
