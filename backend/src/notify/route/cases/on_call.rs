//! Who is on call when; people are numbers.

use common::alert::ScheduleInput;
use common::ids::UserId;
use common::time::UnixMs;
use uuid::Uuid;

use crate::notify::route::on_call::{BadSchedule, OnCall};

fn at(text: &str) -> UnixMs {
    UnixMs::parse(text).unwrap_or_else(|| panic!("{text}"))
}

/// Reads a schedule in which people are numbers.
fn schedule(text: &str) -> ScheduleInput {
    fn named(value: &mut serde_json::Value) {
        let id = Uuid::from_u128(value.as_u64().unwrap().into());
        *value = serde_json::json!(id);
    }
    let mut value: serde_json::Value = serde_json::from_str(text).unwrap();
    for layer in value["layers"].as_array_mut().unwrap() {
        layer["people"]
            .as_array_mut()
            .unwrap()
            .iter_mut()
            .for_each(named);
    }
    for one in value["overrides"].as_array_mut().into_iter().flatten() {
        named(&mut one["person"]);
    }
    if value["overrides"].is_null() {
        value["overrides"] = serde_json::json!([]);
    }
    serde_json::from_value(value).unwrap()
}

fn number(person: Option<UserId>) -> u128 {
    person.map_or(0, |person| person.0.as_u128())
}

/// Weeks from Monday nine o'clock in Berlin, over both changes of the clock.
const WEEKS: &str = r#"{"name": "a", "time_zone": "Europe/Berlin", "layers": [
    {"people": [1, 2], "rotation": {"kind": "weekly"}, "starts_on": "2026-03-02", "hand_over_time": "09:00"}]}"#;
const DAYS: &str = r#"{"name": "a", "time_zone": "Europe/Berlin", "layers": [
    {"people": [1, 2, 3], "rotation": {"kind": "daily"}, "starts_on": "2026-03-27", "hand_over_time": "02:30"}]}"#;
const HOURS: &str = r#"{"name": "a", "time_zone": "Europe/Berlin", "layers": [
    {"people": [1, 2], "rotation": {"kind": "hours", "hours": 12}, "starts_on": "2026-03-28", "hand_over_time": "08:00"}]}"#;
const OFFICE: &str = r#"{"name": "a", "layers": [
    {"people": [1], "rotation": {"kind": "daily"}, "starts_on": "2026-01-01"},
    {"people": [2], "rotation": {"kind": "days", "days": 2}, "starts_on": "2026-01-01",
     "active_times": [{"weekdays": ["monday:friday"], "times": [{"start_time": "09:00", "end_time": "17:00"}]}]}],
    "overrides": [{"person": 3, "starts_at": "2026-11-23T10:00:00Z", "ends_at": "2026-11-23T12:00:00Z"},
                  {"person": 4, "starts_at": "2026-11-23T11:00:00Z", "ends_at": "2026-11-23T11:30:00Z"}]}"#;

