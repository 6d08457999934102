//! Plain numbers and percentages; never a scaled unit.

use super::NOTHING;

/// A whole number in groups of three: `12,480`.
pub fn count(value: u64) -> String {
    let digits = value.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A number with this many decimals and a true minus sign; `–` when there is none.
pub fn decimals(value: Option<f64>, places: usize) -> String {
    let Some(value) = value.filter(|value| value.is_finite()) else {
        return NOTHING.into();
    };
    let text = format!("{:.places$}", value.abs());
    let is_zero = text.bytes().all(|byte| matches!(byte, b'0' | b'.'));
    if value < 0.0 && !is_zero {
        format!("−{text}")
    } else {
        text
    }
}

/// A whole percentage for a table: `94%`; `–` when there is none.
pub fn percent(value: Option<f64>) -> String {
    match decimals(value, 0) {
        text if text == NOTHING => text,
        text => text + "%",
    }
}

/// A percentage with a decimal for a headline: `94.1 %`; `–` when there is none.
pub fn percent_fine(value: Option<f64>) -> String {
    match decimals(value, 1) {
        text if text == NOTHING => text,
        text => text + " %",
    }
}

#[cfg(test)]
mod tests {
    use super::{count, decimals, percent, percent_fine};

    #[test]
    fn counts_are_grouped() {
        for (value, text) in [
            (0, "0"),
            (999, "999"),
            (1_000, "1,000"),
            (12_480_000, "12,480,000"),
        ] {
            assert_eq!(count(value), text);
        }
    }

    #[test]
    fn absent_is_a_dash_and_never_a_zero() {
        for (value, text) in [
            (None, "–"),
            (Some(f64::NAN), "–"),
            (Some(0.0), "0.0"),
            (Some(-0.01), "0.0"),
            (Some(-28.24), "−28.2"),
        ] {
            assert_eq!(decimals(value, 1), text);
        }
        assert_eq!(percent(None), "–");
        assert_eq!(percent(Some(93.6)), "94%");
        assert_eq!(percent_fine(Some(94.06)), "94.1 %");
    }
}
