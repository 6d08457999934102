//! What receivers do to messages: hang, fail for an hour, ask for time, go, lead elsewhere; by data, on a clock of its own.

use std::sync::atomic::{AtomicU16, Ordering};

use common::api::deliveries::DeliveryState::{self, Dead, Delivered, Dropped, Due};
use tests::receiver::{Answer, Receiver};

use super::sending::{FIRST, SECOND, webhook, with_channels};
use super::*;
use crate::store::tables::delivery_attempt;

/// A way out with these settings.
fn wire_with(clock: &Clock, config: &EgressConfig) -> Wire {
    let reach = Reach::messages(config);
    let links = LinkMaker::new(LinkKey::new([7; 32]), None);
    Wire::new(clock.clone(), sealer(), reach, Vapid::made(), links).unwrap()
}

/// Waits and tries until nothing is due at that channel; the moments of its attempts, in seconds.
async fn until_settled(bench: &Bench, channel: common::ids::ChannelId) -> Vec<f64> {
    loop {
        while bench.round().await > 0 {}
        let [row] = bench.log_of(channel).await.try_into().unwrap();
        if row.state.0 != Due {
            let read = bench
                .worker
                .store
                .read(move |conn| delivery_attempt::of(conn, row.seq));
            let attempts = read.await.unwrap().into_iter();
            let seconds =
                attempts.map(|it| f64::from(u32::try_from(it.at.0.since_ms(NOW)).unwrap()) / 1e3);
            return seconds.collect();
        }
        bench.clock.set(row.next_at.0);
    }
}

/// A fault of a receiver, and what follows from it.
struct Fault {
    name: &'static str,
    answer: Answer,
    state: DeliveryState,
    reason: &'static str,
    /// Whether the channel still takes messages.
    enabled: bool,
}

fn faults() -> [Fault; 5] {
    let fault = |name, answer, state, reason| Fault {
        name,
        answer,
        state,
        reason,
        enabled: state != Dead || name != "gone",
    };
    let say = |status, headers: &str, body: &str| {
        Answer::Status(status, headers.to_owned(), body.to_owned())
    };
    let elsewhere = say(307, "location: http://169.254.169.254/\r\n", "");
    let later = say(429, "retry-after: 90\r\n", "slow down");
    [
        fault(
            "gone",
            say(410, "", "moved away"),
            Dead,
            "gone with status 410: moved away",
        ),
        fault("refused", say(404, "", ""), Dead, "refused with status 404"),
        fault("redirected", elsewhere, Dead, "refused with status 307"),
        fault("too many", later, Due, "failed with status 429: slow down"),
        fault("broken", Answer::Reset, Due, "failed: "),
    ]
}

#[tokio::test]
async fn each_fault_has_its_end_and_its_reason() {
    for fault in faults() {
        let (directory, name) = (tempfile::tempdir().unwrap(), fault.name);
        let receiver = Receiver::start().unwrap();
        receiver.answer(move |_, _| fault.answer.clone());
        let channels = vec![webhook(FIRST, &receiver.base, None)];
        let bench = with_channels(directory.path(), channels).await;
        bench.step(AlertChange::Fired, None).await;
        assert_eq!(bench.round().await, 1, "{name}");
        let [row] = bench.log_of(FIRST).await.try_into().unwrap();
        let reason = row.reason.unwrap_or_default();
        assert_eq!((row.state.0, row.attempts), (fault.state, 1), "{name}");
        assert!(reason.starts_with(fault.reason), "{name}: {reason}");
        assert_eq!(receiver.received().len(), 1, "{name}: nothing is followed");
        let find = |conn: &mut _| tables::channel::find(conn, FIRST);
        let channel = bench.worker.store.read(find).await.unwrap().unwrap();
        assert_eq!(channel.enabled, fault.enabled, "{name}");
    }
}

#[tokio::test]
async fn a_receiver_that_hangs_is_given_up_and_asked_again() {
    let directory = tempfile::tempdir().unwrap();
    let receiver = Receiver::start().unwrap();
    receiver.answer(|_, _| Answer::Hang);
    let mut bench =
        with_channels(directory.path(), vec![webhook(FIRST, &receiver.base, None)]).await;
    bench.worker.wire = wire(&bench.clock).within(Duration::from_millis(50));
    bench.step(AlertChange::Fired, None).await;
    assert_eq!(bench.round().await, 1);
    let [row] = bench.log_of(FIRST).await.try_into().unwrap();
    assert_eq!((row.state.0, row.next_at.0), (Due, NOW.plus_ms(300)));
    let reason = row.reason.unwrap();
    assert!(
        reason.starts_with("failed: ") && reason.contains("0.05 s"),
        "{reason}"
    );
}

#[tokio::test]
async fn an_hour_of_failures_ends_in_one_message() {
    let directory = tempfile::tempdir().unwrap();
    let receiver = Receiver::start().unwrap();
    let status = Arc::new(AtomicU16::new(500));
    let own = Arc::clone(&status);
    receiver.answer(move |_, _| Answer::status(own.load(Ordering::SeqCst)));
    let bench = with_channels(directory.path(), vec![webhook(FIRST, &receiver.base, None)]).await;
    bench.step(AlertChange::Fired, None).await;
    for seconds in [
        0.0, 0.3, 1.0, 2.5, 4.5, 15.0, 60.0, 180.0, 420.0, 900.0, 1_800.0, 2_700.0,
    ] {
        assert_eq!(bench.round().await, 1, "after {seconds} s");
        let [row] = bench.log_of(FIRST).await.try_into().unwrap();
        bench.clock.set(row.next_at.0);
    }
    status.store(200, Ordering::SeqCst);
    let attempts = until_settled(&bench, FIRST).await;
    assert_eq!((attempts.len(), attempts.last()), (13, Some(&3_600.0)));
    assert_eq!(bench.states_of(FIRST).await, [Delivered]);
    let keys: std::collections::BTreeSet<_> = receiver
        .received()
        .iter()
        .map(|it| it.header("idempotency-key").to_owned())
        .collect();
    assert_eq!(keys.len(), 1);
}

