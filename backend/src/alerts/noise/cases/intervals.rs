//! Intervals of time against moments: Alertmanager's own cases, and changes of the clock.

use common::calendar::{DayRange, TimeInterval};
use common::time::UnixMs;

use crate::alerts::noise::calendar::{Calendar, Span, UnknownZone};

fn at(text: &str) -> UnixMs {
    UnixMs::parse(text).unwrap_or_else(|| panic!("{text}"))
}

fn calendar(intervals: &str) -> Calendar {
    let intervals: Vec<TimeInterval> = serde_json::from_str(intervals).unwrap();
    Calendar::of(&intervals).unwrap()
}

/// Intervals, moments inside, moments outside.
type Case = (
    &'static str,
    &'static [&'static str],
    &'static [&'static str],
);

/// `timeIntervalTestCases`, `yamlUnmarshalTestCases` and `completeTestCases` of Alertmanager.
const ALERTMANAGER: &[Case] = &[
    (
        "[{}]",
        &[
            "2006-01-02T15:04:00Z",
            "2007-01-03T10:04:00Z",
            "2006-01-04T09:04:00Z",
        ],
        &[],
    ),
    (
        r#"[{"times":[{"start_time":"09:00","end_time":"17:00"}],"weekdays":["monday:friday"]}]"#,
        &[
            "2020-05-04T15:04:00Z",
            "2020-05-05T10:04:00Z",
            "2020-06-09T09:04:00Z",
            "2020-07-08T09:00:00Z",
            "2020-07-08T16:59:00Z",
            "2021-04-01T13:00:00Z",
        ],
        &[
            "2020-05-03T15:04:00Z",
            "2020-05-04T08:59:00Z",
            "2020-05-05T05:00:00Z",
            "2020-07-08T05:00:00Z",
            "2020-07-08T08:59:00Z",
            "2020-07-08T17:00:00Z",
        ],
    ),
    (
        r#"[{"days_of_month":["4:6"],"months":["april"],"years":["2020"]}]"#,
        &[
            "2020-04-04T15:04:00Z",
            "2020-04-05T00:00:00Z",
            "2020-04-06T23:05:00Z",
        ],
        &[
            "2018-05-03T15:04:00Z",
            "2020-04-03T23:59:00Z",
            "2020-06-04T23:59:00Z",
            "2019-04-06T23:59:00Z",
            "2020-04-07T00:00:00Z",
        ],
    ),
    (
        r#"[{"days_of_month":["-3:-1"]}]"#,
        &[
            "2020-01-31T15:04:00Z",
            "2020-01-30T15:04:00Z",
            "2020-01-29T15:04:00Z",
            "2020-06-30T00:00:00Z",
            "2020-02-29T23:05:00Z",
        ],
        &[
            "2018-05-03T15:04:00Z",
            "2020-01-27T15:04:00Z",
            "2020-04-03T23:59:00Z",
            "2020-06-04T23:59:00Z",
            "2019-04-06T23:59:00Z",
            "2020-04-07T00:00:00Z",
            "2020-03-01T00:00:00Z",
        ],
    ),
    (
        r#"[{"times":[{"start_time":"09:00","end_time":"17:00"}],"weekdays":["monday:friday"],"location":"Australia/Sydney"}]"#,
        &["2021-04-06T13:00:00+10:00"],
        &["2021-04-06T13:00:00Z"],
    ),
    (
        r#"[{"times":[{"start_time":"09:00","end_time":"17:00"}],"weekdays":["monday:friday"],"months":["november"],"location":"Australia/Sydney"}]"#,
        &["2021-11-01T09:00:00+11:00", "2021-10-31T22:00:00Z"],
        &["2021-10-31T21:00:00Z"],
    ),
    (
        r#"[{"days_of_month":["-1"],"location":"America/New_York"}]"#,
        &["2021-03-31T12:00:00-04:00"],
        &["2021-03-30T12:00:00-04:00"],
    ),
    (
        r#"[{"weekdays":["monday:friday","sunday"],"months":["january:march"],"days_of_month":["-7:-1"],"years":["2020:2025","2030:2035"],"times":[{"start_time":"09:00","end_time":"17:00"}]}]"#,
        &[
            "2021-01-27T09:00:00Z",
            "2021-01-28T16:59:00Z",
            "2021-01-29T13:00:00Z",
            "2025-03-31T13:00:00Z",
            "2035-01-31T13:00:00Z",
        ],
        &[
            "2021-01-30T13:00:00Z",
            "2021-04-01T13:00:00Z",
            "2026-01-30T13:00:00Z",
            "2035-01-31T17:01:00Z",
        ],
    ),
    (
        r#"[{"weekdays":["monday:wednesday","saturday","sunday"],"times":[{"start_time":"13:00","end_time":"15:00"}],"days_of_month":["1","10","20:-1"],"years":["2020:2023"],"months":["january:march"]}]"#,
        &["2021-01-10T13:00:00Z", "2021-01-30T14:24:00Z"],
        &[
            "2021-01-09T13:00:00Z",
            "2021-01-20T12:59:00Z",
            "2021-02-02T13:00:00Z",
        ],
    ),
    (
        r#"[{"days_of_month":["30:31"],"years":["2020:2023"],"months":["february"]}]"#,
        &[],
        &["2021-02-28T13:00:00Z"],
    ),
];

