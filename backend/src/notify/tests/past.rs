//! Deliveries that are over go after their time; never one that somebody may still get.

use common::api::deliveries::DeliveryState::{Delivered, Due};
use tests::receiver::{Answer, Receiver};

use super::sending::{FIRST, SECOND, webhook, with_channels};
use super::*;

#[tokio::test]
async fn what_is_over_goes_after_its_time_and_what_is_due_stays() {
    let directory = tempfile::tempdir().unwrap();
    let receiver = Receiver::start().unwrap();
    receiver.answer(|request, _| Answer::status(if request.path == "/a" { 200 } else { 500 }));
    let at = |path: &str| format!("{}/{path}", receiver.base);
    let channels = vec![
        webhook(FIRST, &at("a"), None),
        webhook(SECOND, &at("b"), None),
    ];
    let bench = with_channels(directory.path(), channels).await;
    bench.step(AlertChange::Fired, None).await;
    assert_eq!(bench.round().await, 2);
    let store = &bench.worker.store;
    let gone = store.remove_past_deliveries(ACTOR, NOW.plus_ms(1)).await;
    assert_eq!(
        gone.unwrap(),
        0,
        "the alert is open: its end has to be told"
    );
    bench.end_alert(ALERT, NOW).await;
    for (before, removed) in [(NOW, 0), (NOW.plus_ms(1), 2), (NOW.plus_ms(1), 0)] {
        let gone = store.remove_past_deliveries(ACTOR, before).await.unwrap();
        assert_eq!(
            gone, removed,
            "that to the inboxes, and the one that arrived"
        );
    }
    assert_eq!(
        bench.states_of(FIRST).await,
        [] as [common::api::deliveries::DeliveryState; 0]
    );
    assert_eq!(bench.states_of(SECOND).await, [Due]);
    bench.clock.advance(Duration::from_secs(1));
    receiver.answer(|_, _| Answer::status(200));
    assert_eq!(bench.round().await, 1, "it still knows what it tells");
    assert_eq!(bench.states_of(SECOND).await, [Delivered]);
}
