//! The value axis: its ends and its round ticks; never a pixel.

use super::spec::ValueBounds;
use super::unit::{ChartUnit, Scale};

/// At most this many intervals between ticks.
const INTERVALS: f64 = 5.0;

/// A value axis with its ticks.
#[derive(Debug, Clone, PartialEq)]
pub struct ValueAxis {
    /// The value at the bottom.
    pub low: f64,
    /// The value at the top; above `low`.
    pub high: f64,
    /// The unit that the tick labels are in.
    pub scale: Scale,
    /// Values of the ticks, from the bottom, with their labels.
    pub ticks: Vec<(f64, String)>,
}

impl ValueAxis {
    /// An axis for values from `low` to `high`, whose ends are moved to round numbers unless
    /// `bounds` fixes them.
    pub fn new(low: f64, high: f64, bounds: ValueBounds, unit: ChartUnit) -> Self {
        let low = bounds.low.unwrap_or(low.min(0.0));
        let wanted = bounds.high.unwrap_or(high);
        let high = if wanted > low { wanted } else { low + 1.0 };
        let scale = unit.scale(high.abs().max(low.abs()));
        let step = step(high - low, scale, unit);
        let low = match bounds.low {
            Some(low) => low,
            None => (low / step).floor() * step,
        };
        let high = match bounds.high {
            Some(_) => high,
            // Values that touch the top look cut off.
            None => (high * 1.02 / step).ceil() * step,
        };
        Self {
            low,
            high,
            scale,
            ticks: ticks(low, high, step, scale),
        }
    }

    /// Where a value stands: 0 at the bottom, 1 at the top, clamped.
    pub fn share(&self, value: f64) -> f64 {
        ((value - self.low) / (self.high - self.low)).clamp(0.0, 1.0)
    }
}

/// The smallest of 1, 2, 5 × 10ⁿ that needs few enough intervals; percentages may go by 25.
fn step(range: f64, scale: Scale, unit: ChartUnit) -> f64 {
    let wanted = range / scale.divisor / INTERVALS;
    let power = 10.0_f64.powf(wanted.log10().floor());
    let rungs: &[f64] = if unit == ChartUnit::Percent && (power - 10.0).abs() < 0.5 {
        &[1.0, 2.5, 5.0, 10.0]
    } else {
        &[1.0, 2.0, 5.0, 10.0]
    };
    let rung = rungs
        .iter()
        .find(|rung| **rung * power >= wanted * 0.999)
        .copied()
        .unwrap_or(10.0);
    let step = rung * power;
    // No tick between two whole bytes.
    let step = if matches!(scale.name, "B" | "B/s" | "bit/s") {
        step.max(1.0)
    } else {
        step
    };
    step * scale.divisor
}

fn ticks(low: f64, high: f64, step: f64, scale: Scale) -> Vec<(f64, String)> {
    let in_unit = step / scale.divisor;
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "between 0 and 9"
    )]
    let places = (-in_unit.log10()).ceil().clamp(0.0, 9.0) as usize;
    let first = (low / step - 0.001).ceil();
    (0..32)
        .map(|index| (first + f64::from(index)) * step)
        .take_while(|value| *value <= high + step * 0.001)
        .map(|value| {
            let number = format!("{:.places$}", value.abs() / scale.divisor);
            let minus = if value < -step / 2.0 { "−" } else { "" };
            (value, format!("{minus}{number}"))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::ValueAxis;
    use crate::chart::{ChartUnit, ValueBounds};

    fn labels(axis: &ValueAxis) -> String {
        let labels: Vec<_> = axis.ticks.iter().map(|tick| tick.1.as_str()).collect();
        format!("{} {}", labels.join(" "), axis.scale.name)
    }

    #[test]
    fn ticks_are_round() {
        let mib = 1024.0 * 1024.0;
        for (high, bounds, unit, expected) in [
            (
                34.0,
                ValueBounds::up_to(100.0),
                ChartUnit::Percent,
                "0 25 50 75 100 %",
            ),
            (
                34.0,
                ValueBounds::default(),
                ChartUnit::Percent,
                "0 10 20 30 40 %",
            ),
            (
                0.4,
                ValueBounds::default(),
                ChartUnit::Percent,
                "0.0 0.1 0.2 0.3 0.4 0.5 %",
            ),
            (
                330.0 * mib,
                ValueBounds::default(),
                ChartUnit::BytesPerSecond,
                "0 100 200 300 400 MiB/s",
            ),
            (
                900.0 * mib,
                ValueBounds::default(),
                ChartUnit::Bytes,
                "0 200 400 600 800 1000 MiB",
            ),
            (
                0.0,
                ValueBounds::up_to(23.4 * 1024.0 * mib),
                ChartUnit::Bytes,
                "0 5 10 15 20 GiB",
            ),
            (
                0.0,
                ValueBounds::default(),
                ChartUnit::BitsPerSecond,
                "0 2 4 6 8 10 bit/s",
            ),
            (3.7, ValueBounds::default(), ChartUnit::Number, "0 1 2 3 4 "),
            (
                0.0,
                ValueBounds::default(),
                ChartUnit::Number,
                "0.0 0.2 0.4 0.6 0.8 1.0 1.2 ",
            ),
        ] {
            let axis = ValueAxis::new(0.0, high, bounds, unit);
            assert_eq!(labels(&axis), expected, "{high} {unit:?}");
        }
    }

    #[test]
    fn negative_values_have_room_and_the_right_sign() {
        let axis = ValueAxis::new(-12.0, 8.0, ValueBounds::default(), ChartUnit::Celsius);
        assert_eq!(labels(&axis), "−15 −10 −5 0 5 10 °C");
        assert!(axis.share(-15.0) < 0.001);
        assert!((axis.share(-2.5) - 0.5).abs() < 0.001);
        assert!(axis.share(99.0) > 0.999);
    }
}
