//! Every value comes back bit for bit, also what is no number, from memory, windows and hours; charts
//! leave out what is not finite.

use proptest::prelude::*;

use super::*;
use common::series::Series;

use crate::query::{Budget, Cancel, HOUR_MS, Source};

/// Bits of any number: of all kinds, and some that are easily mistaken for another.
fn bits() -> impl Strategy<Value = u64> {
    prop_oneof![
        3 => any::<u64>(),
        1 => any::<f64>().prop_map(f64::to_bits),
        1 => prop::sample::select(vec![
            0.0_f64, -0.0, f64::MIN_POSITIVE, 5e-324, -5e-324, f64::MAX, f64::MIN, f64::EPSILON,
            f64::INFINITY, f64::NEG_INFINITY, f64::NAN, -f64::NAN,
        ]).prop_map(f64::to_bits),
        1 => Just(0x7FF0_0000_0000_0001),
    ]
}

type Bits = BTreeMap<String, Vec<(i64, u64)>>;

/// As it is stored.
fn all(metrics: &Metrics) -> Bits {
    let everything = i64::MIN..i64::MAX;
    let keys: Vec<SeriesKey> = (0..3).map(|cpu| key(SERVER, cpu)).collect();
    let mut budget = Budget::new(usize::MAX, Cancel::default());
    let set = metrics.samples(&keys, everything, &mut budget).unwrap();
    let series = set
        .series
        .into_iter()
        .filter(|series| !series.times.is_empty());
    let bits = |series: Series| {
        let samples = series.points().map(|(at, value)| (at, value.to_bits()));
        let cpu = series.key.labels.get("cpu").unwrap_or_default().to_owned();
        (cpu, samples.collect())
    };
    series.map(bits).collect()
}

/// What a chart shows of them.
async fn shown(engine: &Engine) -> Bits {
    let series = stored(engine).await.into_iter();
    let bits = |samples: Vec<(i64, f64)>| {
        let samples = samples.into_iter();
        samples.map(|(at, value)| (at, value.to_bits())).collect()
    };
    series.map(|(cpu, samples)| (cpu, bits(samples))).collect()
}

fn finite(bits: &Bits) -> Bits {
    let mut bits = bits.clone();
    for samples in bits.values_mut() {
        samples.retain(|(_, bits)| f64::from_bits(*bits).is_finite());
    }
    bits.retain(|_, samples| !samples.is_empty());
    bits
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn any_number_comes_back_bit_for_bit(samples in prop::collection::btree_map(
        0_i64..HOUR_MS,
        prop::collection::btree_map(0_u32..3, bits(), 1..3),
        1..40,
    )) {
        let mut expected = Bits::new();
        let frames = samples.iter().map(|(at, values)| {
            let values: Vec<(u32, f64)> =
                values.iter().map(|(cpu, bits)| (*cpu, f64::from_bits(*bits))).collect();
            for (cpu, value) in &values {
                expected.entry(cpu.to_string()).or_default().push((*at, value.to_bits()));
            }
            frame(*at, &values)
        });
        let frames: Vec<Frame> = frames.collect();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
        runtime.block_on(async {
            let place = Place::sqlite();
            let (store, _) = open(&place);
            let metrics = store.metrics();
            metrics.append(frames).await.unwrap();
            assert_eq!(all(metrics), expected, "in memory");
            store.close().await;
            let (store, engine) = open(&place);
            let metrics = store.metrics();
            assert_eq!(all(metrics), expected, "in memory again");
            metrics.pack_windows(UnixMs(2 * HOUR_MS)).await.unwrap();
            assert_eq!(all(metrics), expected, "in windows");
            metrics.seal_hours(UnixMs(4 * HOUR_MS)).await.unwrap();
            assert_eq!(all(metrics), expected, "in an hour");
            assert_eq!(shown(&engine).await, finite(&expected), "in a chart");
        });
    }
}
