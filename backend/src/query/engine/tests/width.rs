//! Charts: extremes of pixel columns whatever the slabs, added up or not.

use common::ids::ServerId;
use proptest::prelude::*;

use super::*;
use crate::query::thin::Thinner;

fn by_width(range: Range<i64>, pixels: i64, sum: bool) -> Request {
    Request {
        resolution: Resolution::Columns {
            width: PixelWidth::nearest(pixels),
            sum,
        },
        ..request(range, None)
    }
}

/// All samples of a map, through one thinner.
fn at_once(
    samples: &BTreeMap<i64, f64>,
    range: Range<i64>,
    pixels: u16,
) -> Vec<(i64, Option<f64>)> {
    let mut thinner = Thinner::of_samples(Columns::over(&range, pixels));
    let inside = samples.range(range).map(|(at, value)| (*at, *value));
    thinner.extend(inside);
    thinner.finish()
}

#[test]
fn a_peak_of_one_second_is_seen_at_every_zoom() {
    let peak = 123_456;
    let value = |second: i64| if second == peak { 99.0 } else { 1.0 };
    let samples = (0..2 * 86_400).map(|it| (it * 1_000, value(it))).collect();
    let memory = Memory::with(vec![series("user", samples)]);
    let day = 86_400_000;
    for range in [0..2 * day, day..2 * day, 120_000_000..124_000_000] {
        for pixels in [100, 720, 4_000] {
            let answers = ask(&memory, &by_width(range.clone(), pixels, false)).unwrap();
            let points = &answers[0].points;
            assert!(points.contains(&(peak * 1_000, Some(99.0))), "{range:?}");
            assert!(points.len() <= 2 * usize::try_from(pixels).unwrap());
            assert!(points.is_sorted_by(|a, b| a.0 < b.0));
        }
    }
}

#[test]
fn few_samples_are_given_as_they_are() {
    let samples = BTreeMap::from([(5, 1.0), (900_000, 2.0), (900_001, 3.0)]);
    let memory = Memory::with(vec![series("user", samples.clone())]);
    let answers = ask(&memory, &by_width(0..1_000_000, 2, false)).unwrap();
    let expected: Vec<_> = samples.into_iter().map(|(at, it)| (at, Some(it))).collect();
    assert_eq!(answers[0].points, expected);
}

#[test]
fn sums_are_of_one_server_and_have_no_labels() {
    let mut other = series("user", BTreeMap::from([(1, 70.0)]));
    other.key.server = ServerId(uuid::Uuid::from_u128(2));
    let memory = Memory::with(vec![
        series("idle", BTreeMap::from([(1, 1.0), (2, 2.0), (4, 4.0)])),
        series("user", BTreeMap::from([(2, 20.0), (3, 30.0), (4, 40.0)])),
        other,
    ]);
    let answers = ask(&memory, &by_width(0..10, 100, true)).unwrap();
    let points: Vec<_> = answers.iter().map(|one| one.points.clone()).collect();
    let one = |at, value| (at, Some(value));
    assert_eq!(
        points,
        [
            vec![one(1, 1.0), one(2, 22.0), one(3, 30.0), one(4, 44.0)],
            vec![one(1, 70.0)]
        ]
    );
    assert!(answers.iter().all(|one| one.key.labels.is_empty()));
}

#[test]
fn too_many_columns_in_all_are_refused() {
    let many = (0..251).map(|n| series(&n.to_string(), BTreeMap::from([(1, 1.0)])));
    let memory = Memory::with(many.collect());
    let refused = ask(&memory, &by_width(0..10, 4_000, false));
    assert!(matches!(refused, Err(QueryError::AnswerTooLarge { .. })));
    assert!(ask(&memory, &by_width(0..10, 4_000, true)).is_ok());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn slabs_change_nothing(
        samples in prop::collection::btree_map(0_i64..200_000, -9_i8..9, 0..400),
        from in 0_i64..100_000,
        length in 1_i64..100_000,
        pixels in 1_u16..40,
    ) {
        // In seconds: columns stay shorter than an hour.
        let samples: BTreeMap<i64, f64> = samples
            .into_iter()
            .map(|(second, value)| (second * 1_000, f64::from(value)))
            .collect();
        let length = length.min(i64::from(pixels) * 3_599);
        let range = from * 1_000..(from + length) * 1_000;
        let expected = at_once(&samples, range.clone(), pixels);
        let memory = Memory::with(vec![series("user", samples)]);
        let answers = ask(&memory, &by_width(range, pixels.into(), false)).unwrap();
        let got = answers.first().map(|one| one.points.clone()).unwrap_or_default();
        prop_assert_eq!(got, expected);
    }
}
