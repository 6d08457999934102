//! A store with a server, two channels and two people, alerts whose steps a test writes, and a clock that it moves.

use std::sync::Arc;
use std::time::Duration;

use common::access::Role;
use common::alert::{AlertChange, AlertState, RouteInput, Severity};
use common::api::channels::ChannelKind;
use common::api::preferences::NotificationPreferences;
use common::api::servers::{Monitoring, ServerKind};
use common::ids::{AlertId, ChannelId, RuleId, ServerId, SessionId, UserId};
use common::series::Labels;
use common::time::UnixMs;
use serde_json::Map;
use uuid::Uuid;

use crate::alerts::noise::{Book, Document, Kept, Present};
use crate::auth::policy::Marker;
use crate::auth::{Allowed, Credential, Principal, Scope};
use crate::clock::Clock;
use crate::notify::compose::{By, compose};
use crate::notify::route::Plans;
use crate::store::tables::alert::AlertRow;
use crate::store::tables::alert_history::NewStep;
use crate::store::tables::channel::ChannelRow;
use crate::store::tables::intent::NewIntent;
use crate::store::tables::server::ServerRow;
use crate::store::tables::user::UserRow;
use crate::store::tables::{self, Blob, Json, Moment, Word};
use crate::store::{Actor, Connection, Store, StoreError};

pub(super) const ACTOR: Actor = Actor::System("test");
/// Monday, 2026-09-21, 14:13:20 in UTC.
pub(super) const NOW: UnixMs = UnixMs(1_790_000_000_000);

/// The channel of that number.
pub(super) fn channel(number: u128) -> ChannelId {
    ChannelId(Uuid::from_u128(number))
}

/// The person of that number.
pub(super) fn person(number: u128) -> UserId {
    UserId(Uuid::from_u128(number))
}

pub(super) struct Stage {
    pub(super) store: Store,
    pub(super) clock: Clock,
    pub(super) book: Book,
    by: Arc<By>,
    seen: i64,
    /// What each intent tells, by its number.
    told: Vec<(i64, String)>,
    _directory: tempfile::TempDir,
}

impl Stage {
    pub(super) async fn new(messages_per_minute: u32) -> Self {
        let directory = tempfile::tempdir().unwrap();
        let store = Store::open(directory.path(), None).unwrap();
        let clock = Clock::fixed(NOW);
        let present = Present::default();
        let add = store.change(&ACTOR, |conn| {
            for number in [1, 2] {
                tables::channel::insert(conn, &channel_row(number))?;
                tables::user::insert(conn, &person_row(number))?;
            }
            Ok::<_, StoreError>(())
        });
        add.await.unwrap();
        let on_change = Arc::new(|| {});
        Self {
            book: Book::new(store.clone(), clock.clone(), present.clone(), on_change),
            by: Arc::new(By {
                plans: Plans::new(present),
                messages_per_minute,
            }),
            store,
            clock,
            seen: 0,
            told: Vec::new(),
            _directory: directory,
        }
    }

    /// Adds a document, written as JSON.
    pub(super) async fn add<D: Document>(&self, text: &str) -> Kept<D> {
        let input = serde_json::from_str(text).unwrap();
        self.book
            .create(&allowed::<D::Write>(), input)
            .await
            .unwrap()
    }

    pub(super) async fn prefer(&self, number: u128, text: &str) {
        let wanted: NotificationPreferences = serde_json::from_str(text).unwrap();
        let put = self.store.change(&ACTOR, move |conn| {
            tables::notification_preference::put(conn, person(number), &wanted, NOW)
        });
        put.await.unwrap();
    }

    /// Changes the person of that number.
    pub(super) async fn change_person(
        &self,
        number: u128,
        change: impl FnOnce(&mut UserRow) + Send + 'static,
    ) {
        let write = self.store.change(&ACTOR, move |conn| {
            let mut row = tables::user::find(conn, person(number))?.unwrap();
            change(&mut row);
            tables::user::update(conn, &row)
        });
        write.await.unwrap();
    }

