//! Which series of a metric are drawn, what is asked for them, and their curves; pure.

use std::fmt;
use std::num::NonZeroU32;
use std::sync::Arc;

use common::api::metrics::{
    Aggregation, AnsweredSeries, MetricAnswers, MetricQueries, MetricQuery, PixelWidth,
    StoredSeries,
};
use common::chart::{ChartSeries, ChartUnit, Point, SeriesColor, Shape, TimeWindow, ValueBounds};
use common::time::UnixMs;
use common::units::Unit;

/// So many series are drawn at most: more cannot be told apart.
pub const MOST: usize = 12;
/// Points of a curve at most, however wide the window is.
const MOST_POINTS: i64 = 1_440;
/// Points of a curve at least, however narrow.
const FEWEST_POINTS: i64 = 240;
/// The steps that history is read in, in seconds.
const STEPS: [u32; 12] = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1_800, 3_600];
/// A step of one sample has nothing to be summed or compared.
const AGGREGATED_STEP: u32 = 10;
/// Samples of each second that are this far apart are still joined.
const GAP_MS: i64 = 3_500;
/// A sample alone stands for five minutes: then a metric counts as stale.
const ALONE_MS: i64 = 120_000;

/// What stands for a series in an address: short, and the same after a restart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Mark(u32);

impl Mark {
    /// The mark of a series.
    pub fn of(series: &StoredSeries) -> Self {
        let text = format!("{}{{{}}}", series.server_id, series.labels);
        // FNV-1a.
        let mix = |hash: u32, byte: u8| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193);
        Self(text.bytes().fold(0x811c_9dc5, mix))
    }

    /// Reads a mark; `None` when it is none.
    pub fn read(text: &str) -> Option<Self> {
        u32::from_str_radix(text, 16).ok().map(Self)
    }
}

impl fmt::Display for Mark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:08x}", self.0)
    }
}

/// The series that are drawn: the ticked ones, else the first.
pub fn drawn(all: &[StoredSeries], picked: &[Mark]) -> Vec<StoredSeries> {
    let is_picked = |one: &&StoredSeries| picked.contains(&Mark::of(one));
    let ticked: Vec<_> = all.iter().filter(is_picked).take(MOST).cloned().collect();
    if ticked.is_empty() {
        all.iter().take(MOST).cloned().collect()
    } else {
        ticked
    }
}

/// The ticks after `mark` was set or taken away.
pub fn ticked(all: &[StoredSeries], picked: &[Mark], mark: Mark) -> Vec<Mark> {
    let mut marks: Vec<Mark> = drawn(all, picked).iter().map(Mark::of).collect();
    match marks.iter().position(|it| *it == mark) {
        Some(place) => {
            marks.remove(place);
        }
        None => marks.push(mark),
    }
    marks
}

/// The name of a series: the values of its labels, and its server where there are several.
pub fn name(series: &StoredSeries, with_server: bool) -> String {
    let labels = series.labels.iter().map(|(_, value)| value);
    let parts: Vec<&str> = Some(series.server.as_str())
        .filter(|_| with_server || series.labels.is_empty())
        .into_iter()
        .chain(labels)
        .collect();
    parts.join(" ")
}

/// Whether the series are of more than one server.
pub fn of_several_servers(series: &[StoredSeries]) -> bool {
    series
        .windows(2)
        .any(|two| two[0].server_id != two[1].server_id)
}

/// How much of a stretch of time that is `pixels` wide a point stands for, in milliseconds: a step,
/// or, without an aggregation, a column of pixels.
pub fn grain_ms(window: TimeWindow, pixels: i64, agg: Option<Aggregation>) -> i64 {
    let points = pixels.clamp(FEWEST_POINTS, MOST_POINTS);
    let Some(agg) = agg else {
        return (window.span_ms() / points).max(1);
    };
    let wanted = (window.span_ms() / 1_000).div_euclid(points);
    let fits = |step: &u32| i64::from(*step) >= wanted;
    let step = STEPS.into_iter().find(fits).unwrap_or(7_200);
    i64::from(match agg {
        Aggregation::Avg | Aggregation::Last => step,
        _ => step.max(AGGREGATED_STEP),
    }) * 1_000
}

/// Whether every sample shows: there is one each second at most.
pub const fn is_whole(grain_ms: i64) -> bool {
    grain_ms <= 1_000
}