/// A schedule; moments, and who is on call then, 0 for nobody.
type Turns = (&'static str, &'static [(&'static str, u128)]);

const TURNS: &[Turns] = &[
    (
        WEEKS,
        &[
            ("2026-03-02T08:59:59+01:00", 0),
            ("2026-03-02T09:00:00+01:00", 1),
            ("2026-03-09T08:59:59+01:00", 1),
            ("2026-03-09T09:00:00+01:00", 2),
            ("2026-03-30T08:59:59+02:00", 2),
            ("2026-03-30T09:00:00+02:00", 1),
            ("2026-10-26T08:59:59+01:00", 2),
            ("2026-10-26T09:00:00+01:00", 1),
            ("2027-03-01T09:00:00+01:00", 1),
        ],
    ),
    (
        DAYS,
        &[
            ("2026-03-27T02:29:59+01:00", 0),
            ("2026-03-27T02:30:00+01:00", 1),
            ("2026-03-28T02:30:00+01:00", 2),
            // Half past two does not come: the hand-over is the change of the clock.
            ("2026-03-29T01:59:59+01:00", 2),
            ("2026-03-29T03:00:00+02:00", 3),
            ("2026-03-30T02:29:59+02:00", 3),
            ("2026-03-30T02:30:00+02:00", 1),
            // It comes twice: the first one counts, and nobody takes over again at the second.
            ("2026-10-25T02:29:59+02:00", 2),
            ("2026-10-25T02:30:00+02:00", 3),
            ("2026-10-25T02:10:00+01:00", 3),
            ("2026-10-25T02:30:00+01:00", 3),
            ("2026-10-26T02:30:00+01:00", 1),
        ],
    ),
    (
        HOURS,
        &[
            ("2026-03-28T07:59:59+01:00", 0),
            ("2026-03-28T08:00:00+01:00", 1),
            ("2026-03-28T20:00:00+01:00", 2),
            // Twelve hours are twelve hours: nine o'clock by the new time.
            ("2026-03-29T08:59:59+02:00", 2),
            ("2026-03-29T09:00:00+02:00", 1),
        ],
    ),
    (
        OFFICE,
        &[
            ("2025-12-31T23:59:59Z", 0),
            ("2026-11-22T12:00:00Z", 1),
            ("2026-11-23T08:59:59Z", 1),
            ("2026-11-23T09:00:00Z", 2),
            ("2026-11-23T10:00:00Z", 3),
            ("2026-11-23T11:00:00Z", 4),
            ("2026-11-23T11:30:00Z", 3),
            ("2026-11-23T12:00:00Z", 2),
            ("2026-11-23T17:00:00Z", 1),
        ],
    ),
];

#[test]
fn turns_change_at_the_local_time_of_hand_over() {
    for (text, cases) in TURNS {
        let on_call = OnCall::of(&schedule(text)).unwrap();
        for (moment, person) in *cases {
            assert_eq!(
                number(on_call.at(at(moment))),
                *person,
                "{moment} of {text}"
            );
        }
    }
}

#[test]
fn the_final_schedule_and_its_gaps_are_listed() {
    let on_call = OnCall::of(&schedule(OFFICE)).unwrap();
    let turns = on_call.turns(at("2026-11-23T00:00:00Z"), at("2026-11-24T00:00:00Z"));
    let found: Vec<_> = turns
        .iter()
        .map(|turn| {
            (
                turn.from.to_rfc3339()[11..16].to_owned(),
                number(turn.person),
            )
        })
        .collect();
    let expected = [
        ("00:00", 1),
        ("09:00", 2),
        ("10:00", 3),
        ("11:00", 4),
        ("11:30", 3),
        ("12:00", 2),
        ("17:00", 1),
    ];
    assert_eq!(
        found,
        expected.map(|(from, person)| (from.to_owned(), person))
    );
    assert!(
        on_call
            .gaps(at("2026-11-23T00:00:00Z"), at("2026-12-23T00:00:00Z"))
            .is_empty()
    );

    let weekdays = r#"{"name": "a", "time_zone": "Europe/Berlin", "layers": [
        {"people": [1], "rotation": {"kind": "weekly"}, "starts_on": "2026-01-01", "active_times": [{"weekdays": ["monday:friday"]}]}]}"#;
    let on_call = OnCall::of(&schedule(weekdays)).unwrap();
    let gaps = on_call.gaps(at("2026-11-21T12:00:00Z"), at("2026-11-28T12:00:00Z"));
    let found: Vec<_> = gaps.iter().map(|gap| (gap.from, gap.to)).collect();
    let expected = [
        ("2026-11-21T12:00:00Z", "2026-11-22T23:00:00Z"),
        ("2026-11-27T23:00:00Z", "2026-11-28T12:00:00Z"),
    ];
    assert_eq!(found, expected.map(|(from, to)| (at(from), at(to))));
}

#[test]
fn what_cannot_be_read_is_named() {
    let bad_day = OFFICE.replacen("2026-01-01", "1.1.2026", 1);
    let error = OnCall::of(&schedule(&bad_day)).unwrap_err();
    let expected = BadSchedule::Day {
        layer: 0,
        text: "1.1.2026".to_owned(),
    };
    assert_eq!(error, expected);
    let bad_zone = WEEKS.replace("Europe/Berlin", "Berlin");
    let error = OnCall::of(&schedule(&bad_zone)).unwrap_err();
    assert!(error.to_string().contains("\"Berlin\""), "{error}");
}

#[test]
fn turns_end_where_days_can_be_counted_no_further() {
    let text = r#"{"name": "a", "layers": [
        {"people": [1, 2], "rotation": {"kind": "days", "days": 65535}, "starts_on": "-009999-01-01"}]}"#;
    let on_call = OnCall::of(&schedule(text)).unwrap();
    let from = at("9980-01-01T00:00:00Z");
    let turns = on_call.turns(from, from.plus_ms(400 * 86_400_000));
    assert_eq!(turns.len(), 1);
}
