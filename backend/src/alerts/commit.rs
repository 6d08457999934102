//! Writes changes of alerts, each in one transaction with its history and its intents; never decides them.

use common::alert::AlertChange;
use futures_util::future::join_all;

use super::batch::Change;
use super::memory::{Fingerprint, Series};
use super::steps::Write;
use crate::store::tables::alert::AlertRow;
use crate::store::tables::alert_history::NewStep;
use crate::store::tables::intent::NewIntent;
use crate::store::{Actor, Store, StoreError, tables};

/// At most so many changes wait for one commit.
const TOGETHER: usize = 256;

/// A change that is durable.
#[derive(Debug)]
pub(super) struct Committed {
    /// Which alert.
    pub(super) key: Fingerprint,
    /// What memory holds now.
    pub(super) after: Series,
    /// What has to be shown.
    pub(super) steps: Vec<DurableStep>,
}

/// A step of an alert that is written.
#[derive(Debug)]
pub(super) struct DurableStep {
    /// Grows with every step of every alert, also over restarts.
    pub(super) seq: u64,
    /// What happened.
    pub(super) change: AlertChange,
    /// The alert after it.
    pub(super) row: Box<AlertRow>,
}

/// Commits changes, each for itself: one that is refused stops no other. What was refused is
/// logged and left out.
pub(super) async fn each(store: &Store, actor: Actor, changes: Vec<Change>) -> Vec<Committed> {
    let mut committed = Vec::with_capacity(changes.len());
    let mut changes = changes.into_iter().peekable();
    while changes.peek().is_some() {
        let together = changes.by_ref().take(TOGETHER);
        let outcomes = join_all(together.map(|change| one(store, actor, change))).await;
        for outcome in outcomes {
            match outcome {
                Ok(one) => committed.push(one),
                Err(error) => tracing::error!(%error, "a change of an alert was not stored"),
            }
        }
    }
    committed
}

/// Commits one change; nothing of it is stored when it fails.
pub(super) async fn one(
    store: &Store,
    actor: Actor,
    change: Change,
) -> Result<Committed, StoreError> {
    let Change { key, after, writes } = change;
    let steps = written(store, actor, writes).await?;
    Ok(Committed { key, after, steps })
}

/// Writes rows in one transaction; what has to be shown once that is durable.
pub(super) async fn written(
    store: &Store,
    actor: Actor,
    writes: Vec<Write>,
) -> Result<Vec<DurableStep>, StoreError> {
    if writes.is_empty() {
        return Ok(Vec::new());
    }
    let change = store.change(&actor, move |conn| {
        let (mut steps, mut step_of) = (Vec::new(), None);
        for write in writes {
            match write {
                Write::Insert(row) => tables::alert::insert(conn, &row)?,
                Write::Update(row) => tables::alert::update(conn, &row)?,
                Write::Delete(id) => tables::alert::delete(conn, id)?,
                Write::Tell(step, row) => {
                    let seq = tables::alert_history::insert(conn, &step)?;
                    if step.change.0.is_told() && !step.held {
                        tables::intent::insert(conn, &intent(seq, &step))?;
                    }
                    steps.push(DurableStep {
                        seq: seq.unsigned_abs(),
                        change: step.change.0,
                        row,
                    });
                    step_of = Some(seq);
                }
                Write::Keep(id, body) => tables::alert_snapshot::insert(conn, id, &body)?,
                Write::Decide(mut decision, rule) => {
                    decision.seq = step_of.take();
                    tables::decision::insert(conn, &decision, &rule)?;
                }
            }
        }
        Ok::<_, StoreError>(steps)
    });
    change.await
}

fn intent(seq: i64, step: &NewStep) -> NewIntent {
    NewIntent {
        seq,
        alert_id: step.alert_id,
        due_at: step.at,
    }
}
