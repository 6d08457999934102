//! Starts the engine and runs it: one task, stopped and joined like the others; never what it decides.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use common::api::alerts::{EngineState, EngineStatus};
use tokio::sync::{Notify, mpsc, watch};
use tokio::time::MissedTickBehavior;
use tokio_util::sync::CancellationToken;

use super::action::Command;
use super::changed::OnChange;
use super::engine::{Engine, Outside};
use super::evaluations::Evaluations;
use super::handle::Alerts;
use super::held::OnHolding;
use super::measure::Evaluated;
use super::noise::{Holders, Present};
use super::snapshot::Witness;
use super::timed::Timed;
use crate::clock::Clock;
use crate::ingest::{FiringCounts, Stored};
use crate::query;
use crate::store::{Store, StoreError};
use crate::tasks::Tasks;

/// At most so many samples are evaluated for one commit.
const SAMPLES_TOGETHER: usize = 256;
/// At most so many turns of rules that do not follow samples wait.
const TURNS_WAITING: usize = 4;
/// At most so many acts wait.
const COMMANDS_WAITING: usize = 64;

/// What the engine works with.
pub struct Parts {
    /// Where rules and alerts are kept.
    pub store: Store,
    /// The time.
    pub clock: Clock,
    /// What holds alerts back.
    pub present: Present,
    /// Where the engine's task runs.
    pub tasks: Tasks,
    /// Is told how many alerts fire on each server.
    pub firing: FiringCounts,
    /// Is told each committed step.
    pub on_change: OnChange,
    /// Is told when others hold alerts back than before.
    pub on_holding: OnHolding,
    /// Knows what each server sent last, and what that costs in its score.
    pub witness: Witness,
    /// Samples that are stored.
    pub samples: mpsc::Receiver<Stored>,
    /// Pushed values that are stored, a push at a time.
    pub pushed: mpsc::Receiver<Vec<Stored>>,
    /// Says that servers are not what they were.
    pub servers_changed: Arc<Notify>,
    /// How often it looks for servers that are silent.
    pub look_every: Duration,
    /// Where rules that do not follow samples look.
    pub query: query::Engine,
}

/// Restores what the last run knew and starts the engine.
pub async fn start(parts: Parts) -> Result<Alerts, StoreError> {
    let status = Arc::new(Mutex::new(EngineStatus {
        status: EngineState::Running,
        active_rules: 0,
        pending: 0,
        firing: 0,
    }));
    let (timetable, changes) = watch::channel(Arc::default());
    let evaluations = Evaluations::default();
    let outside = Outside {
        firing: parts.firing,
        status: Arc::clone(&status),
        evaluations: evaluations.clone(),
        timetable,
        present: parts.present.clone(),
        on_holding: parts.on_holding,
    };
    let holders = Holders::new(parts.store.clone(), parts.clock.clone(), parts.present);
    let (commands, received) = mpsc::channel(COMMANDS_WAITING);
    let store = parts.store.clone();
    let (on_change, witness) = (parts.on_change, parts.witness);
    let clock = parts.clock.clone();
    let mut engine = Engine::restore(parts.store, parts.clock, outside, on_change, witness).await?;
    engine.catch_up(&parts.query).await;
    let (found, evaluated) = mpsc::channel(TURNS_WAITING);
    let timed = Timed::new(clock, parts.query, changes, found);
    let token = parts.tasks.token();
    parts.tasks.spawn("timed rules", timed.run(token));
    let inputs = Inputs {
        samples: parts.samples,
        pushed: parts.pushed,
        commands: received,
        evaluated,
        servers_changed: parts.servers_changed,
        look_every: parts.look_every,
        token: parts.tasks.token(),
    };
    parts.tasks.spawn("rule engine", run(engine, inputs));
    Ok(Alerts::new(store, holders, commands, status, evaluations))
}

struct Inputs {
    samples: mpsc::Receiver<Stored>,
    pushed: mpsc::Receiver<Vec<Stored>>,
    commands: mpsc::Receiver<Command>,
    evaluated: mpsc::Receiver<Vec<Evaluated>>,
    servers_changed: Arc<Notify>,
    look_every: Duration,
    token: CancellationToken,
}

/// Until the process stops; then what has come is still evaluated.
async fn run(mut engine: Engine, mut inputs: Inputs) {
    let mut ticks = tokio::time::interval(inputs.look_every);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut waiting = Vec::new();
    let mut samples_come = true;
    loop {
        tokio::select! {
            () = inputs.token.cancelled() => break,
            Some(command) = inputs.commands.recv() => engine.obey(command).await,
            () = inputs.servers_changed.notified() => engine.reload_or_log().await,
            count = inputs.samples.recv_many(&mut waiting, SAMPLES_TOGETHER), if samples_come => {
                samples_come = count > 0;
                engine.observe(&waiting).await;
                waiting.clear();
            }
            Some(pushed) = inputs.pushed.recv() => engine.observe(&pushed).await,
            Some(evaluated) = inputs.evaluated.recv() => engine.conclude(&evaluated).await,
            _ = ticks.tick() => {
                // A sample that waits is no silence.
                drain(&mut engine, &mut inputs).await;
                engine.tick().await;
            }
        }
    }
    drain(&mut engine, &mut inputs).await;
    engine.flush().await;
}

async fn drain(engine: &mut Engine, inputs: &mut Inputs) {
    for _ in 0..inputs.pushed.len() {
        if let Ok(pushed) = inputs.pushed.try_recv() {
            engine.observe(&pushed).await;
        }
    }
    let mut waiting = Vec::new();
    while let Ok(sample) = inputs.samples.try_recv() {
        waiting.push(sample);
        if waiting.len() == SAMPLES_TOGETHER {
            break;
        }
    }
    engine.observe(&waiting).await;
}
