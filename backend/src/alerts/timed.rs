//! Evaluates the rules that do not follow samples, each in its turn, beside the engine; never changes an alert.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use common::ids::RuleId;
use common::time::UnixMs;
use futures_util::StreamExt;
use tokio::sync::{mpsc, watch};
use tokio::time::MissedTickBehavior;
use tokio_util::sync::CancellationToken;

use super::measure::{Evaluated, measure};
use super::rule_index::Active;
use super::timetable::Timetable;
use crate::clock::Clock;
use crate::query::Engine;
use crate::rules::{is_due, offset_ms};

/// How often it is looked whose turn it is.
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// So many rules are evaluated at once: one that takes long holds back few.
const AT_ONCE: usize = 2;
/// So many go to the engine together.
const TOGETHER: usize = 256;

/// Whose turn it is, and what they find.
pub(super) struct Timed {
    clock: Clock,
    query: Engine,
    timetable: watch::Receiver<Arc<Timetable>>,
    found: mpsc::Sender<Vec<Evaluated>>,
    last: HashMap<RuleId, UnixMs>,
}

impl Timed {
    /// Hands what it finds to `found`.
    pub(super) fn new(
        clock: Clock,
        query: Engine,
        timetable: watch::Receiver<Arc<Timetable>>,
        found: mpsc::Sender<Vec<Evaluated>>,
    ) -> Self {
        Self {
            clock,
            query,
            timetable,
            found,
            last: HashMap::new(),
        }
    }

    /// Until the process stops.
    pub(super) async fn run(mut self, token: CancellationToken) {
        let mut looks = tokio::time::interval(LOOK_EVERY);
        looks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                () = token.cancelled() => return,
                _ = looks.tick() => {}
            }
            tokio::select! {
                () = token.cancelled() => return,
                () = self.turn() => {}
            }
        }
    }

    /// Evaluates those whose turn it is.
    async fn turn(&mut self) {
        let timetable = Arc::clone(&self.timetable.borrow_and_update());
        let now = self.clock.now();
        let due = self.due(&timetable, now);
        let one = |active| evaluate(&self.query, &timetable, active, now);
        let mut evaluated = futures_util::stream::iter(due)
            .map(one)
            .buffer_unordered(AT_ONCE)
            .ready_chunks(TOGETHER);
        while let Some(found) = evaluated.next().await {
            if self.found.send(found).await.is_err() {
                return;
            }
        }
    }

    fn due(&mut self, timetable: &Timetable, now: UnixMs) -> Vec<Arc<Active>> {
        let rules = timetable.rules.iter();
        let due: Vec<Arc<Active>> = rules
            .filter(|active| {
                let interval = active.rule.input.interval_seconds;
                let offset = offset_ms(active.rule.id, interval);
                let last = self.last.get(&active.rule.id).copied();
                is_due(offset, interval, last, now)
            })
            .cloned()
            .collect();
        for active in &due {
            self.last.insert(active.rule.id, now);
        }
        if self.last.len() > 2 * timetable.rules.len() + TOGETHER {
            let known = timetable.rules.iter().map(|active| active.rule.id);
            let known: std::collections::HashSet<RuleId> = known.collect();
            self.last.retain(|id, _| known.contains(id));
        }
        due
    }
}

/// Evaluates one rule at a moment.
pub(super) async fn evaluate(
    query: &Engine,
    timetable: &Timetable,
    active: Arc<Active>,
    at: UnixMs,
) -> Evaluated {
    let (rule, version) = (active.rule.id, active.rule.version);
    let targets = timetable.targets(&active.rule.input);
    let work = query.work(move |reader| Ok(measure(reader, &active.rule.input, &targets, at)));
    let outcome = match work.await {
        Ok(measured) => measured.map_err(|error| error.to_string()),
        Err(error) => Err(error.to_string()),
    };
    Evaluated {
        rule,
        version,
        at,
        outcome,
    }
}
