//! What holds alerts back as it stands, compiled once; never older than the last change that was answered.
//!
//! There are two copies. Changes are written by one thread: the copy of that thread is read anew
//! when a change came before, in the same group even. The readers' copy is read anew once a change
//! is committed.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use common::alert::{InhibitionInput, SilenceInput, WindowInput};
use common::ids::{SilenceId, WindowId};
use common::time::UnixMs;
use serde::de::DeserializeOwned;
use uuid::Uuid;

use super::document::Document;
use super::plan::Plan;
use crate::auth::Scope;
use crate::store::tables::alerting_document::{self, DocumentRow};
use crate::store::{Connection, Store, StoreError};

/// The plan as it stands. Clones share it.
#[derive(Debug, Clone, Default)]
pub struct Present(Arc<Inner>);

#[derive(Debug, Default)]
struct Inner {
    changes: AtomicU64,
    written: Mutex<Option<Copy>>,
    read: Mutex<Option<Copy>>,
}

/// A plan and how many changes it has seen.
#[derive(Debug, Clone)]
struct Copy {
    changes: u64,
    plan: Arc<Plan>,
}

impl Present {
    /// Something was changed. Called in the change itself and again after its commit.
    pub fn changed(&self) {
        self.0.changes.fetch_add(1, Ordering::SeqCst);
    }

    /// How many changes there were: what was read before the last one is old.
    pub fn changes(&self) -> u64 {
        self.0.changes.load(Ordering::SeqCst)
    }

    /// The plan, for work on the writing thread.
    pub fn when_writing(
        &self,
        conn: &mut Connection,
        now: UnixMs,
    ) -> Result<Arc<Plan>, StoreError> {
        let changes = self.0.changes.load(Ordering::SeqCst);
        kept(&self.0.written, changes, || read(conn, now))
    }

    /// The plan, for who only looks.
    pub async fn when_reading(&self, store: &Store, now: UnixMs) -> Result<Arc<Plan>, StoreError> {
        // Counted before the snapshot is taken: it may be newer than that, never older.
        let changes = self.0.changes.load(Ordering::SeqCst);
        let inner = Arc::clone(&self.0);
        if let Some(plan) = known(&inner.read, changes) {
            return Ok(plan);
        }
        let look = move |conn: &mut Connection| kept(&inner.read, changes, || read(conn, now));
        store.read(look).await
    }
}

/// The copy, when it has seen that many changes.
fn known(copy: &Mutex<Option<Copy>>, changes: u64) -> Option<Arc<Plan>> {
    let copy = copy.lock().unwrap_or_else(PoisonError::into_inner);
    let known = copy.as_ref().filter(|known| known.changes >= changes)?;
    Some(Arc::clone(&known.plan))
}

fn kept(
    copy: &Mutex<Option<Copy>>,
    changes: u64,
    read: impl FnOnce() -> Result<Plan, StoreError>,
) -> Result<Arc<Plan>, StoreError> {
    if let Some(plan) = known(copy, changes) {
        return Ok(plan);
    }
    let plan = Arc::new(read()?);
    let mut copy = copy.lock().unwrap_or_else(PoisonError::into_inner);
    *copy = Some(Copy {
        changes,
        plan: Arc::clone(&plan),
    });
    Ok(plan)
}

fn read(conn: &mut Connection, now: UnixMs) -> Result<Plan, StoreError> {
    let mut plan = Plan::default();
    for row in alerting_document::current(conn, SilenceInput::KIND, now)? {
        plan.add_silence(SilenceId(row.id.0), &definition(&row)?, scope(&row));
    }
    for row in alerting_document::current(conn, WindowInput::KIND, now)? {
        plan.add_window(WindowId(row.id.0), &definition(&row)?, scope(&row));
    }
    for (_, inhibition) in documents::<InhibitionInput>(conn, now)? {
        plan.add_inhibition(&inhibition);
    }
    Ok(plan)
}

fn scope(row: &DocumentRow) -> Scope {
    Scope::of(&row.server_groups.0)
}

/// All documents of a kind that still say something, the oldest first.
pub fn documents<D: Document>(
    conn: &mut Connection,
    now: UnixMs,
) -> Result<Vec<(Uuid, D)>, StoreError> {
    let rows = alerting_document::current(conn, D::KIND, now)?;
    let typed = |row: &DocumentRow| Ok((row.id.0, definition(row)?));
    rows.iter().map(typed).collect()
}

/// What a person wrote.
pub(super) fn definition<T: DeserializeOwned>(row: &DocumentRow) -> Result<T, StoreError> {
    serde_json::from_str(&row.definition).map_err(|_| StoreError::Corrupt {
        what: "document of alerting",
    })
}
