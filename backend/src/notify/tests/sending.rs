//! Deliveries to a receiver that fails in every way: tried again, in order, with the same key, or passed on.

use common::api::channels::ChannelKind;
use common::api::deliveries::DeliveryState;
use common::ids::ChannelId;
use serde_json::{Value, json};
use tests::receiver::{Answer, Receiver};

use super::*;
use crate::store::tables::channel::ChannelRow;
use crate::store::tables::delivery_claim::Claim;
use crate::store::tables::delivery_log::{self, DeliveryRow};

const OTHER: AlertId = AlertId(Uuid::from_u128(10));
pub(super) const FIRST: ChannelId = ChannelId(Uuid::from_u128(21));
pub(super) const SECOND: ChannelId = ChannelId(Uuid::from_u128(22));

pub(super) fn webhook(id: ChannelId, url: &str, fallback: Option<ChannelId>) -> ChannelRow {
    let Value::Object(config) = json!({ "url": url }) else {
        unreachable!()
    };
    ChannelRow {
        id: Blob(id),
        version: 1,
        name: format!("hook {id}"),
        kind: Word(ChannelKind::Webhook),
        config: Json(config),
        secrets: None,
        enabled: true,
        disabled_because: None,
        fallback_id: fallback.map(Blob),
        template_id: None,
        created_at: Moment(NOW),
        updated_at: Moment(NOW),
    }
}

/// A bench with channels that lead to paths of a receiver.
pub(super) async fn with_channels(directory: &Path, channels: Vec<ChannelRow>) -> Bench {
    let bench = Bench::new(directory).await;
    let add = bench.worker.store.change(&ACTOR, move |conn| {
        tables::alert::insert(conn, &alert(OTHER))?;
        for channel in &channels {
            tables::channel::insert(conn, channel)?;
        }
        Ok::<_, StoreError>(())
    });
    add.await.unwrap();
    bench
}

impl Bench {
    /// A turn, and all that it claimed sent.
    pub(super) async fn round(&self) -> usize {
        let claims = self.turn().await.claims;
        let count = claims.len();
        for (channel, claim) in claims {
            self.worker.clone().attempt(channel, claim).await;
        }
        count
    }

    /// Where all deliveries to a channel stand, the oldest first.
    pub(super) async fn log_of(&self, channel: ChannelId) -> Vec<DeliveryRow> {
        let filter = common::api::deliveries::DeliveryFilter {
            channel: Some(channel),
            ..Default::default()
        };
        let read = self
            .worker
            .store
            .read(move |conn| delivery_log::page(conn, &filter, None, None, 100));
        let mut rows = read.await.unwrap();
        rows.reverse();
        rows
    }

    pub(super) async fn states_of(&self, channel: ChannelId) -> Vec<DeliveryState> {
        let rows = self.log_of(channel).await;
        rows.into_iter().map(|row| row.state.0).collect()
    }
}

fn keys(receiver: &Receiver) -> Vec<String> {
    let came = receiver.received();
    let keys = came
        .iter()
        .map(|it| it.header("idempotency-key").to_owned());
    keys.collect()
}

fn events(receiver: &Receiver) -> Vec<(Value, Value)> {
    let came = receiver.received();
    let bodies = came.iter().map(tests::receiver::Received::json);
    let events = bodies.map(|body| (body["alert"]["id"].clone(), body["event"].clone()));
    events.collect()
}

#[tokio::test]
async fn a_message_is_tried_again_with_the_same_key_until_it_arrives() {
    let directory = tempfile::tempdir().unwrap();
    let receiver = Receiver::start().unwrap();
    receiver.answer(|_, before| match before {
        0 => Answer::status(500),
        1 => Answer::Reset,
        2 => Answer::Status(429, "retry-after: 7\r\n".to_owned(), String::new()),
        _ => Answer::status(204),
    });
    let bench = with_channels(directory.path(), vec![webhook(FIRST, &receiver.base, None)]).await;
    bench.step(AlertChange::Fired, None).await;
    for (wait_ms, sent) in [
        (0, 1),
        (299, 0),
        (1, 1),
        (699, 0),
        (1, 1),
        (6_999, 0),
        (1, 1),
    ] {
        bench.clock.advance(Duration::from_millis(wait_ms));
        assert_eq!(bench.round().await, sent, "after {wait_ms} ms more");
    }
    let keys = keys(&receiver);
    assert_eq!(keys.len(), 4);
    assert!(keys.iter().all(|key| *key == keys[0]), "{keys:?}");
    let [row] = bench.log_of(FIRST).await.try_into().unwrap();
    assert_eq!((row.state.0, row.attempts), (DeliveryState::Delivered, 4));
    assert_eq!(row.id.0.to_string(), keys[0]);
    let attempts = bench
        .worker
        .store
        .read(move |conn| tables::delivery_attempt::of(conn, row.seq));
    let attempts = attempts.await.unwrap();
    let statuses: Vec<_> = attempts.iter().map(|it| it.status).collect();
    assert_eq!(statuses, [Some(500), None, Some(429), Some(204)]);
}