/// One question a series.
pub fn questions(
    series: &[StoredSeries],
    window: TimeWindow,
    grain_ms: i64,
    agg: Option<Aggregation>,
) -> MetricQueries {
    // Raw samples keep their own moments.
    let step = u32::try_from(grain_ms / 1_000).ok();
    let step = step.filter(|_| agg.is_some() && !is_whole(grain_ms));
    let width = PixelWidth::nearest(window.span_ms() / grain_ms.max(1));
    let question = |one: &StoredSeries| MetricQuery {
        server: Some(one.server_id),
        metric: one.metric.clone(),
        labels: one.labels.clone().into(),
        from: window.from,
        to: Some(window.to),
        step: step.and_then(NonZeroU32::new),
        agg: agg.unwrap_or_default(),
        width: agg.is_none().then_some(width),
        sum: false,
    };
    MetricQueries {
        queries: series.iter().map(question).collect(),
    }
}

/// The curves of an answer, in the order of `series`; `kind` stands behind each name.
pub fn curves(
    series: &[StoredSeries],
    answers: &MetricAnswers,
    grain_ms: i64,
    kind: Option<&str>,
) -> Vec<ChartSeries> {
    let with_server = of_several_servers(series);
    let shape = if series.len() == 1 {
        Shape::Area
    } else {
        Shape::Line
    };
    let curve = |(place, one): (usize, &StoredSeries)| {
        // A question also means series that have more labels.
        let same = |it: &&AnsweredSeries| it.server_id == one.server_id && it.labels == one.labels;
        let answer = answers.results.get(place);
        let found = answer.and_then(|answer| answer.series.iter().find(same));
        let points = found.map(points_of).unwrap_or_default();
        let name = name(one, with_server);
        ChartSeries {
            name: kind.map_or_else(|| name.clone(), |kind| format!("{name} ({kind})")),
            color: SeriesColor::nth(place),
            shape,
            gap_ms: gap_ms(&points, grain_ms),
            points: Arc::new(points),
        }
    };
    series.iter().enumerate().map(curve).collect()
}

/// The readings there are. Empty steps are left out: many metrics have a sample each ten seconds or each minute only.
fn points_of(series: &AnsweredSeries) -> Vec<Point> {
    let points = series.points.iter();
    points
        .filter_map(|(at, value)| Some(Point::new(UnixMs(*at), (*value)?)))
        .collect()
}

/// Readings further apart than this are not joined: some times what lies between most of them.
fn gap_ms(points: &[Point], grain_ms: i64) -> i64 {
    let mut apart: Vec<i64> = points
        .windows(2)
        .map(|two| two[1].at.since_ms(two[0].at))
        .collect();
    apart.sort_unstable();
    let usual = apart.get(apart.len() / 2).copied().unwrap_or(ALONE_MS);
    let longest = usual.max(grain_ms);
    (longest * 5 / 2).max(GAP_MS)
}

/// How the values are read.
pub const fn chart_unit(unit: Unit, agg: Option<Aggregation>, is_decimal: bool) -> ChartUnit {
    if matches!(agg, Some(Aggregation::Count)) {
        return ChartUnit::Number;
    }
    match unit {
        Unit::Percent => ChartUnit::Percent,
        Unit::Bytes if is_decimal => ChartUnit::DecimalBytes,
        Unit::Bytes => ChartUnit::Bytes,
        Unit::BytesPerSecond if is_decimal => ChartUnit::DecimalBytesPerSecond,
        Unit::BytesPerSecond => ChartUnit::BytesPerSecond,
        Unit::Celsius => ChartUnit::Celsius,
        // Counters of seconds and moments are read as they are.
        Unit::None | Unit::Seconds | Unit::PerSecond | Unit::Hertz => ChartUnit::Number,
    }
}

/// Shares end at 100, unless one is above.
pub fn bounds(unit: ChartUnit, curves: &[ChartSeries]) -> ValueBounds {
    let mut values = curves.iter().flat_map(|curve| curve.points.iter());
    let is_share = unit == ChartUnit::Percent
        && values.all(|it| it.value.is_none_or(|value| (0.0..=100.0).contains(&value)));
    if is_share {
        ValueBounds::up_to(100.0)
    } else {
        ValueBounds::default()
    }
}

