//! From a step of an alert to deliveries, over a real store: held back and told later, in groups, step by step, by wish.

use common::alert::{
    AlertChange, InhibitionInput, PolicyInput, RouteInput, ScheduleInput, Severity,
};
use common::alert::{SilenceInput, WindowInput};
use common::version::Seen;

use super::stage::{Stage, allowed, channel, person};

use AlertChange::{Acknowledged, Escalated, Fired, Resolved};
use Severity::{Critical, Warning};

const SILENCE: &str = r#"{"matchers": "alertname=rule 1", "ends_at": 1790000060000}"#;

#[tokio::test]
async fn a_silenced_firing_is_told_when_the_silence_ends() {
    let mut stage = Stage::new(0).await;
    stage.add::<SilenceInput>(SILENCE).await;
    stage.step(1, Fired, Warning).await;
    stage.step(2, Fired, Warning).await;
    let others = [
        "0: 2 fired warning",
        "1: 2 fired warning",
        "2: 2 fired warning",
    ];
    assert_eq!(stage.sent().await, others);
    stage.pass(59);
    assert!(stage.sent().await.is_empty());
    stage.pass(1);
    let told = [
        "0: 1 fired warning",
        "1: 1 fired warning",
        "2: 1 fired warning",
    ];
    assert_eq!(stage.sent().await, told);
    assert!(stage.sent().await.is_empty());
    assert_eq!(
        stage.trace(1).await,
        [
            "hold held A silence holds it back.",
            "hold told Nobody holds it back.",
            "route told No route takes it: all enabled channels.",
        ]
    );
    stage.step(1, Resolved, Warning).await;
    assert_eq!(stage.sent().await.len(), 3);
}

#[tokio::test]
async fn a_silence_that_is_expired_tells_at_once() {
    let mut stage = Stage::new(0).await;
    let silence = stage.add::<SilenceInput>(SILENCE).await;
    stage.step(1, Fired, Warning).await;
    assert!(stage.sent().await.is_empty());
    let may = allowed();
    let expired = stage.book.amend(&may, silence.id, SilenceInput::expired);
    assert_eq!(expired.await.unwrap().version, 2);
    assert_eq!(
        stage.sent_out().await,
        ["1: 1 fired warning", "2: 1 fired warning"]
    );
}

#[tokio::test]
async fn what_ends_or_is_taken_under_a_silence_is_never_told() {
    let mut stage = Stage::new(0).await;
    stage
        .add::<SilenceInput>(r#"{"matchers": "team=a", "ends_at": 1790000060000}"#)
        .await;
    for number in [1, 2] {
        stage.step(number, Fired, Warning).await;
    }
    assert!(stage.sent().await.is_empty());
    stage.step(1, Resolved, Warning).await;
    stage.step(2, Acknowledged, Warning).await;
    stage.pass(60);
    assert!(stage.sent().await.is_empty());
    let trace = stage.trace(1).await;
    assert!(
        trace.contains(&"hold dropped Nobody was told that it fired.".to_owned()),
        "{trace:?}"
    );
    assert!(
        trace.contains(&"hold dropped It was over before it could be told.".to_owned()),
        "{trace:?}"
    );
}

#[tokio::test]
async fn a_recovery_of_what_was_told_goes_in_spite_of_a_silence() {
    let mut stage = Stage::new(0).await;
    stage.step(1, Fired, Warning).await;
    assert_eq!(stage.sent_out().await.len(), 2);
    stage.add::<SilenceInput>(SILENCE).await;
    stage.step(1, Escalated, Critical).await;
    assert!(stage.sent_out().await.is_empty());
    stage.step(1, Resolved, Critical).await;
    assert_eq!(
        stage.sent_out().await,
        ["1: 1 resolved critical", "2: 1 resolved critical"]
    );
}

#[tokio::test]
async fn a_window_holds_back_until_it_closes() {
    let mut stage = Stage::new(0).await;
    // It is 14:13:20: the window closes 100 seconds later.
    let window = r#"{"name": "a", "schedule": {"kind": "recurring", "intervals": [
        {"times": [{"start_time": "14:10", "end_time": "14:15"}]}]}}"#;
    stage.add::<WindowInput>(window).await;
    stage.step(1, Fired, Critical).await;
    stage.pass(99);
    assert!(stage.sent().await.is_empty());
    stage.pass(1);
    assert_eq!(stage.sent_out().await.len(), 2);
}

