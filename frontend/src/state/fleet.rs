//! Every server with its newest state; a sample touches one row. Never whole samples.

use std::collections::HashMap;
use std::num::NonZeroU32;

use common::api::metrics::{Aggregation, MetricQueries, MetricQuery};
use common::api::status::RealtimeStatus;
use common::ids::ServerId;
use common::live::{ServerMessage, Topic};
use common::series::matcher::Matchers;
use common::time::UnixMs;
use leptos::prelude::*;

use super::load::Loaded;
use super::ring::Ring;
use super::session::use_session;
use crate::api::{Api, ApiError, metrics, status};
use crate::browser;
use crate::components::status::Condition;
use crate::live::use_live;
use crate::reactive::{effect, spawn};

/// Servers report once a second unless they are set otherwise.
const INTERVAL_MS: i64 = 1_000;
/// What a line shows, and a little more.
const LINE_MS: i64 = 65_000;

/// What is known of one server, a signal each.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FleetRow {
    /// The server.
    pub id: ServerId,
    /// Its newest state.
    pub status: RwSignal<RealtimeStatus>,
    /// Busy share of its processors over the last minute.
    pub cpu: RwSignal<Ring>,
    /// Bytes received and sent each second over the last minute.
    pub network: RwSignal<Ring>,
}

impl FleetRow {
    fn new(status: &RealtimeStatus) -> Self {
        let row = Self {
            id: status.server_id,
            status: RwSignal::new(status.clone()),
            cpu: RwSignal::new(Ring::default()),
            network: RwSignal::new(Ring::default()),
        };
        row.extend(status);
        row
    }

    fn take(self, status: &RealtimeStatus) {
        self.extend(status);
        if self.status.with_untracked(|known| known != status) {
            self.status.set(status.clone());
        }
    }

    fn extend(self, status: &RealtimeStatus) {
        let Some(at) = status.last_seen_at else {
            return;
        };
        for (ring, reading) in [
            (self.cpu, status.cpu_percent),
            (self.network, network_bytes_per_second(status)),
        ] {
            // A state that is not newer changes nothing and wakes nobody.
            ring.maybe_update(|ring| ring.push(at, INTERVAL_MS, reading));
        }
    }

    /// The server's condition.
    pub fn condition(self) -> Condition {
        self.status
            .with(|status| Condition::of(status.status, status.alerts))
    }
}

/// Bytes received and sent each second; `None` when neither is known.
pub fn network_bytes_per_second(status: &RealtimeStatus) -> Option<f64> {
    [
        status.network_received_bytes_per_second,
        status.network_sent_bytes_per_second,
    ]
    .into_iter()
    .flatten()
    .reduce(|sum, part| sum + part)
}

/// All servers.
#[derive(Clone, Copy)]
pub struct Fleet {
    rows: StoredValue<HashMap<ServerId, FleetRow>>,
    order: RwSignal<Vec<ServerId>>,
    state: RwSignal<Loaded<()>>,
    as_of: RwSignal<Option<UnixMs>>,
    /// Rows made later belong to it too.
    owner: StoredValue<Option<Owner>>,
    api: Api,
}

impl Fleet {
    /// Makes it known to all components below, and keeps it up to date.
    pub fn provide() {
        let fleet = Self {
            rows: StoredValue::new(HashMap::new()),
            order: RwSignal::new(Vec::new()),
            state: RwSignal::new(Loaded::Loading),
            as_of: RwSignal::new(None),
            owner: StoredValue::new(Owner::current()),
            api: use_session().api(),
        };
        provide_context(fleet);
        use_live().watch(Topic::Fleet, move |message| {
            if let ServerMessage::Fleet { at, items, .. } = message {
                fleet.replace(items);
                fleet.as_of.set(Some(*at));
            }
        });
        fleet.read_again();
        // At the start, and after each loss of the connection.
        let resumed = use_live().resumed();
        effect(move || {
            resumed.track();
            if fleet.order.with(|order| !order.is_empty()) {
                spawn(fleet.fill_lines());
            }
        });
    }

    /// Whether the servers are known.
    pub fn state(self) -> ReadSignal<Loaded<()>> {
        self.state.read_only()
    }

    /// When the server put the newest state together; `None` before the first live message.
    pub fn as_of(self) -> ReadSignal<Option<UnixMs>> {
        self.as_of.read_only()
    }

    /// Which servers there are, by name.
    pub fn order(self) -> ReadSignal<Vec<ServerId>> {
        self.order.read_only()
    }

    /// The row of one server; `None` when there is none.
    pub fn row(self, id: ServerId) -> Option<FleetRow> {
        self.rows.with_value(|rows| rows.get(&id).copied())
    }

    /// All rows, by name; whoever asks is told when one comes or goes.
    pub fn rows(self) -> Vec<FleetRow> {
        let order = self.order.get();
        order.into_iter().filter_map(|id| self.row(id)).collect()
    }

    /// Reads the servers from the API: the live topic is faster, but may not be there.
    pub fn read_again(self) {
        if self
            .state
            .with_untracked(|state| matches!(state, Loaded::Failed(_)))
        {
            self.state.set(Loaded::Loading);
        }
        spawn(async move {
            self.take_answer(status::realtime(self.api).await);
        });
    }

    /// Fills the last minute of the processors' lines from the stored samples.
    async fn fill_lines(self) {
        let query = MetricQuery {
            server: None,
            metric: "host_cpu_usage_percent".into(),
            labels: Matchers::default(),
            from: browser::now().plus_ms(-LINE_MS),
            to: None,
            step: NonZeroU32::new(1),
            agg: Aggregation::default(),
            width: None,
            sum: false,
        };
        // Without an answer the lines grow with the live samples.
        let Ok(answer) = metrics::query(
            self.api,
            &MetricQueries {
                queries: vec![query],
            },
        )
        .await
        else {
            return;
        };
        for series in answer.results.iter().flat_map(|result| &result.series) {
            if let Some(row) = self
                .rows
                .try_with_value(|rows| rows.get(&series.server_id).copied())
                .flatten()
            {
                row.cpu
                    .try_update(|ring| ring.fill(INTERVAL_MS, &series.points));
            }
        }
    }

    fn take_answer(self, answer: Result<Vec<RealtimeStatus>, ApiError>) {
        match answer {
            // What came live meanwhile is newer.
            Ok(items) if self.as_of.try_get_untracked() == Some(None) => self.replace(&items),
            Ok(_) => {}
            Err(error) => {
                self.state
                    .try_update(|state| *state = state.clone().after(Err(error)));
            }
        }
    }

    fn replace(self, items: &[RealtimeStatus]) {
        for item in items {
            match self.row(item.server_id) {
                Some(row) => row.take(item),
                None => self.add(item),
            }
        }
        self.rows.update_value(|rows| {
            rows.retain(|id, _| items.iter().any(|item| item.server_id == *id));
        });
        let order: Vec<ServerId> = items.iter().map(|item| item.server_id).collect();
        if self.order.with_untracked(|known| *known != order) {
            self.order.set(order);
        }
        if self
            .state
            .with_untracked(|state| *state != Loaded::Ready(()))
        {
            self.state.set(Loaded::Ready(()));
        }
    }

    fn add(self, item: &RealtimeStatus) {
        let make = || FleetRow::new(item);
        let row = match self.owner.get_value() {
            Some(owner) => owner.with(make),
            None => make(),
        };
        self.rows.update_value(|rows| {
            rows.insert(row.id, row);
        });
    }
}

/// All servers.
pub fn use_fleet() -> Fleet {
    expect_context()
}
