//! People who want one channel after the other: who is told where when some of them fail.

use std::time::Duration;

use common::alert::{AlertChange, PolicyInput, RouteInput, Severity};
use common::ids::ChannelId;

use super::stage::{ACTOR, Stage, channel, channel_row, person};
use crate::notify::channels::Answered;
use crate::notify::send::Attempt;
use crate::notify::settle::{drop_waiting, settle};
use crate::store::tables::channel::ChannelRow;
use crate::store::tables::{self, Blob};
use crate::store::{Connection, StoreError};

/// What happens to the messages of a channel.
#[derive(Debug, Clone, Copy)]
enum Event {
    /// It refuses what waits for it.
    Refuses(u128),
    /// Somebody disables it.
    IsDisabled(u128),
    /// The person may not log in any more.
    Goes(u128),
}

use Event::{Goes, IsDisabled, Refuses};

/// Who is told (`p1`) and which channels (`2`), the order of each person, and what was sent at first
/// and after each event.
struct Case {
    about: &'static str,
    targets: &'static [&'static str],
    orders: &'static [&'static [u128]],
    first: &'static [&'static str],
    then: &'static [(Event, &'static [&'static str])],
}

const CASES: &[Case] = &[
    Case {
        about: "the next one when the first refuses, and nothing after the last",
        targets: &["p1"],
        orders: &[&[1, 2, 3]],
        first: &["1"],
        then: &[
            (Refuses(1), &["2"]),
            (Refuses(2), &["3"]),
            (Refuses(3), &[]),
        ],
    },
    Case {
        about: "the order is the person's, not that of the channels",
        targets: &["p1"],
        orders: &[&[3, 1]],
        first: &["3"],
        then: &[(Refuses(3), &["1"])],
    },
    Case {
        about: "what waits for a channel that is disabled goes on",
        targets: &["p1"],
        orders: &[&[1, 2]],
        first: &["1"],
        then: &[(IsDisabled(1), &["2"])],
    },
    Case {
        about: "a channel that takes nothing is passed over",
        targets: &["p1"],
        orders: &[&[1, 2, 3]],
        first: &["1"],
        then: &[(IsDisabled(2), &[]), (Refuses(1), &["3"])],
    },
    Case {
        about: "one message for two people goes on to the next of each",
        targets: &["p1", "p2"],
        orders: &[&[1, 2], &[1, 3]],
        first: &["1"],
        then: &[(Refuses(1), &["2", "3"]), (Refuses(2), &[])],
    },
    Case {
        about: "whoever has it already is not told again",
        targets: &["p1", "2"],
        orders: &[&[1, 2]],
        first: &["1", "2"],
        then: &[(Refuses(1), &[])],
    },
    Case {
        about: "a channel that fails for itself is nothing to whom another has told",
        targets: &["p1", "2"],
        orders: &[&[1, 2, 3]],
        first: &["1", "2"],
        then: &[(Refuses(2), &[]), (Refuses(1), &["3"])],
    },
    Case {
        about: "the fall-back has it for whom no order takes it further",
        targets: &["p1", "p2"],
        orders: &[&[4], &[4, 2]],
        first: &["4"],
        then: &[(Refuses(4), &["2", "3"])],
    },
    Case {
        about: "the fall-back has it after the last",
        targets: &["p1"],
        orders: &[&[1, 4]],
        first: &["1"],
        then: &[(Refuses(1), &["4"]), (Refuses(4), &["3"])],
    },
    Case {
        about: "a message for another is no reason to leave an earlier channel",
        targets: &["p1", "p2"],
        orders: &[&[1, 2], &[2, 1]],
        first: &["1", "2"],
        then: &[(Refuses(1), &[])],
    },
    Case {
        about: "nothing goes on to somebody who may not know it any more",
        targets: &["p1"],
        orders: &[&[1, 2]],
        first: &["1"],
        then: &[(Goes(1), &[]), (Refuses(1), &[])],
    },
];

