//! What the store promises: durable answers, refusals alone, one holder.

use diesel::SqliteConnection;
use diesel::connection::SimpleConnection;
use diesel::sql_types::BigInt;
use diesel::{Connection, RunQueryDsl};

use super::*;

const ACTOR: Actor = Actor::System("test");

#[derive(diesel::QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    n: i64,
}

fn count(conn: &mut SqliteConnection) -> Result<i64, StoreError> {
    let row: Count = diesel::sql_query("SELECT count(*) AS n FROM note").get_result(conn)?;
    Ok(row.n)
}

fn note(conn: &mut SqliteConnection, id: i64) -> Result<(), StoreError> {
    diesel::sql_query("INSERT INTO note (id) VALUES (?)")
        .bind::<BigInt, _>(id)
        .execute(conn)?;
    Ok(())
}

async fn with_notes(directory: &Path) -> Store {
    let store = Store::open(directory).unwrap();
    store
        .change(&ACTOR, |conn| {
            conn.batch_execute(
                "CREATE TABLE note (id INTEGER PRIMARY KEY,
                     of INTEGER REFERENCES note DEFERRABLE INITIALLY DEFERRED)",
            )?;
            Ok::<_, StoreError>(())
        })
        .await
        .unwrap();
    store
}

#[tokio::test]
async fn what_was_answered_is_there_after_a_kill() {
    let directory = tempfile::tempdir().unwrap();
    let store = with_notes(directory.path()).await;
    let changes = (0..200).map(|id| {
        let store = store.clone();
        async move { store.change(&ACTOR, move |conn| note(conn, id)).await }
    });
    for answer in futures_util::future::join_all(changes).await {
        answer.unwrap();
    }
    // What a killed process leaves behind: the files as they are now, nothing closed.
    let left = tempfile::tempdir().unwrap();
    for entry in std::fs::read_dir(directory.path()).unwrap() {
        let entry = entry.unwrap();
        std::fs::copy(entry.path(), left.path().join(entry.file_name())).unwrap();
    }
    let again = Store::open(left.path()).unwrap();
    assert_eq!(again.read(count).await.unwrap(), 200);
}

#[tokio::test]
async fn a_failed_change_is_refused_alone() {
    let directory = tempfile::tempdir().unwrap();
    let store = with_notes(directory.path()).await;
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

#[tokio::test]
async fn a_failed_commit_refuses_its_group_and_the_second_makes_a_pause() {
    let directory = tempfile::tempdir().unwrap();
    let store = with_notes(directory.path()).await;
    let dangling = |conn: &mut SqliteConnection| -> Result<(), StoreError> {
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
    assert!(store.is_read_only());
    let refused = store.change(&ACTOR, |conn| note(conn, 2)).await;
    assert!(matches!(refused, Err(StoreError::ReadOnly)), "{refused:?}");
    assert_eq!(store.read(count).await.unwrap(), 1, "reading goes on");
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

#[tokio::test]
async fn a_transaction_lost_behind_our_back_refuses_the_group() {
    let directory = tempfile::tempdir().unwrap();
    let store = with_notes(directory.path()).await;
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

#[tokio::test]
async fn readers_cannot_write() {
    let directory = tempfile::tempdir().unwrap();
    let store = with_notes(directory.path()).await;
    assert!(store.read(|conn| note(conn, 1)).await.is_err());
}

#[tokio::test]
async fn a_full_queue_says_busy() {
    let directory = tempfile::tempdir().unwrap();
    let store = with_notes(directory.path()).await;
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

#[tokio::test]
async fn a_second_store_waits_for_the_first_to_close() {
    let directory = tempfile::tempdir().unwrap();
    let store = with_notes(directory.path()).await;
    let second = Store::open(directory.path());
    assert!(matches!(second, Err(StoreError::Locked { .. })));
    store.close().await;
    let after = store.change(&ACTOR, |conn| note(conn, 1)).await;
    assert!(matches!(after, Err(StoreError::Closed)));
    Store::open(directory.path()).unwrap();
}
