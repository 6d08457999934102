//! The picture of an alert is kept from when it fired, once, and whatever happens later.

use std::time::Duration;

use common::alert::AlertChange;
use common::ids::AlertId;
use common::series::Labels;
use uuid::Uuid;

use super::super::keeper::{Keeper, TURN};
use super::kinds::{ACTOR, BEGAN, NOW, alert, fill, pictures, promql, stored};
use super::*;
use crate::clock::Clock;
use crate::store::tables::alert_history::NewStep;
use crate::store::tables::{Moment, Word};
use crate::store::testing::{Place, on_both};
use crate::store::{Store, StoreError, tables};

on_both!(
    a_picture_is_kept_a_minute_after_the_firing_and_stays,
    what_cannot_be_drawn_blocks_nothing,
);

fn keeper(store: &Store, clock: &Clock) -> Keeper {
    Keeper::new(store.clone(), pictures(store), clock.clone())
}

/// An alert of `queue_length` that fired then, by an expression when one is given.
async fn fire(store: &Store, number: u128, at: UnixMs, expression: Option<&'static str>) {
    let metric = if expression.is_some() {
        ""
    } else {
        "queue_length"
    };
    let row = alert(number, metric, Labels::none());
    let step = NewStep {
        alert_id: row.id,
        at: Moment(at),
        change: Word(AlertChange::Fired),
        severity: row.severity,
        value: None,
        message: String::new(),
        by_user: None,
        comment: None,
        assignee: None,
        held: false,
    };
    let add = store.change(&ACTOR, move |conn| {
        if let Some(expression) = expression {
            let rule = stored(number, 1, promql(expression, Some(1.0)));
            tables::rule::insert(conn, &rule.into())?;
        }
        tables::alert::insert(conn, &row)?;
        tables::alert_history::insert(conn, &step)?;
        Ok::<_, StoreError>(())
    });
    add.await.unwrap();
}

fn id(number: u128) -> AlertId {
    AlertId(Uuid::from_u128(number))
}

async fn kept(store: &Store, number: u128) -> Option<Vec<u8>> {
    let read = store.read(move |conn| tables::alert_picture::find(conn, id(number)));
    read.await.unwrap()
}

async fn a_picture_is_kept_a_minute_after_the_firing_and_stays(place: Place) {
    let store = place.open();
    fill(&store).await;
    let clock = Clock::fixed(BEGAN);
    fire(&store, 1, BEGAN, None).await;
    fire(&store, 2, BEGAN.plus_ms(-2 * 86_400_000), None).await;
    assert_eq!(keeper(&store, &clock).turn().await.unwrap(), 0);
    clock.advance(Duration::from_mins(1));
    assert_eq!(keeper(&store, &clock).turn().await.unwrap(), 1);
    let first = kept(&store, 1).await.unwrap();
    assert!(first.starts_with(b"\x89PNG\r\n\x1a\n"));
    assert_eq!(kept(&store, 2).await, None, "it fired too long ago");

    // A rule that is another now changes nothing, nor does a second who keeps.
    let other = store.change(&ACTOR, |conn| {
        let rule = stored(1, 2, promql("queue_length * 3", Some(60.0)));
        tables::rule::insert(conn, &rule.into())?;
        tables::alert_picture::insert_once(conn, id(1), b"another", NOW)
    });
    other.await.unwrap();
    assert_eq!(keeper(&store, &clock).turn().await.unwrap(), 0);
    store.close().await;
    drop(store);
    let store = place.open();
    assert_eq!(kept(&store, 1).await.unwrap(), first);

    let gone = store.change(&ACTOR, |conn| tables::alert::delete(conn, id(1)));
    gone.await.unwrap();
    assert_eq!(kept(&store, 1).await, None);
}

async fn what_cannot_be_drawn_blocks_nothing(place: Place) {
    let store = place.open();
    fill(&store).await;
    let broken = u128::try_from(TURN + 5).unwrap();
    for number in 1..=broken {
        fire(&store, number, BEGAN, Some("sum(")).await;
    }
    let last = broken + 1;
    fire(&store, last, BEGAN.plus_ms(1_000), None).await;
    let mut keeper = keeper(&store, &Clock::fixed(NOW));
    assert_eq!(keeper.turn().await.unwrap(), 0);
    assert_eq!(keeper.turn().await.unwrap(), 1);
    assert!(kept(&store, last).await.is_some());
    // They are tried again, and one that can be drawn by now is kept.
    let repaired = store.change(&ACTOR, |conn| {
        let rule = stored(1, 1, promql("queue_length", Some(1.0)));
        tables::rule::delete(conn, rule.id)?;
        tables::rule::insert(conn, &rule.into())
    });
    repaired.await.unwrap();
    let turns = [keeper.turn().await.unwrap(), keeper.turn().await.unwrap()];
    assert_eq!(turns.iter().sum::<usize>(), 1);
    assert!(kept(&store, 1).await.is_some());
}
