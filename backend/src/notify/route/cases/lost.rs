//! Messages that must not be lost: policies that begin late, alerts that become worse, silences that end early, fall-backs.

use common::alert::{AlertChange, RouteInput, Severity, SilenceInput, WindowInput};

use super::flow::with_policy;
use super::stage::{ACTOR, Stage, allowed, channel};
use crate::notify::settle;
use crate::store::tables::Blob;
use crate::store::{Connection, StoreError, tables};

use AlertChange::{Acknowledged, Calmed, Deescalated, Escalated, Fired, Flapping, Resolved};
use Severity::{Critical, Warning};

const NONE: [&str; 0] = [];
/// A week from the beginning.
const WEEK: &str = r#"{"matchers": "alertname=rule 1", "ends_at": 1790604800000}"#;

#[tokio::test]
async fn a_policy_begins_with_whatever_is_told_first_of_an_alert() {
    for (number, first) in [(1, Flapping), (2, Calmed), (3, Deescalated)] {
        let mut stage = Stage::new(0).await;
        with_policy(&stage).await;
        stage.step(number, first, Critical).await;
        let word = first.as_str();
        assert_eq!(
            stage.sent_out().await,
            [format!("1: {number} {word} critical")]
        );
        stage.pass(60);
        assert_eq!(
            stage.sent_out().await,
            [format!("2: {number} {word} critical")]
        );
    }
}

#[tokio::test]
async fn a_policy_that_somebody_ended_begins_anew_only_when_it_becomes_worse() {
    let mut stage = Stage::new(0).await;
    with_policy(&stage).await;
    stage.step(1, Fired, Warning).await;
    assert_eq!(stage.sent_out().await, ["1: 1 fired warning"]);
    stage.step(1, Acknowledged, Warning).await;
    assert_eq!(stage.sent_out().await, ["1: 1 acknowledged warning"]);
    // It is told to those who know; nobody else is paged.
    stage.step(1, Flapping, Warning).await;
    assert_eq!(stage.sent_out().await, ["1: 1 flapping warning"]);
    stage.pass(60);
    assert_eq!(stage.sent_out().await, NONE);
    stage.step(1, Escalated, Critical).await;
    assert_eq!(stage.sent_out().await, ["1: 1 escalated critical"]);
    stage.pass(60);
    assert_eq!(stage.sent_out().await, ["2: 1 escalated critical"]);
}

#[tokio::test]
async fn what_becomes_worse_while_a_policy_is_at_work_is_told_and_told_on() {
    let mut stage = Stage::new(0).await;
    with_policy(&stage).await;
    stage.step(1, Fired, Warning).await;
    assert_eq!(stage.sent_out().await, ["1: 1 fired warning"]);
    stage.pass(30);
    stage.step(1, Escalated, Critical).await;
    assert_eq!(stage.sent_out().await, ["1: 1 escalated critical"]);
    stage.pass(30);
    assert_eq!(stage.sent_out().await, ["2: 1 escalated critical"]);
    let trace = stage.trace(1).await;
    let begins = trace.iter().filter(|line| line.ends_with(" begins."));
    assert_eq!(begins.count(), 1, "{trace:?}");
}

#[tokio::test]
async fn what_was_held_back_begins_a_policy_as_it_is_by_then() {
    let mut stage = Stage::new(0).await;
    with_policy(&stage).await;
    let silence = stage.add::<SilenceInput>(WEEK).await;
    for (change, severity) in [(Fired, Critical), (Deescalated, Warning)] {
        stage.step(1, change, severity).await;
        assert_eq!(stage.sent_out().await, NONE);
    }
    let may = allowed();
    let expired = stage.book.amend(&may, silence.id, SilenceInput::expired);
    expired.await.unwrap();
    assert_eq!(stage.sent_out().await, ["1: 1 deescalated warning"]);
    stage.pass(60);
    assert_eq!(stage.sent_out().await, ["2: 1 deescalated warning"]);
}

