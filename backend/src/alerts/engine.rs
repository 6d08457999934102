//! The engine: samples, silence and acts in, committed changes out; never two at a time.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use common::alert::AlertState;
use common::api::alerts::{EngineState, EngineStatus};
use common::ids::{RuleId, ServerId};
use common::time::UnixMs;
use tokio::sync::watch;

use super::batch::{Batch, Change};
use super::changed::OnChange;
use super::commit::{self, Committed, DurableStep};
use super::evaluations::Evaluations;
use super::held::{HoldersShown, OnHolding};
use super::memory::Memory;
use super::noise::{Plan, Present};
use super::rule_index::RuleIndex;
use super::snapshot::{self, Witness};
use super::steady::Steady;
use super::steps;
use super::timetable::Timetable;
use super::watched::Servers;
use super::{reconcile, restore};
use crate::clock::Clock;
use crate::ingest::{FiringCounts, Stored};
use crate::rules::LATE_MS;
use crate::store::{Actor, Store, StoreError, tables};

/// Who the engine is in the database.
pub(super) const ENGINE: Actor = Actor::System("alerts");

/// Every so many ticks the waits that changed no alert are written down.
const FLUSH_TICKS: u32 = 5;

/// What the engine tells others about itself.
#[derive(Clone)]
pub(super) struct Outside {
    /// Firing alerts by server.
    pub(super) firing: FiringCounts,
    /// How the engine is.
    pub(super) status: Arc<Mutex<EngineStatus>>,
    /// How the evaluation of each rule goes.
    pub(super) evaluations: Evaluations,
    /// What is evaluated on intervals.
    pub(super) timetable: watch::Sender<Arc<Timetable>>,
    /// What holds alerts back: what is silenced does not count against a server.
    pub(super) present: Present,
    /// Others hold alerts back than before.
    pub(super) on_holding: OnHolding,
}

/// The one that changes alerts.
pub(super) struct Engine {
    pub(super) store: Store,
    pub(super) clock: Clock,
    pub(super) memory: Memory,
    pub(super) rules: RuleIndex,
    pub(super) servers: Servers,
    /// When a metric that an absence rule waits for last came from a server; monotonic.
    pub(super) metric_heard: HashMap<(RuleId, ServerId), Duration>,
    /// What holds alerts back, as it was at the last tick or commit.
    pub(super) plan: Arc<Plan>,
    pub(super) holders: HoldersShown,
    pub(super) on_change: OnChange,
    witness: Witness,
    pub(super) outside: Outside,
    pub(super) steady: Steady,
    ticks: u32,
}

impl Engine {
    /// Reads what an earlier run knew and brings it up to date with rules and servers.
    pub(super) async fn restore(
        store: Store,
        clock: Clock,
        outside: Outside,
        on_change: OnChange,
        witness: Witness,
    ) -> Result<Self, StoreError> {
        restore::seed(&store, clock.now()).await?;
        let memory = restore::memory(&store, clock.now()).await?;
        let mut engine = Self {
            steady: Steady::of(&clock),
            store,
            clock,
            memory,
            rules: RuleIndex::default(),
            servers: Servers::default(),
            metric_heard: HashMap::new(),
            plan: Arc::default(),
            holders: HoldersShown::default(),
            on_change,
            witness,
            outside,
            ticks: 0,
        };
        engine.reload().await?;
        Ok(engine)
    }

    /// Reads rules and servers anew and ends the alerts that they no longer ask for.
    pub(super) async fn reload(&mut self) -> Result<(), StoreError> {
        self.rules = RuleIndex::read(&self.store).await?;
        let now = self.clock.monotonic();
        self.servers.reload(&self.store, now).await?;
        let batch = reconcile::plan(&self.memory, &self.rules, &self.servers, self.clock.now());
        self.commit(batch).await;
        self.outside
            .evaluations
            .keep(|id| self.rules.get(id).is_some());
        let timetable = Timetable::of(&self.rules, &self.servers);
        self.outside.timetable.send_replace(Arc::new(timetable));
        let rules = &self.rules;
        self.memory
            .0
            .retain(|key, series| series.open.is_some() || rules.get(key.rule).is_some());
        self.tell_outside(EngineState::Running);
        Ok(())
    }

    /// Goes by the rules and servers as they are now, or by those it knows when they cannot be read.
    pub(super) async fn reload_or_log(&mut self) {
        if let Err(error) = self.reload().await {
            tracing::error!(%error, "rules and servers could not be read");
            self.tell_outside(EngineState::Failing);
        }
    }

    /// Evaluates stored values in their order.
    pub(super) async fn observe(&mut self, samples: &[Stored]) {
        self.follow_clock();
        let mut batch = Batch::default();
        for sample in samples {
            if self.clock.now().since_ms(sample.at) > LATE_MS {
                continue;
            }
            if !self.servers.knows(sample.server) {
                let now = self.clock.monotonic();
                if let Err(error) = self.servers.reload(&self.store, now).await {
                    tracing::error!(%error, "the servers could not be read");
                }
            }
            self.hear(sample);
            self.weigh_sample(&mut batch, sample);
        }
        self.commit(batch).await;
    }

