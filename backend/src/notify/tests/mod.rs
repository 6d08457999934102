//! The outbox over a real store and a real receiver: told in order, to whom it concerns, over kills and lost leases.

mod faults;
mod inbox;
mod past;
mod sending;

use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use common::access::Role;
use common::alert::{AlertChange, AlertState, Severity};
use common::ids::{AlertId, RuleId, ServerId, SessionId, UserId};
use common::series::Labels;
use common::time::UnixMs;
use uuid::Uuid;

use super::compose::By;
use super::inbox::{Inbox, InboxChanged, InboxError, OnInbox};
use super::lanes::Slots;
use super::links::LinkMaker;
use super::route::Plans;
use super::send::Wire;
use super::vapid::Vapid;
use super::worker::{Turn, Worker};
use crate::alerts::noise::Present;
use crate::auth::{Allowed, Credential, LinkKey, Principal, Scope, may};
use crate::clock::Clock;
use crate::config::egress::EgressConfig;
use crate::egress::Reach;
use crate::sealed::{MasterKey, Sealer};
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

/// Nothing holds back, and there are no routes.
fn by() -> Arc<By> {
    Arc::new(By {
        plans: Plans::new(Present::default()),
        messages_per_minute: 0,
    })
}

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
                wire: wire(&clock),
                clock: clock.clone(),
                on_inbox,
                by: by(),
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
            tables::alert::insert(conn, &alert(ALERT))
        });
        add.await.unwrap();
        Self::over(store)
    }

    /// A step of the alert with its intent, as the rule engine writes them.
    async fn step(&self, change: AlertChange, by: Option<UserId>) {
        self.step_of(ALERT, change, by).await;
    }

    async fn step_of(&self, alert: AlertId, change: AlertChange, by: Option<UserId>) {
        let step = NewStep {
            alert_id: Blob(alert),
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

    /// The alert is over, which nobody is told.
    async fn end_alert(&self, id: AlertId, at: UnixMs) {
        let end = self.worker.store.change(&ACTOR, move |conn| {
            let mut row = tables::alert::find(conn, id)?.unwrap();
            (row.state, row.resolved_at) = (Word(AlertState::Resolved), Some(Moment(at)));
            tables::alert::update(conn, &row)
        });
        end.await.unwrap();
    }

    async fn turn(&self) -> Turn {
        self.worker.turn(Slots::default()).await.unwrap()
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

fn sealer() -> Sealer {
    Sealer::new(MasterKey::from_bytes([7; 32]))
}

fn wire(clock: &Clock) -> Wire {
    let reach = Reach::messages(&EgressConfig {
        allow_private: true,
        ..EgressConfig::default()
    });
    let links = LinkMaker::new(LinkKey::new([7; 32]), None);
    Wire::new(clock.clone(), sealer(), reach, Vapid::made(), links).unwrap()
}

fn alert(id: AlertId) -> AlertRow {
    AlertRow {
        id: Blob(id),
        rule_id: Blob(RuleId(Uuid::nil())),
        rule_name: "High CPU".to_owned(),
        rule_version: 1,
        server_id: Blob(ServerId(Uuid::nil())),
        server_name: "web-1".to_owned(),
        metric: "host_cpu_usage_percent".to_owned(),
        series_labels: Json(Labels::one("id", &id.to_string())),
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