#[tokio::test]
async fn what_another_alert_holds_back_is_told_when_that_one_is_over() {
    let mut stage = Stage::new(0).await;
    stage
        .add::<InhibitionInput>(
            r#"{"name": "a", "source_matchers": "severity=critical", "target_matchers": "severity=warning", "equal": ["server"]}"#,
        )
        .await;
    stage.step(1, Fired, Critical).await;
    stage.step(2, Fired, Warning).await;
    stage.step(3, Fired, Warning).await;
    assert_eq!(
        stage.sent_out().await,
        ["1: 1 fired critical", "2: 1 fired critical"]
    );
    stage.step(3, Resolved, Warning).await;
    stage.step(1, Resolved, Critical).await;
    let sent = [stage.sent_out().await, stage.sent_out().await].concat();
    assert_eq!(
        sent,
        [
            "1: 1 resolved critical",
            "2: 1 resolved critical",
            "1: 2 fired warning",
            "2: 2 fired warning"
        ]
    );
}

#[tokio::test]
async fn a_server_that_does_not_report_holds_its_other_alerts_back() {
    let mut stage = Stage::new(0).await;
    // Number 99 says that the server does not report.
    stage.step(99, Fired, Critical).await;
    stage.step(1, Fired, Warning).await;
    assert_eq!(
        stage.sent_out().await,
        ["1: 99 fired critical", "2: 99 fired critical"]
    );
    stage.step(99, Resolved, Critical).await;
    stage.sent_out().await;
    assert_eq!(stage.sent_out().await.len(), 2);
    let told = stage.trace(1).await;
    assert_eq!(
        told.iter()
            .filter(|line| line.starts_with("hold told"))
            .count(),
        1,
        "{told:?}"
    );
}

#[tokio::test]
async fn who_was_told_hears_of_the_end_and_nobody_else() {
    let mut stage = Stage::new(0).await;
    // Until 14:15 channel 1 has it, from then on channel 2.
    let day = r#"{"name": "day", "targets": [{"kind": "channel", "id": "00000000-0000-0000-0000-000000000001"}],
        "active_times": [{"times": [{"start_time": "14:00", "end_time": "14:15"}]}]}"#;
    stage.add::<RouteInput>(day).await;
    let night = r#"{"name": "night", "targets": [{"kind": "channel", "id": "00000000-0000-0000-0000-000000000002"}]}"#;
    stage.add::<RouteInput>(night).await;
    stage.step(1, Fired, Warning).await;
    assert_eq!(stage.sent_out().await, ["1: 1 fired warning"]);
    stage.pass(100);
    stage.step(1, Resolved, Warning).await;
    assert_eq!(stage.sent_out().await, ["1: 1 resolved warning"]);
}

#[tokio::test]
async fn a_group_waits_once_and_is_told_together() {
    let mut stage = Stage::new(0).await;
    let route = r#"{"name": "a", "targets": [{"kind": "channel", "id": "00000000-0000-0000-0000-000000000001"}],
        "group_by": ["team"], "group_wait_seconds": 30, "group_interval_seconds": 300}"#;
    stage.add::<RouteInput>(route).await;
    for number in [1, 2] {
        stage.step(number, Fired, Warning).await;
    }
    assert!(stage.sent_out().await.is_empty());
    stage.pass(29);
    stage.step(3, Fired, Warning).await;
    stage.step(4, Fired, Warning).await;
    stage.step(4, Resolved, Warning).await;
    assert!(stage.sent_out().await.is_empty());
    stage.pass(1);
    let together = "1: 1 fired warning + 2 fired warning + 3 fired warning";
    assert_eq!(stage.sent_out().await, [together]);
    // What comes within the interval waits for its end, and what still fires goes with it.
    stage.step(5, Fired, Warning).await;
    stage.pass(299);
    assert!(stage.sent_out().await.is_empty());
    stage.pass(1);
    assert_eq!(
        stage.sent_out().await,
        [format!("{together} + 5 fired warning")]
    );
}

