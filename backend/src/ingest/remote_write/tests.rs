//! What of a request is taken, and what refuses all of it.

use common::ids::ServerId;
use common::series::{Labels, SeriesKey};
use common::time::UnixMs;
use proptest::prelude::*;
use uuid::Uuid;

use super::known::Known;
use super::request::{self, Request};
use super::testing::{label_section, request, sample};
use super::{Accepts, LabelFault, SeriesFault, WriteError};
use crate::ingest::metadata::Metadata;
use crate::protobuf::{BadMessage, put_bytes};

const NOW: i64 = 1_760_000_000_000;
const DAY: i64 = 86_400_000;

fn accepts() -> Accepts {
    Accepts {
        server: ServerId(Uuid::nil()),
        now: UnixMs(NOW),
        most_series: 10,
        retention_days: 30,
        is_sampled: true,
    }
}

fn read(message: &[u8], known: &mut Known) -> Result<Request, WriteError> {
    request::read(message, &accepts(), known)
}

fn key(metric: &str, labels: &[(&str, &str)]) -> SeriesKey {
    SeriesKey::new(ServerId(Uuid::nil()), metric, Labels::of(labels))
}

/// Each sample as time, series and bits of its value.
fn samples(request: &Request) -> Vec<(i64, SeriesKey, u64)> {
    let moments = request.moments.iter();
    let samples = moments.flat_map(|moment| {
        let values = moment.values.iter();
        values.map(|(key, value)| (moment.at, key.clone(), value.to_bits()))
    });
    samples.collect()
}

#[test]
fn samples_come_by_moment_and_bit_for_bit() {
    let stale = f64::from_bits(0x7FF0_0000_0000_0002);
    let (up, a) = (("__name__", "up"), ("a", "b"));
    let labels = label_section(&[up, a]);
    // Later labels, an exemplar, and a field that nobody knows.
    let split = [label_section(&[up]), sample(NOW, 3.0), label_section(&[a])];
    let no_samples = [labels.clone(), vec![0x1A, 0], vec![0x78, 1]];
    let mut message = request(&[labels.clone(), sample(NOW, 1.0), sample(NOW - 5, stale)]);
    message.extend(request(&[label_section(&[up]), sample(NOW, -0.0)]));
    message.extend(request(&split));
    message.extend(request(&no_samples));
    put_bytes(3, b"\x08\x01\x12\x02up\x22\x01h\x2A\x01u", &mut message);
    put_bytes(3, b"\x08\x63\x12\x04down", &mut message);
    put_bytes(3, b"\x12\x03a b", &mut message);
    let mut known = Known::default();
    for turn in 0..2 {
        let request = read(&message, &mut known).unwrap();
        let expected = [
            (NOW, key("up", &[]), (-0.0_f64).to_bits()),
            (NOW, key("up", &[("a", "b")]), 3.0_f64.to_bits()),
            (NOW - 5, key("up", &[("a", "b")]), stale.to_bits()),
        ];
        assert_eq!(samples(&request), expected);
        assert_eq!(request.samples, 4);
        let said = request.described.iter().map(|(metric, said)| {
            let Metadata { kind, help, unit } = said;
            format!("{metric} {} {help} {unit}", kind.word())
        });
        assert_eq!(
            said.collect::<Vec<_>>(),
            ["up counter h u", "down unknown  "]
        );
        let fresh = request.fresh.len();
        assert_eq!(fresh, if turn == 0 { 2 } else { 0 });
        let places: Vec<_> = request.fresh.iter().map(|(place, _)| *place).collect();
        known.stored(known.era(), &places);
    }
}

#[test]
fn one_fault_refuses_the_request() {
    let up = label_section(&[("__name__", "up")]);
    let good = request(&[up.clone(), sample(NOW, 1.0)]);
    let minutes = 10;
    let series = |fields: &[Vec<u8>], metric: Option<&str>, fault: SeriesFault| {
        let (metric, place) = (metric.map(str::to_owned), 1);
        (
            request(fields),
            WriteError::Series {
                place,
                metric,
                fault,
            },
        )
    };
    for (bad, error) in [
        series(
            &[up.clone(), sample(NOW - 30 * DAY - 1, 1.0)],
            Some("up"),
            SeriesFault::TooOld { days: 30 },
        ),
        series(
            &[up.clone(), sample(NOW + 600_001, 1.0)],
            Some("up"),
            SeriesFault::FromTheFuture { minutes },
        ),
        series(
            &[up.clone(), vec![0x22, 0]],
            Some("up"),
            SeriesFault::NativeHistogram,
        ),
        series(
            &[label_section(&[("a", "b")]), sample(NOW, 1.0)],
            None,
            SeriesFault::Labels(LabelFault::NoMetric),
        ),
        series(&[sample(NOW, 1.0)], None, LabelFault::NoMetric.into()),
        series(
            &[
                up.clone(),
                label_section(&[("b", ""), ("a", "")]),
                sample(NOW, 1.0),
            ],
            Some("up"),
            LabelFault::Unsorted("a".to_owned()).into(),
        ),
        (vec![0x0A, 9], WriteError::Message(BadMessage::CutOff)),
        (
            request(&[up.clone(), vec![0x12, 2, 0x0D, 0]]),
            WriteError::Message(BadMessage::CutOff),
        ),
        (
            request(&[up.clone(), vec![0x12, 2, 0x08, 0]]),
            WriteError::Message(BadMessage::WrongKind(1)),
        ),
    ] {
        let message = [good.clone(), bad].concat();
        let refused = read(&message, &mut Known::default()).unwrap_err();
        assert_eq!(refused.to_string(), error.to_string());
    }
}

#[test]
fn what_is_remembered_is_bounded() {
    let mut known = Known::default();
    for batch in 0..10 {
        let mut message = Vec::new();
        for at in 0..500 {
            let name = format!("m{}", batch * 500 + at);
            let labels = label_section(&[("__name__", &name)]);
            message.extend(request(&[labels, sample(NOW, 1.0)]));
        }
        let request = read(&message, &mut known).unwrap();
        assert_eq!(request.fresh.len(), 500);
    }
    assert!(known.era() > 0);
}

proptest! {
    #[test]
    fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..80)) {
        let mut known = Known::default();
        drop(read(&bytes, &mut known));
        drop(read(&request(&[bytes]), &mut known));
    }

    #[test]
    fn samples_come_back_as_they_went(
        sent in prop::collection::vec((0_u8..4, 0_i64..4, any::<u64>()), 0..40),
    ) {
        let mut message = Vec::new();
        let mut expected = std::collections::BTreeMap::new();
        for (series, at, bits) in sent {
            let (name, at) = (format!("m{series}"), NOW - at);
            let labels = label_section(&[("__name__", &name)]);
            message.extend(request(&[labels, sample(at, f64::from_bits(bits))]));
            expected.insert((at, key(&name, &[])), bits);
        }
        let read = read(&message, &mut Known::default()).unwrap();
        let found: std::collections::BTreeMap<_, _> = samples(&read)
            .into_iter()
            .map(|(at, key, bits)| ((at, key), bits))
            .collect();
        prop_assert_eq!(samples(&read).len(), found.len());
        prop_assert_eq!(found, expected);
    }
}