#[tokio::test]
async fn a_day_of_failures_ends_in_a_dead_letter() {
    let directory = tempfile::tempdir().unwrap();
    let receiver = Receiver::start().unwrap();
    receiver.answer(|_, _| Answer::status(502));
    let bench = with_channels(directory.path(), vec![webhook(FIRST, &receiver.base, None)]).await;
    bench.step(AlertChange::Fired, None).await;
    let attempts = until_settled(&bench, FIRST).await;
    assert_eq!(attempts.last(), Some(&86_400.0));
    assert_eq!(
        attempts.len(),
        20,
        "the first ten and the last ten are kept"
    );
    let [row] = bench.log_of(FIRST).await.try_into().unwrap();
    assert_eq!(row.reason.as_deref(), Some("given up with status 502"));
}

#[tokio::test]
async fn what_fails_for_minutes_goes_to_the_fall_back() {
    for (answer, moments) in [
        (
            Answer::status(503),
            &[0.0, 0.3, 1.0, 2.5, 4.5, 15.0, 60.0][..],
        ),
        // Who wants to be left alone for longer is.
        (
            Answer::Status(429, "retry-after: 3600\r\n".to_owned(), String::new()),
            &[0.0],
        ),
    ] {
        let directory = tempfile::tempdir().unwrap();
        let receiver = Receiver::start().unwrap();
        receiver.answer(move |request, _| {
            if request.path == "/a" {
                answer.clone()
            } else {
                Answer::status(200)
            }
        });
        let at = |path: &str| format!("{}/{path}", receiver.base);
        let channels = vec![
            webhook(FIRST, &at("a"), Some(SECOND)),
            webhook(SECOND, &at("b"), None),
        ];
        let bench = with_channels(directory.path(), channels).await;
        bench.only(FIRST).await;
        bench.step(AlertChange::Fired, None).await;
        assert_eq!(until_settled(&bench, FIRST).await, moments);
        while bench.round().await > 0 {}
        let [first] = bench.log_of(FIRST).await.try_into().unwrap();
        assert_eq!(first.state.0, Dead);
        assert!(
            first
                .reason
                .unwrap()
                .starts_with("went on to the next channel: failed with status")
        );
        assert_eq!(bench.states_of(SECOND).await, [Delivered]);
    }
}

#[tokio::test]
async fn a_channel_that_is_down_holds_up_nobody_but_one_trial() {
    let directory = tempfile::tempdir().unwrap();
    let receiver = Receiver::start().unwrap();
    receiver.answer(|request, _| Answer::status(if request.path == "/a" { 503 } else { 200 }));
    let at = |path: &str| format!("{}/{path}", receiver.base);
    let channels = vec![
        webhook(FIRST, &at("a"), Some(SECOND)),
        webhook(SECOND, &at("b"), None),
    ];
    let bench = with_channels(directory.path(), channels).await;
    bench.only(FIRST).await;
    let mut lanes = super::super::lanes::Lanes::default();
    let began = bench.clock.monotonic();
    lanes.back(FIRST, super::super::channels::Verdict::Later(None), began);
    bench.clock.advance(Duration::from_mins(2));
    for _ in 0..3 {
        bench.step(AlertChange::Fired, None).await;
    }
    let slots = lanes.slots(bench.clock.monotonic());
    let turn = bench.worker.turn(slots.clone()).await.unwrap();
    let paths: Vec<_> = turn.claims.iter().map(|(row, _)| row.id.0).collect();
    assert_eq!(paths, [FIRST], "one finds out whether the channel is well");
    assert_eq!(bench.states_of(FIRST).await, [Dropped, Dropped, Due]);
    for (channel, claim) in turn.claims {
        bench.worker.clone().attempt(channel, claim).await;
    }
    bench.clock.advance(Duration::from_secs(1));
    while !bench
        .worker
        .turn(slots.clone())
        .await
        .unwrap()
        .claims
        .is_empty()
    {}
    assert_eq!(
        bench.states_of(FIRST).await,
        [Dropped; 3],
        "that one is not kept waiting"
    );
    bench.clock.advance(Duration::from_mins(1));
    while bench.round().await > 0 {}
    assert_eq!(bench.states_of(SECOND).await, [Delivered; 3]);
}

#[tokio::test]
async fn a_name_that_came_to_lead_inside_is_not_connected_to() {
    let directory = tempfile::tempdir().unwrap();
    let receiver = Receiver::start().unwrap();
    let inside = receiver.base.replace("127.0.0.1", "localhost");
    let channels = vec![webhook(FIRST, &inside, None)];
    let mut bench = with_channels(directory.path(), channels).await;
    // When it was saved the name led to the public.
    bench.worker.wire = wire_with(&bench.clock, &EgressConfig::default());
    bench.step(AlertChange::Fired, None).await;
    assert_eq!(bench.round().await, 1);
    let [row] = bench.log_of(FIRST).await.try_into().unwrap();
    assert_eq!(row.state.0, Dead);
    let reason = row.reason.unwrap();
    assert!(
        reason.starts_with("refused: ") && reason.contains("`egress.allow`"),
        "{reason}"
    );
    assert_eq!(receiver.received().len(), 0);
}