#[tokio::test]
async fn what_still_fires_is_repeated_until_it_is_taken() {
    let mut stage = Stage::new(0).await;
    let route = r#"{"name": "a", "targets": [{"kind": "channel", "id": "00000000-0000-0000-0000-000000000002"}],
        "repeat_interval_seconds": 3600}"#;
    stage.add::<RouteInput>(route).await;
    stage.step(1, Fired, Warning).await;
    assert_eq!(stage.sent_out().await, ["2: 1 fired warning"]);
    for _ in 0..2 {
        stage.pass(3_599);
        assert!(stage.sent_out().await.is_empty());
        stage.pass(1);
        assert_eq!(stage.sent_out().await, ["2: 1 fired warning"]);
    }
    stage.step(1, Acknowledged, Warning).await;
    assert_eq!(stage.sent_out().await, ["2: 1 acknowledged warning"]);
    stage.pass(7_200);
    assert!(stage.sent_out().await.is_empty());
}

#[tokio::test]
async fn more_messages_than_a_channel_takes_are_put_together() {
    let mut stage = Stage::new(2).await;
    for number in 1..=5 {
        stage.step(number, Fired, Warning).await;
    }
    let sent = stage.sent_out().await;
    assert_eq!(sent.len(), 4, "{sent:?}");
    stage.pass(60);
    let rest = "3 fired warning + 4 fired warning + 5 fired warning";
    assert_eq!(
        stage.sent_out().await,
        [format!("1: {rest}"), format!("2: {rest}")]
    );
}

/// A policy that tells channel 1 at once, channel 2 a minute later, and begins anew after an hour.
pub(super) async fn with_policy(stage: &Stage) {
    let policy = r#"{"name": "a", "repeat_after_seconds": 3600, "steps": [
        {"targets": [{"kind": "channel", "id": "00000000-0000-0000-0000-000000000001"}]},
        {"delay_seconds": 60, "targets": [{"kind": "channel", "id": "00000000-0000-0000-0000-000000000002"}]}]}"#;
    let policy = stage.add::<PolicyInput>(policy).await;
    let route = format!(
        r#"{{"name": "a", "targets": [{{"kind": "policy", "id": "{}"}}]}}"#,
        policy.id
    );
    stage.add::<RouteInput>(&route).await;
}

#[tokio::test]
async fn an_escalation_goes_on_until_somebody_takes_the_alert() {
    let mut stage = Stage::new(0).await;
    with_policy(&stage).await;
    stage.step(1, Fired, Critical).await;
    assert_eq!(stage.sent_out().await, ["1: 1 fired critical"]);
    stage.pass(59);
    assert!(stage.sent_out().await.is_empty());
    stage.pass(1);
    assert_eq!(stage.sent_out().await, ["2: 1 fired critical"]);
    assert!(stage.sent_out().await.is_empty());
    stage.pass(3_600);
    assert_eq!(stage.sent_out().await, ["1: 1 fired critical"]);
    // Who was told of it hears that it is taken and over; nobody is told of a next step.
    stage.step(1, Acknowledged, Critical).await;
    stage.pass(7_200);
    let taken = ["1: 1 acknowledged critical", "2: 1 acknowledged critical"];
    assert_eq!(stage.sent_out().await, taken);
    stage.step(1, Resolved, Critical).await;
    let over = ["1: 1 resolved critical", "2: 1 resolved critical"];
    assert_eq!(stage.sent_out().await, over);
}

