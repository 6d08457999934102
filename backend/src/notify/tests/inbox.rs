//! The inboxes: everybody once, one's own alone.

use super::*;

#[tokio::test]
async fn everybody_is_told_once_and_in_order_but_not_who_did_it() {
    let directory = tempfile::tempdir().unwrap();
    let bench = Bench::new(directory.path()).await;
    bench.step(AlertChange::Fired, None).await;
    bench.step(AlertChange::Acknowledged, Some(ANN)).await;
    for composed in [2, 0] {
        assert_eq!(bench.turn().await.composed, composed);
        let fired = "Critical: High CPU on web-1".to_owned();
        let taken = "Acknowledged: High CPU on web-1".to_owned();
        assert_eq!(bench.inbox_of(ANN).await, (1, vec![fired.clone()]));
        assert_eq!(bench.inbox_of(BOB).await, (2, vec![fired, taken]));
        assert_eq!(bench.inbox_of(GONE).await, (0, vec![]));
    }
    let told = bench.told.lock().unwrap();
    let told: Vec<_> = told
        .iter()
        .map(|it| (it.user, it.unread, it.items.len()))
        .collect();
    assert_eq!(told, [(ANN, 1, 1), (BOB, 2, 2)]);
}

#[tokio::test]
async fn an_intent_waits_until_it_is_due() {
    let directory = tempfile::tempdir().unwrap();
    let bench = Bench::new(directory.path()).await;
    let early = Worker {
        clock: Clock::fixed(NOW.plus_ms(-250)),
        ..bench.worker.clone()
    };
    bench.step(AlertChange::Fired, None).await;
    let turn = early.turn(Slots::default()).await.unwrap();
    assert_eq!(turn.composed, 0);
    assert_eq!(turn.next_in, Some(Duration::from_millis(250)));
    assert_eq!(bench.turn().await.composed, 1);
}

#[tokio::test]
async fn people_read_their_own_messages_alone() {
    let directory = tempfile::tempdir().unwrap();
    let bench = Bench::new(directory.path()).await;
    for change in [AlertChange::Fired, AlertChange::Resolved] {
        bench.step(change, None).await;
    }
    bench.turn().await;
    let (_, items) = bench.inbox.newest(ANN, &Scope::All).await.unwrap();
    let read = bench
        .inbox
        .mark_read(&myself(ANN), items[0].id)
        .await
        .unwrap();
    assert_eq!(read.read_at, Some(NOW));
    bench.clock.advance(Duration::from_secs(1));
    let again = bench
        .inbox
        .mark_read(&myself(ANN), items[0].id)
        .await
        .unwrap();
    assert_eq!(again, read, "again is no change");
    let other = bench.inbox.mark_read(&myself(BOB), items[0].id).await;
    assert!(matches!(other, Err(InboxError::NotFound(_))), "{other:?}");
    assert_eq!(bench.inbox_of(ANN).await.0, 1);
    assert_eq!(bench.inbox_of(BOB).await.0, 2);
    bench.inbox.mark_all_read(&myself(BOB)).await.unwrap();
    assert_eq!(bench.inbox_of(BOB).await.0, 0);
    let last = bench.told.lock().unwrap().last().cloned().unwrap();
    assert_eq!((last.user, last.unread), (BOB, 0));
    let (unread, page) = bench
        .inbox
        .page(&myself(ANN), Some(items[0].id), 10)
        .await
        .unwrap();
    assert_eq!((unread, &page[0]), (1, &items[1]));
}

#[tokio::test]
async fn one_step_has_one_intent() {
    let directory = tempfile::tempdir().unwrap();
    let bench = Bench::new(directory.path()).await;
    bench.step(AlertChange::Fired, None).await;
    let twice = bench.worker.store.change(&ACTOR, |conn| {
        let seq = tables::alert_history::last_seq(conn)?;
        let intent = NewIntent {
            seq,
            alert_id: Blob(ALERT),
            due_at: Moment(NOW),
        };
        tables::intent::insert(conn, &intent)
    });
    let refused: Result<(), StoreError> = twice.await;
    assert!(refused.unwrap_err().is_unique_violation());
}