    /// Looks for silence, and now and then writes down what only memory knows.
    pub(super) async fn tick(&mut self) {
        self.follow_clock();
        let mut batch = Batch::default();
        for active in self.rules.absences() {
            for server in self.servers.all_active() {
                self.weigh_silence(&mut batch, active, server);
            }
        }
        self.commit(batch).await;
        self.look_at_plan().await;
        self.ticks = self.ticks.wrapping_add(1);
        if self.ticks.is_multiple_of(FLUSH_TICKS) {
            self.flush().await;
        }
    }

    /// Commits changes, then lets memory, readers and watchers know.
    pub(super) async fn commit(&mut self, batch: Batch) {
        let changes = batch.into_changes();
        let wanted = changes.len();
        let (mut writing, silent): (Vec<_>, Vec<_>) = changes
            .into_iter()
            .partition(|change| !change.writes.is_empty());
        for Change { key, after, .. } in silent {
            self.memory.0.insert(key, after);
        }
        if writing.is_empty() {
            return;
        }
        snapshot::add_to(&mut writing, &self.witness, &self.outside.firing);
        let refused = writing.len();
        let committed = commit::each(&self.store, ENGINE, writing).await;
        let refused = refused - committed.len();
        if refused > 0 {
            tracing::warn!(
                refused,
                wanted,
                "alerts stay as they were until the next sample"
            );
        }
        self.follow_plan().await;
        let mut steps = Vec::new();
        for one in committed {
            steps.extend(self.install(one));
        }
        self.show(steps);
        self.tell_outside(if refused > 0 {
            EngineState::Failing
        } else {
            EngineState::Running
        });
    }

    /// Takes a committed change into memory; what has to be shown of it.
    pub(super) fn install(&mut self, committed: Committed) -> Vec<DurableStep> {
        self.memory.0.insert(committed.key, committed.after);
        committed.steps
    }

    /// Shows and counts anew what silences leave out: they begin and end without a step of an alert.
    async fn look_at_plan(&mut self) {
        let was_empty = self.plan.is_empty();
        self.follow_plan().await;
        self.show_holders();
        if !(was_empty && self.plan.is_empty()) {
            self.tell_outside(self.state());
        }
    }

    /// Tells the counts and the state of the engine to those who read them.
    pub(super) fn tell_outside(&self, state: EngineState) {
        let now = self.clock.now();
        let counts = self.memory.firing_counts(|row| {
            self.plan.is_empty() || !self.plan.is_silenced(&self.subject(row), now)
        });
        self.outside.firing.replace(counts);
        let is_pending = |state: AlertState| state == AlertState::Pending;
        let open = self.memory.open().map(|(_, _, row)| row.state.0);
        let (pending, firing): (Vec<_>, Vec<_>) = open.partition(|state| is_pending(*state));
        let count = |of: usize| u32::try_from(of).unwrap_or(u32::MAX);
        let status = EngineStatus {
            status: state,
            active_rules: count(self.rules.len()),
            pending: count(pending.len()),
            firing: count(firing.len()),
        };
        let outside = self.outside.status.lock();
        *outside.unwrap_or_else(PoisonError::into_inner) = status;
    }

    /// The cooldown of the rule; 0 when it is gone.
    pub(super) fn cooldown_seconds(&self, rule: RuleId) -> u32 {
        let active = self.rules.get(rule);
        active.map_or(0, |active| active.rule.input.cooldown_seconds)
    }

    /// Writes down states that changed without a step of an alert, and forgets what says nothing.
    pub(super) async fn flush(&mut self) {
        let dirty: Vec<_> = self
            .memory
            .0
            .iter()
            .filter(|(_, series)| series.is_dirty)
            .filter_map(|(key, series)| {
                let holds = series.state.holds_until(self.cooldown_seconds(key.rule));
                let holds = holds.filter(|_| series.open.is_none());
                Some((series.row()?, steps::written(&series.state), holds))
            })
            .collect();
        let stored = if dirty.is_empty() {
            Ok(())
        } else {
            let write = self.store.change(&ENGINE, move |conn| {
                for (id, state, holds_until) in dirty {
                    tables::alert::set_rule_state(conn, id, &state, holds_until)?;
                }
                Ok::<_, StoreError>(())
            });
            write.await
        };
        if let Err(error) = stored {
            tracing::error!(%error, "waits of rules were not stored");
            return;
        }
        for series in self.memory.0.values_mut() {
            series.is_dirty = false;
        }
        self.forget();
    }

    fn forget(&mut self) {
        let now = self.clock.now();
        let rules = &self.rules;
        self.memory.0.retain(|key, series| {
            let cooldown = rules.get(key.rule);
            let cooldown = cooldown.map_or(0, |active| active.rule.input.cooldown_seconds);
            !series.is_forgettable(cooldown, now)
        });
    }

    /// The time, as acts and their rows take it.
    pub(super) fn now(&self) -> UnixMs {
        self.clock.now()
    }

    /// How the engine last said that it is.
    pub(super) fn state(&self) -> EngineState {
        let outside = self.outside.status.lock();
        outside.unwrap_or_else(PoisonError::into_inner).status
    }
}
