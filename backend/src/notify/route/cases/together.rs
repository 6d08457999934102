//! Ways that meet in one channel: routes, groups, people, limits; each message once, in its order, to who may know.

use common::alert::{AlertChange, RouteInput, ScheduleInput, Severity, SilenceInput};
use common::version::Seen;

use super::stage::{NOW, Stage, allowed, channel, person};

use AlertChange::{Acknowledged, Escalated, Fired, Resolved};
use Severity::{Critical, Warning};

const NONE: [&str; 0] = [];
const ONE: &str = "00000000-0000-0000-0000-000000000001";
const TWO: &str = "00000000-0000-0000-0000-000000000002";

/// Channel 1 by person 1 at each full hour, which is 2,800 seconds away.
fn hourly(severities: &[&str]) -> String {
    let channels = severities.iter().map(|it| format!(r#""{it}":["{ONE}"],"#));
    let channels: String = channels.collect();
    format!(r#"{{{channels}"digest":{{"kind":"hourly"}}}}"#)
}

#[tokio::test]
async fn over_the_limit_nothing_waits_for_what_is_held_back() {
    let mut stage = Stage::new(1).await;
    stage.route_to("channel", ONE, "").await;
    for number in [1, 2] {
        stage.step(number, Fired, Warning).await;
    }
    assert_eq!(stage.sent_out().await, ["1: 1 fired warning"]);
    let week = r#"{"matchers": "alertname=rule 2", "ends_at": 1790604800000}"#;
    stage.add::<SilenceInput>(week).await;
    stage.pass(60);
    assert_eq!(stage.sent_out().await, NONE);
    for number in [3, 4] {
        stage.step(number, Fired, Warning).await;
    }
    assert_eq!(stage.sent_out().await, ["1: 3 fired warning"]);
    stage.pass(60);
    assert_eq!(stage.sent_out().await, ["1: 4 fired warning"]);
}

#[tokio::test]
async fn a_channel_that_is_named_itself_does_not_wait_for_a_person() {
    let person = format!(r#"{{"kind":"person","id":"{}"}}"#, person(1));
    let channel = format!(r#"{{"kind":"channel","id":"{ONE}"}}"#);
    let all = r#"{"kind":"all_channels"}"#.to_owned();
    let routes = [
        vec![format!("{person},{channel}")],
        vec![format!("{channel},{person}")],
        vec![format!("{person},{all}")],
        vec![person.clone(), channel.clone()],
    ];
    for targets in routes {
        let mut stage = Stage::new(0).await;
        stage.prefer(1, &hourly(&["warning"])).await;
        for targets in &targets {
            let route = format!(r#"{{"name":"a","continue":true,"targets":[{targets}]}}"#);
            stage.add::<RouteInput>(&route).await;
        }
        stage.step(1, Fired, Warning).await;
        let sent = stage.sent_out().await;
        assert_eq!(sent[0], "1: 1 fired warning", "{targets:?}");
        stage.pass(3_600);
        assert_eq!(stage.sent_out().await, NONE, "{targets:?}: once");
    }
}

#[tokio::test]
async fn of_two_people_with_one_channel_the_earlier_one_counts() {
    let mut stage = Stage::new(0).await;
    stage.prefer(1, &hourly(&["warning"])).await;
    stage
        .prefer(2, &format!(r#"{{"warning":["{ONE}"]}}"#))
        .await;
    let (one, two) = (person(1), person(2));
    let route = format!(
        r#"{{"name":"a","targets":[{{"kind":"person","id":"{one}"}},{{"kind":"person","id":"{two}"}}]}}"#
    );
    stage.add::<RouteInput>(&route).await;
    stage.step(1, Fired, Warning).await;
    assert_eq!(stage.sent_out().await, ["1: 1 fired warning"]);
}

#[tokio::test]
async fn what_was_never_told_to_a_channel_neither_ends_there_nor_is_told_later() {
    for end in [Resolved, Acknowledged] {
        let word = end.as_str();
        // By the wishes of a person.
        let mut stage = Stage::new(0).await;
        let wishes = hourly(&["warning"]).replacen('{', &format!(r#"{{"critical":["{TWO}"],"#), 1);
        stage.prefer(1, &wishes).await;
        stage.route_to("person", person(1), "").await;
        told_to_the_second_alone(&mut stage, end).await;
        // By the routes.
        let mut stage = Stage::new(0).await;
        let warning = r#","matchers":"severity=warning","group_by":[],"group_wait_seconds":300"#;
        stage.route_to("channel", ONE, warning).await;
        stage.route_to("channel", TWO, "").await;
        told_to_the_second_alone(&mut stage, end).await;
        // By the limit: the end comes when there is room again, before what waits.
        let mut stage = Stage::new(1).await;
        stage.route_to("channel", ONE, "").await;
        stage.step(1, Fired, Warning).await;
        assert_eq!(stage.sent_out().await, ["1: 1 fired warning"]);
        stage.pass(59);
        stage.step(2, Fired, Warning).await;
        assert_eq!(stage.sent_out().await, NONE);
        stage.pass(2);
        stage.step(2, end, Warning).await;
        stage.step(1, end, Warning).await;
        assert_eq!(stage.sent_out().await, [format!("1: 1 {word} warning")]);
        stage.pass(120);
        assert_eq!(stage.sent_out().await, NONE);
    }
}

async fn told_to_the_second_alone(stage: &mut Stage, end: AlertChange) {
    stage.step(1, Fired, Warning).await;
    assert_eq!(stage.sent_out().await, NONE);
    stage.pass(10);
    stage.step(1, Escalated, Critical).await;
    assert_eq!(stage.sent_out().await, ["2: 1 escalated critical"]);
    stage.pass(10);
    stage.step(1, end, Critical).await;
    let word = end.as_str();
    assert_eq!(stage.sent_out().await, [format!("2: 1 {word} critical")]);
    stage.pass(86_400);
    assert_eq!(stage.sent_out().await, NONE);
}

#[tokio::test]
async fn who_may_not_know_any_more_hears_neither_the_end_nor_what_waited() {
    for is_digest in [false, true] {
        let mut stage = Stage::new(0).await;
        let wishes = if is_digest {
            hourly(&["warning"])
        } else {
            format!(r#"{{"warning":["{ONE}"]}}"#)
        };
        stage.prefer(1, &wishes).await;
        stage.route_to("person", person(1), "").await;
        stage.step(1, Fired, Warning).await;
        assert_eq!(stage.sent_out().await.len(), usize::from(!is_digest));
        stage.change_person(1, |row| row.disabled = true).await;
        if !is_digest {
            stage.step(1, Resolved, Warning).await;
        }
        assert_eq!(stage.sent_out().await, NONE);
        stage.pass(3_600);
        assert_eq!(stage.sent_out().await, NONE);
        let trace = stage.trace(1).await;
        let refused = "preference dropped The person may not read alerts any more.";
        assert!(trace.iter().any(|line| line == refused), "{trace:?}");
    }
}

#[tokio::test]
async fn who_was_on_call_hears_of_the_end_when_that_person_wants() {
    let mut stage = Stage::new(0).await;
    let quiet = r#""quiet_hours":[{"times":[{"start_time":"14:20","end_time":"15:00"}]}]"#;
    let wishes = format!(r#"{{"warning":["{ONE}"],{quiet}}}"#);
    stage.prefer(1, &wishes).await;
    // From 14:15 on it is the turn of person 2, who chose no channel.
    let schedule = format!(
        r#"{{"name":"a","layers":[{{"people":["{}","{}"],"rotation":{{"kind":"daily"}},
            "starts_on":"2026-09-20","hand_over_time":"14:15"}}]}}"#,
        person(1),
        person(2)
    );
    let schedule = stage.add::<ScheduleInput>(&schedule).await;
    stage.route_to("schedule", schedule.id, "").await;
    stage.step(1, Fired, Warning).await;
    assert_eq!(stage.sent_out().await, ["1: 1 fired warning"]);
    // It is 14:23:20.
    stage.pass(600);
    stage.step(1, Resolved, Warning).await;
    assert_eq!(stage.sent_out().await, NONE);
    stage.pass(2_200);
    assert_eq!(stage.sent_out().await, ["1: 1 resolved warning"]);
}

#[tokio::test]
async fn what_is_repeated_is_repeated_by_the_route_that_it_takes_now() {
    for warning in [
        r#","matchers":"severity=warning","group_by":[],"repeat_interval_seconds":3600"#,
        r#","matchers":"severity=warning","repeat_interval_seconds":3600"#,
    ] {
        let mut stage = Stage::new(0).await;
        stage.route_to("channel", ONE, warning).await;
        let each = r#","repeat_interval_seconds":3600"#;
        stage.route_to("channel", ONE, each).await;
        stage.step(1, Fired, Warning).await;
        assert_eq!(stage.sent_out().await, ["1: 1 fired warning"]);
        stage.step(1, Escalated, Critical).await;
        assert_eq!(stage.sent_out().await, ["1: 1 escalated critical"]);
        for _ in 0..2 {
            stage.pass(3_600);
            assert_eq!(stage.sent_out().await, ["1: 1 escalated critical"]);
        }
    }
}

#[tokio::test]
async fn a_route_that_repeats_no_more_has_nothing_repeated() {
    for change in ["repeat", "off", "gone"] {
        let mut stage = Stage::new(0).await;
        let text = format!(
            r#"{{"name":"a","targets":[{{"kind":"channel","id":"{}"}}],"repeat_interval_seconds":3600}}"#,
            channel(1).0
        );
        let route = stage.add::<RouteInput>(&text).await;
        stage.step(1, Fired, Warning).await;
        assert_eq!(stage.sent_out().await, ["1: 1 fired warning"]);
        let may = allowed();
        if change == "gone" {
            let gone = stage.book.delete::<RouteInput>(&may, route.id, Seen::Any);
            gone.await.unwrap();
        } else {
            let mut input = route.input.clone();
            if change == "off" {
                input.enabled = false;
            } else {
                input.repeat_interval_seconds = Some(0);
            }
            let replaced = stage.book.replace(&may, route.id, input, Seen::Any);
            replaced.await.unwrap();
        }
        stage.pass(7_200);
        assert_eq!(stage.sent_out().await, NONE, "{change}");
    }
}

#[tokio::test]
async fn a_clock_that_is_set_back_holds_no_group_for_longer_than_its_interval() {
    let mut stage = Stage::new(0).await;
    let group = r#","group_by":[],"group_interval_seconds":300"#;
    stage.route_to("channel", ONE, group).await;
    stage.clock.set(NOW.plus_ms(3_600_000));
    stage.step(1, Fired, Warning).await;
    assert_eq!(stage.sent_out().await, ["1: 1 fired warning"]);
    stage.clock.set(NOW);
    stage.step(1, Resolved, Warning).await;
    stage.step(2, Fired, Warning).await;
    assert_eq!(stage.sent_out().await, NONE);
    stage.pass(300);
    assert_eq!(
        stage.sent_out().await,
        ["1: 1 resolved warning + 2 fired warning"]
    );
}

#[tokio::test]
async fn a_large_group_is_told_in_several_messages() {
    let mut stage = Stage::new(0).await;
    let group = r#","group_by":[],"group_wait_seconds":30"#;
    stage.route_to("channel", ONE, group).await;
    for number in 1..=45 {
        stage.step(number, Fired, Warning).await;
    }
    assert_eq!(stage.sent_out().await, NONE);
    stage.pass(30);
    let sent = stage.sent_out().await;
    let alerts = sent.iter().map(|line| line.matches("fired").count());
    assert_eq!(alerts.collect::<Vec<_>>(), [20, 20, 5]);
}