#[tokio::test]
async fn a_step_that_was_not_reached_hears_nothing_of_the_end() {
    let mut stage = Stage::new(0).await;
    with_policy(&stage).await;
    stage.step(1, Fired, Critical).await;
    assert_eq!(stage.sent_out().await, ["1: 1 fired critical"]);
    stage.step(1, Resolved, Critical).await;
    stage.pass(60);
    assert_eq!(stage.sent_out().await, ["1: 1 resolved critical"]);
}

#[tokio::test]
async fn a_clock_that_jumps_repeats_no_step_and_skips_none() {
    let mut stage = Stage::new(0).await;
    with_policy(&stage).await;
    stage.step(1, Fired, Critical).await;
    assert_eq!(stage.sent_out().await, ["1: 1 fired critical"]);
    stage.clock.set(super::stage::NOW.plus_ms(86_400_000));
    assert_eq!(stage.sent_out().await, ["2: 1 fired critical"]);
    assert!(stage.sent_out().await.is_empty());
    stage.clock.set(super::stage::NOW);
    assert!(stage.sent_out().await.is_empty());
}

#[tokio::test]
async fn whoever_is_on_call_is_told_by_own_wish() {
    let mut stage = Stage::new(0).await;
    let schedule = format!(
        r#"{{"name": "a", "layers": [{{"people": ["{}", "{}"], "rotation": {{"kind": "daily"}}, "starts_on": "2026-09-21"}}]}}"#,
        person(1).0,
        person(2).0
    );
    let schedule = stage.add::<ScheduleInput>(&schedule).await;
    let route = format!(
        r#"{{"name": "a", "targets": [{{"kind": "schedule", "id": "{}"}}]}}"#,
        schedule.id
    );
    stage.add::<RouteInput>(&route).await;
    let channel_1 = channel(1);
    stage
        .prefer(
            1,
            &format!(
                r#"{{"critical": ["{channel_1}"], "warning": ["{channel_1}"],
            "quiet_hours": [{{"times": [{{"start_time": "14:00", "end_time": "14:40"}}]}}]}}"#
            ),
        )
        .await;
    stage.step(1, Fired, Critical).await;
    assert_eq!(stage.sent_out().await, ["1: 1 fired critical"]);
    // The warnings wait for the end of the quiet hours, 1,600 seconds later.
    stage.step(2, Fired, Warning).await;
    stage.step(3, Fired, Warning).await;
    stage.pass(1_599);
    assert!(stage.sent_out().await.is_empty());
    stage.pass(1);
    assert_eq!(
        stage.sent_out().await,
        ["1: 2 fired warning + 3 fired warning"]
    );
    // The next day it is the other one's turn, who has chosen no channel.
    stage.pass(86_400);
    stage.step(4, Fired, Critical).await;
    assert_eq!(stage.sent().await, ["0: 4 fired critical"]);
}

#[tokio::test]
async fn documents_are_refused_with_their_fields_and_changed_only_as_seen() {
    let stage = Stage::new(0).await;
    let refused = async |text: &str| {
        let input: SilenceInput = serde_json::from_str(text).unwrap();
        let error = stage.book.create(&allowed(), input).await.unwrap_err();
        error.to_string()
    };
    for text in [
        r#"{"matchers": [], "ends_at": 1790000060000}"#,
        r#"{"matchers": "a=~.*", "ends_at": 1790000060000}"#,
        r#"{"matchers": "a=~(", "ends_at": 1790000060000}"#,
        r#"{"matchers": "a=b", "ends_at": 1790000000000}"#,
        r#"{"matchers": "a=b", "ends_at": 1890000000000}"#,
    ] {
        assert_eq!(refused(text).await, "1 fields are not valid", "{text}");
    }
    let silence = stage.add::<SilenceInput>(SILENCE).await;
    let seen = Seen::parse("\"7\"");
    let may = allowed();
    let replaced = stage.book.replace(&may, silence.id, silence.input, seen);
    assert_eq!(
        replaced.await.unwrap_err().to_string(),
        "it was changed in the meantime"
    );
}
