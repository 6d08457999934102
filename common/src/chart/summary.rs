//! A chart in one sentence for those who do not see it; never more than its readings say.

use super::spec::ChartSpec;
use super::time_axis::LocalTime;

/// What the chart shows, in words: its time, and of each series the last, lowest and highest reading.
pub fn summary(title: &str, spec: &ChartSpec, zone: &dyn LocalTime) -> String {
    let with_seconds = spec.window.span_ms() < 3_600_000;
    let time = |at| zone.time_of_day(at, with_seconds);
    let mut parts = vec![format!(
        "{title}, {} to {}",
        time(spec.window.from),
        time(spec.window.to)
    )];
    for series in &spec.series {
        let inside = || {
            series
                .points
                .iter()
                .filter(|point| spec.window.holds(point.at))
                .filter_map(|point| point.value)
        };
        let Some(last) = inside().next_back() else {
            parts.push(format!("{}: no data", series.name));
            continue;
        };
        let low = inside().fold(f64::INFINITY, f64::min);
        let high = inside().fold(f64::NEG_INFINITY, f64::max);
        let read = |value| spec.unit.format(Some(value));
        parts.push(format!(
            "{}: now {}, lowest {}, highest {}",
            series.name,
            read(last),
            read(low),
            read(high)
        ));
    }
    parts.join("; ")
}

#[cfg(test)]
mod tests {
    use super::summary;
    use crate::chart::UtcTime;
    use crate::chart::plot::tests::spec;
    use std::sync::Arc;

    #[test]
    fn a_chart_is_told_in_a_sentence() {
        let mut chart = spec();
        chart.series[0].points = Arc::default();
        assert_eq!(
            summary("CPU", &chart, &UtcTime),
            "CPU, 00:00:00 to 00:00:04; blue: no data; \
             orange: now 20.0 %, lowest 20.0 %, highest 20.0 %; \
             teal: now 60.0 %, lowest 1.0 %, highest 60.0 %"
        );
    }
}