#[tokio::test]
async fn a_recovery_waits_for_its_firing_and_hinders_nobody() {
    let directory = tempfile::tempdir().unwrap();
    let receiver = Receiver::start().unwrap();
    let bad = ALERT.to_string();
    receiver.answer(move |request, before| {
        let is_bad = request.json()["alert"]["id"] == json!(bad);
        Answer::status(if is_bad && before < 4 { 503 } else { 200 })
    });
    let bench = with_channels(directory.path(), vec![webhook(FIRST, &receiver.base, None)]).await;
    for change in [AlertChange::Fired, AlertChange::Resolved] {
        bench.step_of(ALERT, change, None).await;
        bench.step_of(OTHER, change, None).await;
    }
    // Both firings, then the recovery of the one that arrived.
    assert_eq!(bench.round().await, 2);
    assert_eq!(bench.round().await, 1);
    assert_eq!(
        bench.round().await,
        0,
        "the firing waits, and its recovery with it"
    );
    bench.clock.advance(Duration::from_secs(1));
    assert_eq!(bench.round().await, 1);
    bench.clock.advance(Duration::from_secs(2));
    assert_eq!((bench.round().await, bench.round().await), (1, 1));
    let (bad, other) = (json!(ALERT), json!(OTHER));
    let (fired, resolved) = (json!("fired"), json!("resolved"));
    let expected = [
        (bad.clone(), fired.clone()),
        (other.clone(), fired.clone()),
        (other, resolved.clone()),
        (bad.clone(), fired.clone()),
        (bad.clone(), fired),
        (bad, resolved),
    ];
    assert_eq!(events(&receiver), expected);
}

#[tokio::test]
async fn what_one_channel_refuses_goes_to_the_next_and_never_in_circles() {
    let directory = tempfile::tempdir().unwrap();
    let receiver = Receiver::start().unwrap();
    receiver.answer(|request, _| Answer::status(if request.path == "/a" { 403 } else { 404 }));
    let at = |path: &str| format!("{}/{path}", receiver.base);
    let channels = vec![
        webhook(FIRST, &at("a"), Some(SECOND)),
        ChannelRow {
            enabled: true,
            ..webhook(SECOND, &at("b"), Some(FIRST))
        },
    ];
    let bench = with_channels(directory.path(), channels).await;
    bench.only(FIRST).await;
    bench.step(AlertChange::Fired, None).await;
    while bench.round().await > 0 {}
    let paths: Vec<_> = receiver.received().into_iter().map(|it| it.path).collect();
    assert_eq!(paths, ["/a", "/b"]);
    let [first] = bench.log_of(FIRST).await.try_into().unwrap();
    let [second] = bench.log_of(SECOND).await.try_into().unwrap();
    assert_eq!(first.state.0, DeliveryState::Dead);
    assert_eq!(first.reason.as_deref(), Some("refused with status 403"));
    assert_eq!(second.state.0, DeliveryState::Dead);
    assert_eq!(second.fallback_of, Some(first.seq));
}

#[tokio::test]
async fn a_receiver_that_is_gone_disables_its_channel() {
    let directory = tempfile::tempdir().unwrap();
    let receiver = Receiver::start().unwrap();
    receiver.answer(|request, _| Answer::status(if request.path == "/a" { 410 } else { 200 }));
    let at = |path: &str| format!("{}/{path}", receiver.base);
    let channels = vec![
        webhook(FIRST, &at("a"), Some(SECOND)),
        webhook(SECOND, &at("b"), None),
    ];
    let bench = with_channels(directory.path(), channels).await;
    bench.only(FIRST).await;
    for alert in [ALERT, OTHER] {
        bench.step_of(alert, AlertChange::Fired, None).await;
    }
    // The second message waits while the first is refused.
    let mut claims = bench.turn().await.claims;
    let (channel, claim) = claims.remove(0);
    bench.worker.clone().attempt(channel, claim).await;
    for (_, claim) in claims {
        bench.give_back(claim).await;
    }
    while bench.round().await > 0 {}
    let read = bench
        .worker
        .store
        .read(|conn| tables::channel::find(conn, FIRST));
    let row = read.await.unwrap().unwrap();
    assert!(!row.enabled && row.disabled_because.is_some(), "{row:?}");
    let states = bench.states_of(FIRST).await;
    assert_eq!(states, [DeliveryState::Dead, DeliveryState::Dropped]);
    let states = bench.states_of(SECOND).await;
    assert_eq!(states, [DeliveryState::Delivered, DeliveryState::Delivered]);
}