/// What Alertmanager does not have: times over midnight; and what a change of the clock does.
const OWN: &[Case] = &[
    (
        r#"[{"times":[{"start_time":"22:00","end_time":"06:00"}],"weekdays":["friday"]}]"#,
        &["2026-11-20T22:00:00Z", "2026-11-21T05:59:59.999Z"],
        &[
            "2026-11-20T21:59:59Z",
            "2026-11-21T06:00:00Z",
            "2026-11-20T05:00:00Z",
        ],
    ),
    (
        r#"[{"weekdays":["monday:sunday"]}]"#,
        &["2026-11-15T12:00:00Z", "2026-11-18T12:00:00Z"],
        &[],
    ),
    // The hour from two to three does not come: an hour less.
    (
        r#"[{"times":[{"start_time":"01:30","end_time":"04:00"}],"days_of_month":["29"],"months":["march"],"time_zone":"Europe/Berlin"}]"#,
        &[
            "2026-03-29T01:30:00+01:00",
            "2026-03-29T03:00:00+02:00",
            "2026-03-29T03:59:59+02:00",
        ],
        &["2026-03-29T01:29:59+01:00", "2026-03-29T04:00:00+02:00"],
    ),
    // A start that does not come is the change itself.
    (
        r#"[{"times":[{"start_time":"02:30","end_time":"04:00"}],"time_zone":"Europe/Berlin","months":["march"]}]"#,
        &["2026-03-29T03:00:00+02:00", "2026-03-29T03:10:00+02:00"],
        &["2026-03-29T01:59:59+01:00", "2026-03-29T04:00:00+02:00"],
    ),
    // The hour from two to three comes twice: both belong to the window.
    (
        r#"[{"times":[{"start_time":"02:00","end_time":"03:00"}],"time_zone":"Europe/Berlin"}]"#,
        &[
            "2026-10-25T02:00:00+02:00",
            "2026-10-25T02:30:00+01:00",
            "2026-10-25T02:59:59+01:00",
        ],
        &["2026-10-25T01:59:59+02:00", "2026-10-25T03:00:00+01:00"],
    ),
    // A day without its midnight begins at one.
    (
        r#"[{"days_of_month":["6"],"months":["september"],"time_zone":"America/Santiago"}]"#,
        &["2026-09-06T04:00:00Z"],
        &["2026-09-06T03:59:59Z", "2026-09-07T03:00:00Z"],
    ),
];

#[test]
fn moments_are_inside_and_outside_as_they_should() {
    for (intervals, inside, outside) in ALERTMANAGER.iter().chain(OWN) {
        let calendar = calendar(intervals);
        for moment in *inside {
            assert!(
                calendar.covers(at(moment)),
                "{moment} is outside {intervals}"
            );
        }
        for moment in *outside {
            assert!(
                !calendar.covers(at(moment)),
                "{moment} is inside {intervals}"
            );
        }
    }
}

#[test]
fn days_beyond_both_ends_of_a_month_are_its_own_days() {
    let june = TimeInterval {
        days_of_month: vec![DayRange(-31, 31)],
        months: vec!["june".parse().unwrap()],
        ..TimeInterval::default()
    };
    let calendar = Calendar::of(&[june]).unwrap();
    for (moment, inside) in [
        ("2020-06-30T00:00:00Z", true),
        ("2020-06-01T00:00:00Z", true),
        ("2020-05-31T00:00:00Z", false),
        ("2020-07-01T00:00:00Z", false),
    ] {
        assert_eq!(calendar.covers(at(moment)), inside, "{moment}");
    }
}

#[test]
fn the_next_opening_is_found_however_far_it_is() {
    for (intervals, now, span) in [
        (
            r#"[{"times":[{"start_time":"22:00","end_time":"06:00"}]}]"#,
            "2026-11-21T23:00:00Z",
            Some(("2026-11-21T22:00:00Z", "2026-11-22T06:00:00Z")),
        ),
        (
            r#"[{"times":[{"start_time":"22:00","end_time":"06:00"}]}]"#,
            "2026-11-21T06:00:00Z",
            Some(("2026-11-21T22:00:00Z", "2026-11-22T06:00:00Z")),
        ),
        (
            r#"[{"weekdays":["saturday"]},{"weekdays":["sunday"]}]"#,
            "2026-11-18T00:00:00Z",
            Some(("2026-11-21T00:00:00Z", "2026-11-23T00:00:00Z")),
        ),
        (
            r#"[{"days_of_month":["1"],"months":["january"],"time_zone":"Europe/Berlin"}]"#,
            "2026-11-18T00:00:00Z",
            Some(("2026-12-31T23:00:00Z", "2027-01-01T23:00:00Z")),
        ),
        ("[{}]", "2026-11-18T00:00:00Z", None),
        (r#"[{"years":["2020"]}]"#, "2026-11-18T00:00:00Z", None),
    ] {
        let found = calendar(intervals).open_or_next(at(now));
        let expected = span.map(|(from, to)| Span {
            from: at(from),
            to: at(to),
        });
        assert_eq!(found, expected, "{intervals} at {now}");
    }
}

#[test]
fn an_unknown_zone_is_named() {
    let interval = TimeInterval {
        time_zone: Some("Mars/Olympus".to_owned()),
        ..TimeInterval::default()
    };
    let error = Calendar::of(&[interval]).unwrap_err();
    assert_eq!(error, UnknownZone("Mars/Olympus".to_owned()));
}