#[tokio::test]
async fn a_person_is_told_by_the_first_channel_that_can() {
    for case in CASES {
        let mut stage = Stage::new(0).await;
        // Channel 4 falls back on channel 3.
        let add = |conn: &mut Connection| {
            tables::channel::insert(conn, &channel_row(3))?;
            let fallback_id = Some(Blob(channel(3)));
            let row = channel_row(4);
            tables::channel::insert(conn, &ChannelRow { fallback_id, ..row })
        };
        stage.store.change(&ACTOR, add).await.unwrap();
        for (number, order) in (1..).zip(case.orders) {
            stage.prefer(number, &in_order(order)).await;
        }
        let targets: Vec<_> = case.targets.iter().map(|name| target(name)).collect();
        let route = format!(r#"{{"name":"a","targets":[{}]}}"#, targets.join(","));
        stage.add::<RouteInput>(&route).await;
        stage.step(1, AlertChange::Fired, Severity::Critical).await;
        assert_eq!(stage.sent_out().await, lines(case.first), "{}", case.about);
        for (event, expected) in case.then {
            stage.pass(1);
            happen(&stage, *event).await;
            let sent = stage.sent_out().await;
            assert_eq!(sent, lines(expected), "{}, {event:?}", case.about);
        }
    }
}

#[tokio::test]
async fn a_person_begins_with_the_first_channel_that_is_enabled() {
    let mut stage = Stage::new(0).await;
    stage.prefer(1, &in_order(&[1, 2])).await;
    stage.route_to("person", person(1), "").await;
    happen(&stage, IsDisabled(1)).await;
    stage.step(1, AlertChange::Fired, Severity::Critical).await;
    assert_eq!(stage.sent_out().await, ["2: 1 fired critical"]);
}

#[tokio::test]
async fn each_round_of_an_escalation_goes_through_the_order_anew() {
    let mut stage = Stage::new(0).await;
    stage.prefer(1, &in_order(&[1, 2])).await;
    let targets = target("p1");
    let policy =
        format!(r#"{{"name":"a","steps":[{{"targets":[{targets}]}}],"repeat_after_seconds":600}}"#);
    let policy = stage.add::<PolicyInput>(&policy).await;
    stage.route_to("policy", policy.id, "").await;
    stage.step(1, AlertChange::Fired, Severity::Critical).await;
    for round in 0..3 {
        assert_eq!(stage.sent_out().await, lines(&["1"]), "round {round}");
        happen(&stage, Refuses(1)).await;
        assert_eq!(stage.sent_out().await, lines(&["2"]), "round {round}");
        stage.pass(600);
    }
}

#[tokio::test]
async fn who_wants_quiet_hears_of_it_afterwards() {
    let mut stage = Stage::new(0).await;
    let night = r#""quiet_hours":[{"times":[{"start_time":"14:00","end_time":"15:00"}]}]"#;
    let quiet = in_order(&[1, 2]).replace(
        "in_order\"",
        &format!("in_order\",\"critical_breaks_quiet\":false,{night}"),
    );
    stage.prefer(1, &in_order(&[1])).await;
    stage.prefer(2, &quiet).await;
    let targets = [target("p1"), target("p2")].join(",");
    let route = format!(r#"{{"name":"a","targets":[{targets}]}}"#);
    stage.add::<RouteInput>(&route).await;
    stage.step(1, AlertChange::Fired, Severity::Critical).await;
    assert_eq!(stage.sent_out().await, lines(&["1"]));
    happen(&stage, Refuses(1)).await;
    assert!(stage.sent_out().await.is_empty());
    stage.pass(3_600);
    assert_eq!(stage.sent_out().await, lines(&["2"]));
}

#[tokio::test]
async fn the_end_finds_its_way_past_a_channel_that_was_disabled_meanwhile() {
    let mut stage = Stage::new(0).await;
    stage.prefer(1, &in_order(&[1, 2])).await;
    stage.route_to("person", person(1), "").await;
    stage.step(1, AlertChange::Fired, Severity::Critical).await;
    assert_eq!(stage.sent_out().await, lines(&["1"]));
    happen(&stage, Refuses(1)).await;
    assert_eq!(stage.sent_out().await, lines(&["2"]));
    happen(&stage, IsDisabled(1)).await;
    stage
        .step(1, AlertChange::Resolved, Severity::Critical)
        .await;
    assert_eq!(stage.sent_out().await, ["1: 1 resolved critical"]);
    happen(&stage, IsDisabled(1)).await;
    assert_eq!(stage.sent_out().await, ["2: 1 resolved critical"]);
}

#[tokio::test]
async fn a_digest_goes_on_as_a_whole_and_by_the_worst_of_it() {
    let mut stage = Stage::new(0).await;
    let wishes = format!(
        r#"{{"warning":["{0}"],"critical":["{0}","{1}"],"channel_order":"in_order",
            "critical_breaks_quiet":false,
            "quiet_hours":[{{"times":[{{"start_time":"14:00","end_time":"15:00"}}]}}]}}"#,
        channel(1),
        channel(2)
    );
    stage.prefer(1, &wishes).await;
    stage.route_to("person", person(1), "").await;
    stage.step(1, AlertChange::Fired, Severity::Warning).await;
    stage.step(2, AlertChange::Fired, Severity::Critical).await;
    assert!(stage.sent_out().await.is_empty());
    stage.pass(3_600);
    let both = "1 fired warning + 2 fired critical";
    assert_eq!(stage.sent_out().await, [format!("1: {both}")]);
    happen(&stage, Refuses(1)).await;
    assert_eq!(stage.sent_out().await, [format!("2: {both}")]);
}

fn in_order(channels: &[u128]) -> String {
    let ids: Vec<_> = channels
        .iter()
        .map(|n| format!("\"{}\"", channel(*n)))
        .collect();
    let ids = ids.join(",");
    format!(r#"{{"warning":[{ids}],"critical":[{ids}],"channel_order":"in_order"}}"#)
}

fn target(name: &str) -> String {
    match name.strip_prefix('p') {
        Some(number) => format!(
            r#"{{"kind":"person","id":"{}"}}"#,
            person(number.parse().unwrap())
        ),
        None => format!(
            r#"{{"kind":"channel","id":"{}"}}"#,
            channel(name.parse().unwrap())
        ),
    }
}

fn lines(channels: &[&str]) -> Vec<String> {
    let line = |channel: &&str| format!("{channel}: 1 fired critical");
    channels.iter().map(line).collect()
}

async fn happen(stage: &Stage, event: Event) {
    match event {
        Refuses(number) => refuse(stage, channel(number)).await,
        Goes(number) => stage.change_person(number, |row| row.disabled = true).await,
        IsDisabled(number) => {
            let (id, now) = (channel(number), stage.clock.now());
            let disable = move |conn: &mut Connection| {
                let mut row = tables::channel::find(conn, id)?.unwrap();
                row.enabled = false;
                tables::channel::update(conn, &row)?;
                drop_waiting(conn, id, Some(&row), now, 100)
            };
            stage.store.change(&ACTOR, disable).await.unwrap();
        }
    }
}

/// The receiver of a channel refuses all that waits for it.
async fn refuse(stage: &Stage, id: ChannelId) {
    let now = stage.clock.now();
    let refuse = move |conn: &mut Connection| {
        let row = tables::channel::find(conn, id)?.unwrap();
        for claim in tables::delivery_claim::claim(conn, id, now, now.plus_ms(30_000), 100)? {
            let attempt = Attempt {
                answered: Answered::refused("no"),
                at: now,
                took: Duration::ZERO,
                note: None,
            };
            settle(conn, &claim, &row, &attempt, now)?;
        }
        Ok::<_, StoreError>(())
    };
    stage.store.change(&ACTOR, refuse).await.unwrap();
}
