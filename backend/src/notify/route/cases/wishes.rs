//! When a person may be told, by quiet hours and digests, over changes of the clock as well.

use common::alert::{AlertChange, Severity, WindowInput};
use common::api::preferences::NotificationPreferences;
use common::time::UnixMs;

use super::stage::Stage;
use crate::notify::route::may_be_told_at;

use Severity::{Critical, Warning};

fn at(text: &str) -> UnixMs {
    UnixMs::parse(text).unwrap_or_else(|| panic!("{text}"))
}

const NIGHT: &str = r#""quiet_hours":[{"times":[{"start_time":"22:00","end_time":"07:00"}],"time_zone":"Europe/Berlin"}]"#;
const DAILY: &str = r#""digest":{"kind":"daily","at":"08:00","time_zone":"Europe/Berlin"}"#;
const EARLY: &str = r#""digest":{"kind":"daily","at":"02:30","time_zone":"Europe/Berlin"}"#;
const HOURLY: &str = r#""digest":{"kind":"hourly"}"#;
const ALL_QUIET: &str = r#""critical_breaks_quiet":false"#;
const WEEKEND: &str =
    r#""quiet_hours":[{"weekdays":["saturday:sunday"],"time_zone":"America/New_York"}]"#;

/// The wishes, how bad the alert is, when it changes, when it is told.
const CASES: &[(&[&str], Severity, &str, &str)] = &[
    (&[], Warning, "2026-11-21T03:00:00Z", "2026-11-21T03:00:00Z"),
    (
        &[NIGHT],
        Warning,
        "2026-11-21T21:59:59+01:00",
        "2026-11-21T21:59:59+01:00",
    ),
    (
        &[NIGHT],
        Warning,
        "2026-11-21T22:00:00+01:00",
        "2026-11-22T07:00:00+01:00",
    ),
    (
        &[NIGHT],
        Warning,
        "2026-11-22T06:59:59+01:00",
        "2026-11-22T07:00:00+01:00",
    ),
    (
        &[NIGHT],
        Warning,
        "2026-11-22T07:00:00+01:00",
        "2026-11-22T07:00:00+01:00",
    ),
    (
        &[NIGHT],
        Critical,
        "2026-11-22T03:00:00+01:00",
        "2026-11-22T03:00:00+01:00",
    ),
    (
        &[NIGHT, ALL_QUIET],
        Critical,
        "2026-11-22T03:00:00+01:00",
        "2026-11-22T07:00:00+01:00",
    ),
    // The night in which the clock is put forward, and the one in which it is put back.
    (
        &[NIGHT],
        Warning,
        "2026-03-29T01:30:00+01:00",
        "2026-03-29T07:00:00+02:00",
    ),
    (
        &[NIGHT],
        Warning,
        "2026-10-24T23:00:00+02:00",
        "2026-10-25T07:00:00+01:00",
    ),
    (
        &[NIGHT],
        Warning,
        "2026-10-25T02:30:00+02:00",
        "2026-10-25T07:00:00+01:00",
    ),
    (
        &[NIGHT],
        Warning,
        "2026-10-25T02:30:00+01:00",
        "2026-10-25T07:00:00+01:00",
    ),
    (
        &[HOURLY],
        Warning,
        "2026-11-21T03:00:00Z",
        "2026-11-21T04:00:00Z",
    ),
    (
        &[HOURLY],
        Warning,
        "2026-11-21T03:59:59.999Z",
        "2026-11-21T04:00:00Z",
    ),
    (
        &[HOURLY],
        Critical,
        "2026-11-21T03:10:00Z",
        "2026-11-21T03:10:00Z",
    ),
    // A digest that falls into quiet hours waits for their end.
    (
        &[HOURLY, NIGHT],
        Warning,
        "2026-11-21T21:30:00+01:00",
        "2026-11-22T07:00:00+01:00",
    ),
    (
        &[DAILY],
        Warning,
        "2026-11-21T07:59:59+01:00",
        "2026-11-21T08:00:00+01:00",
    ),
    (
        &[DAILY],
        Warning,
        "2026-11-21T08:00:00+01:00",
        "2026-11-22T08:00:00+01:00",
    ),
    (
        &[DAILY],
        Warning,
        "2026-03-28T12:00:00+01:00",
        "2026-03-29T08:00:00+02:00",
    ),
    (
        &[DAILY],
        Warning,
        "2026-10-24T12:00:00+02:00",
        "2026-10-25T08:00:00+01:00",
    ),
    // Half past two does not come: the change itself; it comes twice: the first one.
    (
        &[EARLY],
        Warning,
        "2026-03-28T12:00:00+01:00",
        "2026-03-29T03:00:00+02:00",
    ),
    (
        &[EARLY],
        Warning,
        "2026-10-24T12:00:00+02:00",
        "2026-10-25T02:30:00+02:00",
    ),
    (
        &[WEEKEND],
        Warning,
        "2026-10-31T12:00:00Z",
        "2026-11-02T00:00:00-05:00",
    ),
    // Quiet hours without an end are none that could be waited for.
    (
        &[r#""quiet_hours":[{"weekdays":["sunday:saturday"]}]"#],
        Warning,
        "2026-11-21T03:00:00Z",
        "2026-11-21T03:00:00Z",
    ),
];

#[test]
fn a_person_is_told_when_that_person_wants() {
    for (wishes, severity, now, told) in CASES {
        let text = format!("{{{}}}", wishes.join(","));
        let wanted: NotificationPreferences = serde_json::from_str(&text).unwrap();
        let found = may_be_told_at(&wanted, *severity, at(now));
        assert_eq!(found, at(told), "{text} {severity:?} {now}");
    }
}

/// When a window from two to four in Berlin has the alert fire, and when it closes.
const WINDOWS: &[(&str, &str)] = &[
    ("2026-03-28T02:00:00+01:00", "2026-03-28T04:00:00+01:00"),
    // The hour from two to three does not come: the window is an hour long.
    ("2026-03-29T03:00:00+02:00", "2026-03-29T04:00:00+02:00"),
    // It comes twice: three hours.
    ("2026-10-25T02:00:00+02:00", "2026-10-25T04:00:00+01:00"),
    ("2026-10-25T02:59:59+01:00", "2026-10-25T04:00:00+01:00"),
    ("2026-10-26T02:00:00+01:00", "2026-10-26T04:00:00+01:00"),
];

#[tokio::test]
async fn a_window_closes_by_its_own_clock_when_that_is_put_forward_or_back() {
    let window = r#"{"name":"a","schedule":{"kind":"recurring","intervals":[
        {"times":[{"start_time":"02:00","end_time":"04:00"}],"time_zone":"Europe/Berlin"}]}}"#;
    for (fires, closes) in WINDOWS {
        let mut stage = Stage::new(0).await;
        stage.clock.set(at(fires));
        stage.add::<WindowInput>(window).await;
        stage.step(1, AlertChange::Fired, Critical).await;
        assert!(stage.sent().await.is_empty(), "{fires}");
        stage.clock.set(at(closes).plus_ms(-1));
        assert!(stage.sent().await.is_empty(), "before {closes}");
        stage.clock.set(at(closes));
        assert_eq!(stage.sent().await.len(), 3, "{closes}");
    }
}
