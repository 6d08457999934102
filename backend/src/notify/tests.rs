//! The outbox over a real store: told once, in order, to whom it concerns, over kills and lost leases.

use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use common::access::Role;
use common::alert::{AlertChange, AlertState, Severity};
use common::ids::{AlertId, RuleId, ServerId, SessionId, UserId};
use common::series::Labels;
use common::time::UnixMs;
use uuid::Uuid;

use super::inbox::{Inbox, InboxChanged, InboxError, OnInbox};
use super::outbox::Worker;
use crate::auth::{Allowed, Credential, Principal, Scope, may};
use crate::clock::Clock;
use crate::store::tables::alert::AlertRow;
use crate::store::tables::alert_history::NewStep;
use crate::store::tables::intent::NewIntent;
use crate::store::tables::user::UserRow;
use crate::store::tables::{Blob, Json, Moment, Real, Word};
use crate::store::{Actor, Store, StoreError, tables};

const ACTOR: Actor = Actor::System("test");
const NOW: UnixMs = UnixMs(1_700_000_000_000);
const ALERT: AlertId = AlertId(Uuid::from_u128(9));
const ANN: UserId = UserId(Uuid::from_u128(1));
const BOB: UserId = UserId(Uuid::from_u128(2));
const GONE: UserId = UserId(Uuid::from_u128(3));

/// A worker over a store with three people, one of them disabled.
struct Bench {
    worker: Worker,
    inbox: Inbox,
    clock: Clock,
    told: Arc<Mutex<Vec<InboxChanged>>>,
}

impl Bench {
    fn over(store: Store) -> Self {
        let clock = Clock::fixed(NOW);
        let told = Arc::<Mutex<Vec<InboxChanged>>>::default();
        let into = Arc::clone(&told);
        let on_inbox: OnInbox = Arc::new(move |change| into.lock().unwrap().push(change));
        Self {
            inbox: Inbox::new(store.clone(), clock.clone(), Arc::clone(&on_inbox)),
            worker: Worker {
                store,
                clock: clock.clone(),
                on_inbox,
            },
            clock,
            told,
        }
    }

    async fn new(directory: &Path) -> Self {
        let store = Store::open(directory, None).unwrap();
        let add = store.change(&ACTOR, |conn| {
            for (id, name, disabled) in [
                (ANN, "ann", false),
                (BOB, "bob", false),
                (GONE, "gone", true),
            ] {
                tables::user::insert(conn, &person(id, name, disabled))?;
            }
            tables::alert::insert(conn, &alert())
        });
        add.await.unwrap();
        Self::over(store)
    }

    /// A step of the alert with its intent, as the rule engine writes them.
    async fn step(&self, change: AlertChange, by: Option<UserId>) {
        let step = NewStep {
            alert_id: Blob(ALERT),
            at: Moment(NOW),
            change: Word(change),
            severity: Word(Severity::Critical),
            value: None,
            message: "High CPU on web-1: 95.0 % is at or above 90.0 %.".to_owned(),
            by_user: by.map(Blob),
            comment: None,
            assignee: None,
            held: false,
        };
        let write = self.worker.store.change(&ACTOR, move |conn| {
            let seq = tables::alert_history::insert(conn, &step)?;
            let intent = NewIntent {
                seq,
                alert_id: step.alert_id,
                due_at: step.at,
            };
            tables::intent::insert(conn, &intent)
        });
        write.await.unwrap();
    }

    /// Titles in somebody's inbox, the oldest first, and how many are unread.
    async fn inbox_of(&self, user: UserId) -> (u32, Vec<String>) {
        let (unread, items) = self.inbox.newest(user, &Scope::All).await.unwrap();
        let titles = items.into_iter().rev().map(|item| item.title);
        (unread, titles.collect())
    }
}

fn person(id: UserId, username: &str, disabled: bool) -> UserRow {
    UserRow {
        id: Blob(id),
        version: 1,
        username: username.to_owned(),
        display_name: None,
        email: None,
        phone: None,
        time_zone: None,
        locale: None,
        role: Word(Role::Viewer),
        disabled,
        password_hash: None,
        must_change_password: false,
        created_at: Moment(NOW),
        updated_at: Moment(NOW),
        last_login_at: None,
        server_groups: Json(Vec::new()),
    }
}

fn alert() -> AlertRow {
    AlertRow {
        id: Blob(ALERT),
        rule_id: Blob(RuleId(Uuid::nil())),
        rule_name: "High CPU".to_owned(),
        rule_version: 1,
        server_id: Blob(ServerId(Uuid::nil())),
        server_name: "web-1".to_owned(),
        metric: "host_cpu_usage_percent".to_owned(),
        series_labels: Json(Labels::none()),
        labels: Json(std::collections::BTreeMap::new()),
        severity: Word(Severity::Critical),
        state: Word(AlertState::Firing),
        value: Some(Real(95.0)),
        threshold: Some(Real(90.0)),
        message: String::new(),
        started_at: Moment(NOW),
        acknowledged_at: None,
        acknowledged_by: None,
        resolved_at: None,
        resolved_by: None,
        rule_state: "{}".to_owned(),
        holds_until: None,
        assignee: None,
        flapping: false,
    }
}

fn myself(user: UserId) -> Allowed<may::SelfOnly> {
    Allowed::for_test(Principal {
        user,
        credential: Credential::Session(SessionId(Uuid::nil())),
        role: Role::Viewer,
        must_change_password: false,
        scope: Scope::All,
    })
}

#[tokio::test]
async fn everybody_is_told_once_and_in_order_but_not_who_did_it() {
    let directory = tempfile::tempdir().unwrap();
    let bench = Bench::new(directory.path()).await;
    bench.step(AlertChange::Fired, None).await;
    bench.step(AlertChange::Acknowledged, Some(ANN)).await;
    for composed in [2, 0] {
        assert_eq!(bench.worker.turn().await.unwrap(), composed);
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
    let later = Worker {
        store: bench.worker.store.clone(),
        clock: Clock::fixed(NOW.plus_ms(-1)),
        on_inbox: Arc::clone(&bench.worker.on_inbox),
    };
    bench.step(AlertChange::Fired, None).await;
    assert_eq!(later.turn().await.unwrap(), 0);
    assert_eq!(bench.worker.turn().await.unwrap(), 1);
}

#[tokio::test]
async fn people_read_their_own_messages_alone() {
    let directory = tempfile::tempdir().unwrap();
    let bench = Bench::new(directory.path()).await;
    for change in [AlertChange::Fired, AlertChange::Resolved] {
        bench.step(change, None).await;
    }
    bench.worker.turn().await.unwrap();
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