#[tokio::test]
async fn what_waits_for_a_channel_that_takes_nothing_is_dropped_with_the_reason() {
    let directory = tempfile::tempdir().unwrap();
    let receiver = Receiver::start().unwrap();
    receiver.answer(|_, _| Answer::status(500));
    let channels = [FIRST, SECOND].map(|id| webhook(id, &receiver.base, None));
    let bench = with_channels(directory.path(), channels.to_vec()).await;
    bench.step(AlertChange::Fired, None).await;
    assert_eq!(bench.round().await, 2);
    let [first, _] = channels;
    let change = bench.worker.store.change(&ACTOR, move |conn| {
        let disabled = ChannelRow {
            enabled: false,
            ..first
        };
        tables::channel::update(conn, &disabled)?;
        tables::channel::delete(conn, SECOND)
    });
    change.await.unwrap();
    bench.clock.advance(Duration::from_secs(1));
    assert_eq!(bench.round().await, 0);
    for (channel, reason) in [
        (FIRST, "the channel is disabled"),
        (SECOND, "the channel has been removed"),
    ] {
        let [row] = bench.log_of(channel).await.try_into().unwrap();
        assert_eq!(row.state.0, DeliveryState::Dropped);
        assert_eq!(row.reason.as_deref(), Some(reason));
    }
}

#[tokio::test]
async fn a_worker_that_lost_its_lease_decides_nothing() {
    let directory = tempfile::tempdir().unwrap();
    let receiver = Receiver::start().unwrap();
    receiver.answer(|_, before| Answer::status(if before == 0 { 200 } else { 400 }));
    let bench = with_channels(directory.path(), vec![webhook(FIRST, &receiver.base, None)]).await;
    bench.step(AlertChange::Fired, None).await;
    // A worker takes it and is not heard of for a while.
    let [(channel, lost)] = bench.turn().await.claims.try_into().unwrap();
    assert_eq!(bench.round().await, 0, "somebody has it");
    bench.clock.advance(Duration::from_secs(30));
    assert_eq!(bench.round().await, 1, "the lease is over");
    bench.worker.clone().attempt(channel, lost).await;
    let [row] = bench.log_of(FIRST).await.try_into().unwrap();
    assert_eq!((row.state.0, row.attempts), (DeliveryState::Delivered, 2));
    let keys = keys(&receiver);
    assert_eq!(keys[0], keys[1]);
}

#[tokio::test]
async fn what_a_killed_worker_had_claimed_is_sent_after_the_start() {
    let directory = tempfile::tempdir().unwrap();
    let receiver = Receiver::start().unwrap();
    let bench = with_channels(directory.path(), vec![webhook(FIRST, &receiver.base, None)]).await;
    bench.step(AlertChange::Fired, None).await;
    assert_eq!(bench.turn().await.claims.len(), 1);
    bench.worker.store.close().await;

    let bench = Bench::over(Store::open(directory.path(), None).unwrap());
    bench.worker.release_all().await.unwrap();
    assert_eq!(bench.round().await, 1);
    assert_eq!(bench.states_of(FIRST).await, [DeliveryState::Delivered]);
    assert_eq!(receiver.received().len(), 1);
}

#[tokio::test]
async fn a_clock_that_is_set_back_holds_nothing_up() {
    let directory = tempfile::tempdir().unwrap();
    let receiver = Receiver::start().unwrap();
    receiver.answer(|_, before| Answer::status(if before == 0 { 500 } else { 200 }));
    let bench = with_channels(directory.path(), vec![webhook(FIRST, &receiver.base, None)]).await;
    let mut offset = bench.worker.offset_ms();
    bench.step(AlertChange::Fired, None).await;
    assert_eq!(bench.round().await, 1);
    bench.clock.set(NOW.plus_ms(-3_600_000));
    bench.worker.follow_clock(&mut offset).await.unwrap();
    assert_eq!(bench.round().await, 0);
    bench.clock.advance(Duration::from_millis(300));
    assert_eq!(bench.round().await, 1, "as long after the first as ever");
}

impl Bench {
    /// Disables all channels but one, which rules then tell by themselves.
    pub(super) async fn only(&self, channel: ChannelId) {
        let change = self.worker.store.change(&ACTOR, move |conn| {
            let [rule, ..] = crate::rules::default_rules();
            let row = tables::rule::RuleRow {
                id: Blob(RuleId(Uuid::nil())),
                name: "only".to_owned(),
                version: 1,
                definition: Json(common::alert::RuleInput {
                    channels: vec![channel.0],
                    ..rule
                }),
                created_at: Moment(NOW),
                updated_at: Moment(NOW),
            };
            tables::rule::insert(conn, &row)
        });
        change.await.unwrap();
    }

    /// A claim that its worker does not want any more.
    async fn give_back(&self, claim: Claim) {
        let change = self.worker.store.change(&ACTOR, move |conn| {
            tables::delivery_claim::put_off(conn, &claim, NOW, "")
        });
        assert!(change.await.unwrap());
    }
}