#[cfg(test)]
mod tests {
    use super::{MOST, Mark, curves, drawn, grain_ms, questions, ticked};
    use common::api::metrics::{
        Aggregation, AnsweredSeries, MetricAnswer, MetricAnswers, StoredSeries,
    };
    use common::chart::TimeWindow;
    use common::series::Labels;
    use common::time::UnixMs;

    fn series(cpu: usize) -> StoredSeries {
        StoredSeries {
            server_id: "00000000-0000-7000-8000-000000000001".parse().unwrap(),
            server: "web-1".to_owned(),
            metric: "busy".to_owned(),
            labels: Labels::one("cpu", &cpu.to_string()),
        }
    }

    fn window(seconds: i64) -> TimeWindow {
        TimeWindow::ending(UnixMs(0), seconds * 1_000)
    }

    #[test]
    fn steps_fit_range_and_width() {
        use Aggregation::{Avg, Max};
        for (seconds, pixels, agg, expected) in [
            (300, 900, Some(Avg), 1_000),
            (300, 900, Some(Max), 10_000),
            (300, 900, None, 333),
            (3_600, 900, Some(Avg), 5_000),
            (3_600, 300, Some(Avg), 15_000),
            (3_600, 900, None, 4_000),
            (86_400, 900, Some(Avg), 120_000),
            (7 * 86_400, 900, Some(Max), 1_800_000),
            (7 * 86_400, 9_000, Some(Avg), 600_000),
            (7 * 86_400, 9_000, None, 420_000),
            (31 * 86_400, 100, Some(Avg), 7_200_000),
        ] {
            let found = grain_ms(window(seconds), pixels, agg);
            assert_eq!(found, expected, "{seconds} s on {pixels}, {agg:?}");
        }
    }

    #[test]
    fn the_first_are_drawn_until_some_are_ticked() {
        let all: Vec<_> = (0..30).map(series).collect();
        assert_eq!(drawn(&all, &[]).len(), MOST);
        let picked = [Mark::of(&all[20]), Mark::of(&all[3])];
        assert_eq!(drawn(&all, &picked), [all[3].clone(), all[20].clone()]);
        let gone = Mark::read("00000000").unwrap();
        assert_eq!(drawn(&all, &[gone]).len(), MOST);
        assert_eq!(ticked(&all, &picked, picked[0]), [picked[1]]);
        assert_eq!(ticked(&all, &[], Mark::of(&all[0])).len(), MOST - 1);
    }

    #[test]
    fn a_mark_survives_the_address() {
        let mark = Mark::of(&series(7));
        assert_eq!(Mark::read(&mark.to_string()), Some(mark));
        assert_ne!(mark, Mark::of(&series(8)));
        assert_eq!(Mark::read("xyz"), None);
    }

    #[test]
    fn curves_keep_the_order_and_bridge_empty_steps() {
        let asked = [series(1), series(0)];
        let answer = |one: &StoredSeries, points: Vec<(i64, Option<f64>)>| MetricAnswer {
            series: vec![AnsweredSeries {
                server_id: one.server_id,
                server: one.server.clone(),
                metric: one.metric.clone(),
                labels: one.labels.clone(),
                unit: None,
                points,
            }],
        };
        let minute = |index: i64| (index * 60_000, Some(1.0));
        let points = vec![minute(0), (5_000, None), minute(1), minute(2)];
        let answers = MetricAnswers {
            results: vec![
                answer(&asked[0], points),
                answer(&series(9), vec![minute(0)]),
            ],
        };
        let found = curves(&asked, &answers, 5_000, Some("counter"));
        let names: Vec<_> = found.iter().map(|it| it.name.as_str()).collect();
        assert_eq!(names, ["1 (counter)", "0 (counter)"]);
        assert_eq!((found[0].points.len(), found[0].gap_ms), (3, 150_000));
        assert!(found[1].points.is_empty(), "another series is no answer");
        let raw = questions(&asked, window(300), 1_000, Some(Aggregation::Avg));
        assert_eq!(raw.queries.len(), 2);
        assert_eq!(raw.queries[0].step, None, "raw samples");
        let mean = questions(&asked, window(3_600), 5_000, Some(Aggregation::Avg));
        assert_eq!(mean.queries[0].step.unwrap().get(), 5);
        let peaks = questions(&asked, window(3_600), 5_000, None);
        assert_eq!(peaks.queries[0].width.unwrap().get(), 720);
    }
}
