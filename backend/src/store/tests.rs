//! What the store promises: durable answers, refusals alone, one holder.

use diesel::connection::SimpleConnection;
use diesel::sql_types::BigInt;
use diesel::{Connection as _, RunQueryDsl};

use super::testing::{Place, on_both};
use super::*;

mod alike;

on_both!(
    what_was_answered_is_there_after_a_kill,
    a_failed_change_is_refused_alone,
    a_failed_commit_refuses_its_group_and_the_second_makes_a_pause,
    a_transaction_lost_behind_our_back_refuses_the_group,
    readers_cannot_write,
    a_full_queue_says_busy,
    a_second_store_waits_for_the_first_to_close,
);

const ACTOR: Actor = Actor::System("test");

#[derive(diesel::QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    n: i64,
}

fn count(conn: &mut Connection) -> Result<i64, StoreError> {
    let row: Count = diesel::sql_query("SELECT count(*) AS n FROM note").get_result(conn)?;
    Ok(row.n)
}

fn note(conn: &mut Connection, id: i64) -> Result<(), StoreError> {
    diesel::sql_query("INSERT INTO note (id) VALUES ($1)")
        .bind::<BigInt, _>(id)
        .execute(conn)?;
    Ok(())
}

async fn with_notes(place: &Place) -> Store {
    let store = place.open();
    store
        .change(&ACTOR, |conn| {
            conn.batch_execute(
                "CREATE TABLE note (id BIGINT PRIMARY KEY,
                     of BIGINT REFERENCES note DEFERRABLE INITIALLY DEFERRED)",
            )?;
            Ok::<_, StoreError>(())
        })
        .await
        .unwrap();
    store
}

async fn what_was_answered_is_there_after_a_kill(place: Place) {
    let store = with_notes(&place).await;
    let changes = (0..200).map(|id| {
        let store = store.clone();
        async move { store.change(&ACTOR, move |conn| note(conn, id)).await }
    });
    for answer in futures_util::future::join_all(changes).await {
        answer.unwrap();
    }
    // What a killed process leaves behind: the files as they are now, nothing closed.
    let left = place.elsewhere();
    for entry in std::fs::read_dir(place.directory()).unwrap() {
        let entry = entry.unwrap();
        std::fs::copy(entry.path(), left.directory().join(entry.file_name())).unwrap();
    }
    if let Some(database) = place.database() {
        database.end_sessions().unwrap();
    }
    let again = left.open();
    assert_eq!(again.read(count).await.unwrap(), 200);
}

async fn a_failed_change_is_refused_alone(place: Place) {
    let store = with_notes(&place).await;
    let good = store.change(&ACTOR, |conn| note(conn, 1));
    let refused = store.change(&ACTOR, |conn| {
        note(conn, 2)?;
        note(conn, 1)
    });
    let panics = store.change(&ACTOR, |conn| {
        note(conn, 3)?;
        conn.transaction(|_| -> Result<(), StoreError> { panic!("on purpose") })
    });
    let last = store.change(&ACTOR, |conn| note(conn, 4));
    let (good, refused, panics, last) = tokio::join!(good, refused, panics, last);
    good.unwrap();
    assert!(refused.unwrap_err().is_unique_violation());
    assert!(matches!(panics, Err(StoreError::Panicked)));
    last.unwrap();
    assert_eq!(store.read(count).await.unwrap(), 2);
}

async fn a_failed_commit_refuses_its_group_and_the_second_makes_a_pause(place: Place) {
    let store = with_notes(&place).await;
    let dangling = |conn: &mut Connection| -> Result<(), StoreError> {
        // Only the commit checks this reference.
        conn.batch_execute("INSERT INTO note (id, of) VALUES (50, 51)")?;
        Ok(())
    };
    let first = store.change(&ACTOR, dangling).await;
    assert!(matches!(first, Err(StoreError::Commit { .. })), "{first:?}");
    assert!(!store.is_read_only());
    store.change(&ACTOR, |conn| note(conn, 1)).await.unwrap();

    for _ in 0..2 {
        store.change(&ACTOR, dangling).await.unwrap_err();
    }
    // A full disk stays full for a while; a server tells by itself what it can do.
    if place.database().is_none() {
        assert!(store.is_read_only());
        let refused = store.change(&ACTOR, |conn| note(conn, 2)).await;
        assert!(matches!(refused, Err(StoreError::ReadOnly)), "{refused:?}");
        assert_eq!(store.read(count).await.unwrap(), 1, "reading goes on");
    }
    while store.is_read_only() {
        tokio::task::yield_now().await;
    }
    store.change(&ACTOR, |conn| note(conn, 2)).await.unwrap();
    let again = store.change(&ACTOR, dangling).await;
    assert!(matches!(again, Err(StoreError::Commit { .. })), "{again:?}");
    assert!(
        !store.is_read_only(),
        "a good commit makes the next failure the first"
    );
}

