//! Lists of processes: packed, late, repeated or damaged, each is found as it came, or a later one
//! of its time.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::sealing::rows;
use super::*;

on_both!(
    single_lists_are_converted_a_few_windows_at_a_time,
    a_damaged_pack_of_lists_is_skipped_and_counted,
    a_list_that_is_replaced_while_it_is_packed_stays,
);

/// What may happen to lists.
#[derive(Debug, Clone)]
enum Event {
    /// A list comes, at this second.
    Come(i64, Vec<(u32, u16)>),
    /// Windows that ended by this second are packed.
    Pack(i64),
    /// The process ends and starts again.
    Restart,
}

fn events() -> impl Strategy<Value = Vec<Event>> {
    let list = prop::collection::vec((0_u32..9, any::<u16>()), 0..6);
    let event = prop_oneof![
        6 => (0_i64..1_500, list).prop_map(|(second, list)| Event::Come(second, list)),
        2 => (0_i64..2_000).prop_map(Event::Pack),
        1 => Just(Event::Restart),
    ];
    prop::collection::vec(event, 1..24)
}

fn list_of(readings: &[(u32, u16)]) -> Vec<Process> {
    let readings = readings.iter();
    readings
        .map(|(pid, memory)| Process {
            pid: *pid,
            name: format!("program {}", memory % 3),
            cpu_percent: Some(f64::from(memory % 7)),
            memory_bytes: u64::from(*memory),
            ..Process::default()
        })
        .collect()
}

async fn come(store: &Store, at: i64, list: &[Process]) {
    let with_list = Frame {
        processes: Some(list.to_vec()),
        ..frame(at, &[(0, 1.0)])
    };
    store.metrics().append(vec![with_list]).await.unwrap();
}

async fn at(store: &Store, at: i64) -> Option<(i64, Vec<Process>)> {
    let found = store.metrics().processes_at(SERVER, UnixMs(at)).await;
    found.unwrap().map(|(at, list)| (at.0, list))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn each_list_is_found_as_it_came_last(events in events()) {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(async {
            let place = Place::sqlite();
            let (mut store, _) = open(&place);
            let mut model: BTreeMap<i64, Vec<Process>> = BTreeMap::new();
            for event in &events {
                match event {
                    Event::Come(second, readings) => {
                        let list = list_of(readings);
                        come(&store, second * 1_000, &list).await;
                        model.insert(second * 1_000, list);
                    }
                    Event::Pack(now) => {
                        store.metrics().pack_windows(UnixMs(now * 1_000)).await.unwrap();
                    }
                    Event::Restart => {
                        store.close().await;
                        (store, _) = open(&place);
                    }
                }
            }
            for look in (0..1_600_000).step_by(23_000).chain(model.keys().copied()) {
                let newest = model.range(look - 60_000..=look).next_back();
                let newest = newest.map(|(at, list)| (*at, list.clone()));
                assert_eq!(at(&store, look).await, newest, "at {look}");
            }
            assert_eq!(store.metrics().corrupt_rows(), 0);
        });
    }
}

/// Single lists of twenty windows, as an earlier version kept them, and one that is damaged.
async fn with_single_lists(place: &Place) -> Store {
    let (store, _) = open(place);
    for turn in 0..40_i64 {
        come(&store, turn * 150_000, &list_of(&[(1, 5), (2, 7)])).await;
    }
    let damage = |conn: &mut Connection| {
        let at = UnixMs(150_000);
        tables::processes::put(conn, SERVER, at, &[1, 200])
    };
    let actor = crate::store::Actor::System("test");
    store
        .metrics()
        .database
        .change(actor, damage)
        .await
        .unwrap();
    store
}

async fn single_lists_are_converted_a_few_windows_at_a_time(place: Place) {
    let store = with_single_lists(&place).await;
    let counts = async || {
        (
            rows(&store, "processes").await,
            rows(&store, "process_pack").await,
        )
    };
    let metrics = store.metrics();
    for (now, single, packed) in [
        (304_999, 40, 0),
        (305_000, 39, 1),
        (20 * 300_000, 7, 17),
        (20 * 300_000, 3, 19),
        (21 * 300_000, 1, 20),
        (22 * 300_000, 1, 20),
    ] {
        metrics.pack_windows(UnixMs(now)).await.unwrap();
        assert_eq!(counts().await, (single, packed), "{now}");
    }
    assert_eq!(metrics.corrupt_rows(), 0);
    let list = list_of(&[(1, 5), (2, 7)]);
    for turn in (0..40).filter(|turn| *turn != 1) {
        let time = turn * 150_000;
        assert_eq!(at(&store, time).await, Some((time, list.clone())));
    }
    assert_eq!(at(&store, 150_000).await, None);
    assert_eq!(metrics.corrupt_rows(), 1);
}

async fn a_damaged_pack_of_lists_is_skipped_and_counted(place: Place) {
    let (store, _) = open(&place);
    let (early, late) = (list_of(&[(1, 1)]), list_of(&[(2, 2)]));
    let metrics = store.metrics();
    for (time, list, now) in [(280_000, &early, 305_000), (290_000, &late, 305_000)] {
        come(&store, time, list).await;
        metrics.pack_windows(UnixMs(now)).await.unwrap();
    }
    assert_eq!(at(&store, 299_000).await, Some((290_000, late.clone())));
    metrics
        .database
        .change(crate::store::Actor::System("test"), |conn| {
            use diesel::connection::SimpleConnection;
            let last = super::sealing::byte_ff(conn);
            conn.batch_execute(&format!(
                "UPDATE process_pack SET body = substr(body, 1, length(body) - 1) || {last}
                 WHERE first_at = 290000"
            ))?;
            Ok::<_, StoreError>(())
        })
        .await
        .unwrap();
    assert_eq!(metrics.corrupt_rows(), 0);
    assert_eq!(at(&store, 299_000).await, Some((280_000, early)));
    assert_eq!(metrics.corrupt_rows(), 1);
    come(&store, 290_000, &late).await;
    assert_eq!(at(&store, 299_000).await, Some((290_000, late)));
}

async fn a_list_that_is_replaced_while_it_is_packed_stays(place: Place) {
    let (store, _) = open(&place);
    let (old, new) = (list_of(&[(1, 1)]), list_of(&[(2, 2)]));
    come(&store, 5_000, &old).await;
    let metrics = store.metrics();
    let read = |conn: &mut Connection| tables::processes::in_range(conn, SERVER, &(0..9_000));
    let before = metrics.database.read(read).await.unwrap();
    come(&store, 5_000, &new).await;
    let actor = crate::store::Actor::System("test");
    let remove = move |conn: &mut Connection| tables::processes::remove(conn, SERVER, &before);
    metrics.database.change(actor, remove).await.unwrap();
    assert_eq!(at(&store, 5_000).await, Some((5_000, new)));
}