    /// Adds a route to the target of that kind and id.
    pub(super) async fn route_to(&self, kind: &str, id: impl std::fmt::Display, rest: &str) {
        let route = format!(r#"{{"name":"a","targets":[{{"kind":"{kind}","id":"{id}"}}]{rest}}}"#);
        self.add::<RouteInput>(&route).await;
    }

    /// Puts the server of all alerts into a group.
    pub(super) async fn in_group(&self, group: &str) {
        let row = ServerRow {
            group_name: Some(group.to_owned()),
            ..server_row()
        };
        let add = self
            .store
            .change(&ACTOR, move |conn| tables::server::insert(conn, &row));
        add.await.unwrap();
    }

    /// A step of an alert of that number, and what it is afterwards.
    pub(super) async fn step(&mut self, number: u128, change: AlertChange, severity: Severity) {
        let state = match change {
            AlertChange::Acknowledged => AlertState::Acknowledged,
            AlertChange::Resolved => AlertState::Resolved,
            AlertChange::Fired
            | AlertChange::Escalated
            | AlertChange::Deescalated
            | AlertChange::Commented
            | AlertChange::Assigned
            | AlertChange::Flapping
            | AlertChange::Calmed => AlertState::Firing,
        };
        let now = self.clock.now();
        let row = alert(number, severity, state, now);
        let write = move |conn: &mut Connection| {
            if tables::alert::find(conn, row.id.0)?.is_some() {
                tables::alert::update(conn, &row)?;
            } else {
                tables::alert::insert(conn, &row)?;
            }
            let step = NewStep {
                alert_id: row.id,
                at: Moment(now),
                change: Word(change),
                severity: Word(severity),
                value: None,
                message: String::new(),
                by_user: None,
                comment: None,
                assignee: None,
                held: false,
            };
            let seq = tables::alert_history::insert(conn, &step)?;
            let intent = NewIntent {
                seq,
                alert_id: row.id,
                due_at: Moment(now),
            };
            tables::intent::insert(conn, &intent)?;
            Ok::<_, StoreError>(seq)
        };
        let seq = self.store.change(&ACTOR, write).await.unwrap();
        let word = format!("{number} {} {}", change.as_str(), severity.as_str());
        self.told.push((seq, word));
    }

    /// Time passes.
    pub(super) fn pass(&self, seconds: u64) {
        self.clock.advance(Duration::from_secs(seconds));
    }

    /// Composes what is due; then "channel 1: 7 fired warning + …" for each delivery since the last
    /// call. The inboxes are channel 0.
    pub(super) async fn sent(&mut self) -> Vec<String> {
        let (by, now) = (Arc::clone(&self.by), self.clock.now());
        let composed = self
            .store
            .change(&ACTOR, move |conn| compose(conn, &by, now, 100));
        composed.await.unwrap();
        let seen = self.seen;
        let look = move |conn: &mut Connection| tables::delivery::sent_after(conn, seen);
        let sent = self.store.read(look).await.unwrap();
        self.seen = sent.last().map_or(seen, |(seq, ..)| *seq);
        let in_words = |(_, channel, intents): (i64, Option<ChannelId>, Vec<i64>)| {
            let told = intents.iter().map(|seq| {
                let known = self.told.iter().find(|(told, _)| told == seq);
                known.map_or("?", |(_, word)| word)
            });
            let told: Vec<_> = told.collect();
            let to = channel.map_or(0, |id| id.0.as_u128());
            format!("{to}: {}", told.join(" + "))
        };
        sent.into_iter().map(in_words).collect()
    }

    /// What went to channels, without the inboxes.
    pub(super) async fn sent_out(&mut self) -> Vec<String> {
        let mut sent = self.sent().await;
        sent.retain(|line| !line.starts_with("0:"));
        sent
    }

    /// The trace of an alert: "hold held A silence holds it back."
    pub(super) async fn trace(&self, number: u128) -> Vec<String> {
        let id = AlertId(Uuid::from_u128(number));
        let look = move |conn: &mut Connection| tables::intent_trace::of(conn, id);
        let rows = self.store.read(look).await.unwrap();
        let word = |value: serde_json::Value| value.as_str().unwrap().to_owned();
        let line = |row: tables::intent_trace::TraceRow| {
            let step = word(serde_json::to_value(row.step.0).unwrap());
            let outcome = word(serde_json::to_value(row.outcome.0).unwrap());
            format!("{step} {outcome} {}", row.reason)
        };
        rows.into_iter().map(line).collect()
    }
}

pub(super) fn allowed<P: Marker>() -> Allowed<P> {
    Allowed::for_test(Principal {
        user: person(1),
        credential: Credential::Session(SessionId(Uuid::from_u128(3))),
        role: Role::Admin,
        must_change_password: false,
        scope: Scope::All,
    })
}

fn alert(number: u128, severity: Severity, state: AlertState, now: UnixMs) -> AlertRow {
    let is_over = state == AlertState::Resolved;
    AlertRow {
        id: Blob(AlertId(Uuid::from_u128(number))),
        rule_id: Blob(RuleId(Uuid::from_u128(number))),
        rule_name: format!("rule {number}"),
        rule_version: 1,
        server_id: Blob(ServerId(Uuid::from_u128(1))),
        server_name: "web-1".to_owned(),
        metric: if number == 99 { "up" } else { "load" }.to_owned(),
        series_labels: Json(Labels::none()),
        labels: Json([("team".to_owned(), "a".to_owned())].into()),
        severity: Word(severity),
        state: Word(state),
        value: None,
        threshold: None,
        message: String::new(),
        started_at: Moment(NOW),
        acknowledged_at: None,
        acknowledged_by: None,
        resolved_at: is_over.then_some(Moment(now)),
        resolved_by: None,
        rule_state: "{}".to_owned(),
        holds_until: None,
        assignee: None,
        flapping: false,
    }
}

fn server_row() -> ServerRow {
    ServerRow {
        id: Blob(ServerId(Uuid::from_u128(1))),
        name: "web-1".to_owned(),
        kind: Word(ServerKind::Local),
        address: None,
        group_name: None,
        tags: Json(Vec::new()),
        interval_seconds: 1,
        enabled: true,
        monitoring: Word(Monitoring::Running),
        created_at: Moment(NOW),
        updated_at: Moment(NOW),
    }
}

pub(super) fn channel_row(number: u128) -> ChannelRow {
    ChannelRow {
        id: Blob(channel(number)),
        version: 1,
        name: format!("channel {number}"),
        kind: Word(ChannelKind::Webhook),
        config: Json(Map::new()),
        secrets: None,
        enabled: true,
        disabled_because: None,
        fallback_id: None,
        template_id: None,
        created_at: Moment(NOW),
        updated_at: Moment(NOW),
    }
}

fn person_row(number: u128) -> UserRow {
    UserRow {
        id: Blob(person(number)),
        version: 1,
        username: format!("person-{number}"),
        display_name: None,
        email: None,
        phone: None,
        time_zone: None,
        locale: None,
        role: Word(Role::Viewer),
        disabled: false,
        password_hash: None,
        must_change_password: false,
        created_at: Moment(NOW),
        updated_at: Moment(NOW),
        last_login_at: None,
        server_groups: Json(Vec::new()),
    }
}
