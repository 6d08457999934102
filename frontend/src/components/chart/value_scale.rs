//! Where the values of a laid-out chart stand, for what can be dragged up and down on it; pure.

use common::chart::Plot;

/// A step moves a value by about this part of the axis.
const PARTS: f64 = 100.0;

/// The value axis in CSS pixels from the upper edge of the plate.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ValueScale {
    /// Where the highest value stands.
    pub top: f64,
    /// Where the lowest stands.
    pub bottom: f64,
    /// The lowest value.
    pub low: f64,
    /// The highest.
    pub high: f64,
    /// What the unit of the labels is worth: 1,048,576 where they are in MiB.
    pub unit: f64,
}

impl From<&Plot> for ValueScale {
    fn from(plot: &Plot) -> Self {
        Self {
            top: plot.frame.top,
            bottom: plot.frame.bottom,
            low: plot.values.low,
            high: plot.values.high,
            unit: plot.values.scale.divisor,
        }
    }
}

impl ValueScale {
    /// Where a value stands; one beyond the axis at its end.
    pub fn y_of(self, value: f64) -> f64 {
        let share = ((value - self.low) / (self.high - self.low)).clamp(0.0, 1.0);
        self.bottom - share * (self.bottom - self.top)
    }

    /// The value at a place, on a whole step.
    pub fn value_at(self, y: f64) -> f64 {
        let share = (self.bottom - y) / (self.bottom - self.top).max(1.0);
        self.kept(self.low + share * (self.high - self.low))
    }

    /// A value some steps further up.
    pub fn stepped(self, value: f64, steps: f64) -> f64 {
        self.kept(value + steps * self.step())
    }

    /// On the axis, and on a whole step.
    fn kept(self, value: f64) -> f64 {
        let step = self.step();
        let whole = (value / step).round() * step;
        // Tenths and their like are no binary numbers: 0.1 × 3 is more than 0.3.
        let clean = (whole * 1e9 / self.unit).round() / 1e9 * self.unit;
        // Plus nothing: a rounded-up -0.3 is -0, which a field would show.
        clean.clamp(self.low, self.high) + 0.0
    }

    /// 1, 2 or 5 times a power of ten of the labels' unit.
    fn step(self) -> f64 {
        let wanted = (self.high - self.low) / self.unit / PARTS;
        let power = 10.0_f64.powf(wanted.log10().floor());
        let rungs = [1.0, 2.0, 5.0, 10.0].into_iter();
        let fitting = rungs.rev().find(|rung| rung * power <= wanted * 1.001);
        fitting.unwrap_or(1.0) * power * self.unit
    }
}

#[cfg(test)]
mod tests {
    use super::ValueScale;

    const PERCENT: ValueScale = ValueScale {
        top: 10.0,
        bottom: 210.0,
        low: 0.0,
        high: 100.0,
        unit: 1.0,
    };

    #[expect(clippy::float_cmp, reason = "whole steps")]
    #[test]
    fn places_and_values_are_each_others_inverse_on_whole_steps() {
        assert_eq!(PERCENT.y_of(76.0), 58.0);
        assert_eq!(PERCENT.value_at(58.0), 76.0);
        assert_eq!(PERCENT.value_at(58.9), 76.0);
        assert_eq!(PERCENT.value_at(-50.0), 100.0, "beyond the axis");
        assert_eq!(PERCENT.y_of(-5.0), 210.0);
        assert!(PERCENT.value_at(210.4).is_sign_positive());
    }

    #[expect(clippy::float_cmp, reason = "whole steps")]
    #[test]
    fn a_step_fits_the_axis_and_the_unit() {
        let mib = 1_048_576.0;
        for (high, unit, from, steps, expected) in [
            (100.0, 1.0, 76.0, 1.0, 77.0),
            (100.0, 1.0, 76.4, 1.0, 77.0),
            (100.0, 1.0, 95.0, 10.0, 100.0),
            (100.0, 1.0, 5.0, -10.0, 0.0),
            (1.0, 1.0, 0.2, 1.0, 0.21),
            (40.0, 1.0, 0.8, -2.0, 0.4),
            (600.0 * mib, mib, 100.0 * mib, 1.0, 105.0 * mib),
        ] {
            let scale = ValueScale {
                high,
                unit,
                ..PERCENT
            };
            assert_eq!(
                scale.stepped(from, steps),
                expected,
                "{high} {from} {steps}"
            );
        }
    }
}