#[tokio::test]
async fn a_silence_that_is_ended_early_wakes_groups_and_escalations() {
    for is_policy in [false, true] {
        let mut stage = Stage::new(0).await;
        if is_policy {
            with_policy(&stage).await;
            stage.step(1, Fired, Warning).await;
            assert_eq!(stage.sent_out().await, ["1: 1 fired warning"]);
        } else {
            let group = r#","group_by":[],"group_wait_seconds":60"#;
            stage.route_to("channel", channel(2).0, group).await;
            stage.step(1, Fired, Warning).await;
            assert_eq!(stage.sent_out().await, NONE);
        }
        let silence = stage.add::<SilenceInput>(WEEK).await;
        stage.pass(60);
        assert_eq!(stage.sent_out().await, NONE);
        stage.pass(3_600);
        assert_eq!(stage.sent_out().await, NONE);
        let may = allowed();
        let expired = stage.book.amend(&may, silence.id, SilenceInput::expired);
        expired.await.unwrap();
        assert_eq!(stage.sent_out().await, ["2: 1 fired warning"]);
    }
}

#[tokio::test]
async fn a_window_tells_once_as_bad_as_it_is_when_it_closes() {
    let mut stage = Stage::new(0).await;
    stage.route_to("channel", channel(1).0, "").await;
    let window = r#"{"name": "a", "schedule": {"kind": "once", "starts_at": 1790000000000, "ends_at": 1790000060000}}"#;
    stage.add::<WindowInput>(window).await;
    for (change, severity) in [(Fired, Critical), (Deescalated, Warning)] {
        stage.step(1, change, severity).await;
        assert_eq!(stage.sent_out().await, NONE);
    }
    stage.pass(60);
    assert_eq!(stage.sent_out().await, ["1: 1 deescalated warning"]);
    assert_eq!(stage.sent_out().await, NONE);
}

#[tokio::test]
async fn the_end_goes_where_the_firing_went_on_from() {
    for change in [Acknowledged, Resolved] {
        let mut stage = Stage::new(0).await;
        let route = r#"{"name": "a", "targets": [{"kind": "channel", "id": "00000000-0000-0000-0000-000000000001"}]}"#;
        stage.add::<RouteInput>(route).await;
        stage.step(1, Fired, Critical).await;
        assert_eq!(stage.sent_out().await, ["1: 1 fired critical"]);
        hand_on(&stage, false).await;
        assert_eq!(stage.sent_out().await, ["2: 1 fired critical"]);
        stage.step(1, change, Critical).await;
        let word = change.as_str();
        assert_eq!(stage.sent_out().await, [format!("1: 1 {word} critical")]);
    }
}

#[tokio::test]
async fn what_goes_to_a_channel_that_the_server_disabled_goes_on() {
    let mut stage = Stage::new(0).await;
    stage.route_to("channel", channel(1).0, "").await;
    stage.step(1, Fired, Critical).await;
    assert_eq!(stage.sent_out().await, ["1: 1 fired critical"]);
    hand_on(&stage, true).await;
    assert_eq!(stage.sent_out().await, ["2: 1 fired critical"]);
    for (number, change) in [(1, Resolved), (2, Fired)] {
        stage.step(number, change, Critical).await;
        let word = change.as_str();
        let told = format!("1: {number} {word} critical");
        assert_eq!(stage.sent_out().await, [told]);
        hand_on(&stage, true).await;
        let on = format!("2: {number} {word} critical");
        assert_eq!(stage.sent_out().await, [on]);
    }
}

/// What waits for channel 1 goes on to channel 2, as it does while channel 1 takes nothing.
async fn hand_on(stage: &Stage, is_disabled: bool) {
    let now = stage.clock.now();
    let on = move |conn: &mut Connection| {
        let mut row = tables::channel::find(conn, channel(1))?.unwrap();
        row.fallback_id = Some(Blob(channel(2)));
        row.disabled_because = Some("it wants no more".to_owned());
        if is_disabled {
            row.enabled = false;
            tables::channel::update(conn, &row)?;
        }
        settle::drop_waiting(conn, channel(1), Some(&row), now, 100)?;
        Ok::<_, StoreError>(())
    };
    stage.store.change(&ACTOR, on).await.unwrap();
}
