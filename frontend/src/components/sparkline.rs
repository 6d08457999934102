//! A small line without axes that shows which way a value goes; never its exact value.

use std::fmt::Write;

use crate::reactive::memo;
use leptos::prelude::*;

/// The picture's own coordinates; CSS gives it its size.
const WIDTH: f64 = 100.0;
const HEIGHT: f64 = 24.0;

/// What the line is drawn in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Ink {
    /// The first series.
    #[default]
    Blue,
    /// Network.
    Teal,
    /// A value that warns.
    Warning,
    /// A value that is critical.
    Critical,
}

impl Ink {
    const fn class(self) -> &'static str {
        match self {
            Self::Blue => "sparkline sparkline--blue",
            Self::Teal => "sparkline sparkline--teal",
            Self::Warning => "sparkline sparkline--warning",
            Self::Critical => "sparkline sparkline--critical",
        }
    }
}

/// A line over the last readings; gaps stay gaps.
#[component]
pub fn Sparkline(
    /// The readings, oldest first, at equal distances; `None` where one is missing.
    #[prop(into)]
    readings: Signal<Vec<Option<f64>>>,
    /// How many fit; a shorter list begins further right.
    capacity: usize,
    /// The value at the upper edge; absent: the largest reading.
    #[prop(optional)]
    ceiling: Option<f64>,
    /// Its colour.
    #[prop(into)]
    ink: Signal<Ink>,
) -> impl IntoView {
    let paths = memo(move || readings.with(|readings| paths(readings, capacity, ceiling)));
    view! {
        <svg
            class=move || ink.get().class()
            viewBox="0 0 100 24"
            preserveAspectRatio="none"
            aria-hidden="true"
            focusable="false"
        >
            <path class="sparkline__area" d=move || paths.with(|paths| paths.area.clone()) />
            <path class="sparkline__line" d=move || paths.with(|paths| paths.line.clone()) />
        </svg>
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Default)]
struct Paths {
    line: String,
    area: String,
}

fn paths(readings: &[Option<f64>], capacity: usize, ceiling: Option<f64>) -> Paths {
    let largest = readings.iter().flatten().copied().fold(0.0, f64::max);
    let top = ceiling.unwrap_or(largest).max(f64::MIN_POSITIVE);
    let skipped = capacity.saturating_sub(readings.len());
    let steps = capacity.saturating_sub(1).max(1);
    let mut paths = Paths::default();
    let mut run: Vec<(f64, f64)> = Vec::new();
    for (index, reading) in readings.iter().enumerate() {
        if let Some(value) = reading {
            #[expect(clippy::cast_precision_loss, reason = "some dozens of points")]
            let x = WIDTH * (skipped + index) as f64 / steps as f64;
            // A line of its own width stays inside the picture.
            let y = 1.0 + (HEIGHT - 2.0) * (1.0 - (value / top).clamp(0.0, 1.0));
            run.push((x, y));
        } else {
            paths.add(&run);
            run.clear();
        }
    }
    paths.add(&run);
    paths
}

impl Paths {
    /// Adds readings without a gap between them.
    fn add(&mut self, run: &[(f64, f64)]) {
        let (Some(first), Some(last)) = (run.first(), run.last()) else {
            return;
        };
        // Writing to a text cannot fail.
        let mut line = String::new();
        for (index, (x, y)) in run.iter().enumerate() {
            let step = if index == 0 { 'M' } else { 'L' };
            write!(line, "{step}{x:.1} {y:.1}").unwrap_or_default();
        }
        write!(
            self.area,
            "{line}L{:.1} {HEIGHT}L{:.1} {HEIGHT}Z",
            last.0, first.0
        )
        .unwrap_or_default();
        self.line.push_str(&line);
    }
}

#[cfg(test)]
mod tests {
    use super::paths;

    #[test]
    fn the_newest_reading_stands_at_the_right_edge() {
        let found = paths(&[Some(0.0), Some(100.0)], 3, Some(100.0));
        assert_eq!(found.line, "M50.0 23.0L100.0 1.0");
        assert_eq!(found.area, "M50.0 23.0L100.0 1.0L100.0 24L50.0 24Z");
    }

    #[test]
    fn a_missing_reading_is_a_gap() {
        let found = paths(&[Some(1.0), None, Some(1.0)], 3, None);
        assert_eq!(found.line, "M0.0 1.0M100.0 1.0");
        assert_eq!(paths(&[None, None], 3, None).line, "");
        assert_eq!(paths(&[], 0, None).line, "");
    }
}