async fn a_transaction_lost_behind_our_back_refuses_the_group(place: Place) {
    let store = with_notes(&place).await;
    let lost = store
        .change(&ACTOR, |conn| {
            note(conn, 1)?;
            // What SQLite does by itself when the disk is full.
            conn.batch_execute("ROLLBACK")?;
            Ok::<_, StoreError>(())
        })
        .await;
    assert!(matches!(lost, Err(StoreError::Commit { .. })), "{lost:?}");
    store.change(&ACTOR, |conn| note(conn, 2)).await.unwrap();
    assert_eq!(store.read(count).await.unwrap(), 1);
}

async fn readers_cannot_write(place: Place) {
    let store = with_notes(&place).await;
    assert!(store.read(|conn| note(conn, 1)).await.is_err());
}

async fn a_full_queue_says_busy(place: Place) {
    let store = with_notes(&place).await;
    let (open, gate) = std::sync::mpsc::sync_channel::<()>(1);
    let (entered, inside) = tokio::sync::oneshot::channel();
    let mut blocked = Box::pin(store.change(&ACTOR, move |conn| {
        entered.send(()).unwrap();
        gate.recv().unwrap();
        note(conn, 0)
    }));
    assert!(futures_util::poll!(&mut blocked).is_pending());
    inside.await.unwrap();
    let mut answers = Vec::new();
    for id in 1..=3000 {
        let mut change = Box::pin(store.change(&ACTOR, move |conn| note(conn, id)));
        match futures_util::poll!(&mut change) {
            std::task::Poll::Pending => answers.push(change),
            std::task::Poll::Ready(answer) => {
                assert!(matches!(answer, Err(StoreError::Busy)), "{answer:?}");
                break;
            }
        }
    }
    open.send(()).unwrap();
    blocked.await.unwrap();
    let accepted = i64::try_from(answers.len()).unwrap();
    for answer in answers {
        answer.await.unwrap();
    }
    assert_eq!(store.read(count).await.unwrap(), accepted + 1);
}

async fn a_second_store_waits_for_the_first_to_close(place: Place) {
    let store = with_notes(&place).await;
    let second = place.try_open();
    assert!(matches!(second, Err(StoreError::Locked { .. })));
    if place.database().is_some() {
        let said = place.elsewhere().try_open().unwrap_err().to_string();
        assert!(said.contains("in use by another process"), "{said}");
        assert!(said.contains("database.url"), "{said}");
    }
    store.close().await;
    let after = store.change(&ACTOR, |conn| note(conn, 1)).await;
    assert!(matches!(after, Err(StoreError::Closed)));
    place.open();
}

#[tokio::test]
async fn a_commit_that_was_done_is_answered_so_though_its_answer_was_lost() {
    let place = Place::postgres_alone();
    let database = place.database().unwrap();
    let store = with_notes(&place).await;
    // Who commits waits for a standby that there is none of, with the commit done already.
    database
        .sql("ALTER SYSTEM SET synchronous_standby_names = 'nobody'")
        .unwrap();
    database.sql("SELECT pg_reload_conf()").unwrap();
    let waiting = "FROM pg_stat_activity WHERE wait_event = 'SyncRep'";
    let mut id = 0;
    let lost = 'lost: loop {
        id += 1;
        let number = id;
        let mut change = Box::pin(store.change(&ACTOR, move |conn| note(conn, number)));
        // Until the server has read its setting it does not wait.
        while futures_util::poll!(&mut change).is_pending() {
            if database.sql(&format!("SELECT count(*) {waiting}")).unwrap() == "1" {
                break 'lost change;
            }
        }
    };
    let end = format!("SELECT pg_terminate_backend(pid, 5000) {waiting}");
    database.sql(&end).unwrap();
    lost.await.unwrap();
    assert_eq!(store.read(count).await.unwrap(), id);
    database
        .sql("ALTER SYSTEM RESET synchronous_standby_names")
        .unwrap();
    database.sql("SELECT pg_reload_conf()").unwrap();
    store.change(&ACTOR, |conn| note(conn, 0)).await.unwrap();
}

#[tokio::test]
async fn what_another_process_has_taken_is_given_up_until_a_restart() {
    let place = Place::postgres();
    let store = with_notes(&place).await;
    let database = place.database().unwrap();
    let sign = "UPDATE watchpost_state.holder SET token = '\\x00'::bytea";
    database.sql(sign).unwrap();
    // The lock is still ours: nobody can have worked with it.
    store.change(&ACTOR, |conn| note(conn, 1)).await.unwrap();
    database.end_sessions().unwrap();
    for id in 2..4 {
        let refused = store.change(&ACTOR, move |conn| note(conn, id)).await;
        assert!(
            matches!(refused, Err(StoreError::Taken { .. })),
            "{refused:?}"
        );
    }
    assert!(store.is_read_only());
    assert_eq!(store.read(count).await.unwrap(), 1, "reading goes on");
    store.close().await;
    let again = place.open();
    again.change(&ACTOR, |conn| note(conn, 2)).await.unwrap();
}
