//! The book that people write about who is told and who is not; never what follows from it.

use std::sync::Arc;

use common::ids::UserId;
use common::problem::FieldError;
use common::time::UnixMs;
use common::version::{Seen, Version};
use uuid::Uuid;

use super::document::Document;
use super::present::{Present, definition};
use crate::auth::{Allowed, Scope};
use crate::clock::Clock;
use crate::store::tables::alerting_document::{self, DocumentRow};
use crate::store::tables::{Blob, Json, Moment, Word, escalation, intent, notice};
use crate::store::{Actor, Connection, Store, StoreError};

/// Most documents of a kind that still say something: all are compiled and kept.
const MOST: i64 = 1_000;

/// Why a document was not found or not changed.
#[derive(Debug, thiserror::Error)]
pub enum BookError {
    /// There is none.
    #[error("there is no such {0}")]
    NotFound(&'static str),
    /// Fields cannot stand.
    #[error("{} fields are not valid", .0.len())]
    Invalid(Vec<FieldError>),
    /// It was changed since the caller read it.
    #[error("it was changed in the meantime")]
    Changed,
    /// It is, or would be, about servers that the person does not see.
    #[error("the {0} is about servers that are not seen")]
    OutOfScope(&'static str),
    /// It could not be read or written.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// A document as it is kept.
#[derive(Debug, Clone, PartialEq)]
pub struct Kept<D> {
    /// The same for ever.
    pub id: Uuid,
    /// Counts its changes, from 1.
    pub version: u32,
    /// Who made it; `None` when the server did.
    pub created_by: Option<UserId>,
    /// When it was made.
    pub created_at: UnixMs,
    /// When it was last changed.
    pub updated_at: UnixMs,
    /// Of which servers it goes: those that were seen by who wrote it last.
    pub scope: Scope,
    /// What a person wrote.
    pub input: D,
}

/// Is told that something changed. It must not wait.
pub type OnChange = Arc<dyn Fn() + Send + Sync>;

/// The book. A change is answered once it is durable and goes for every message that follows.
#[derive(Clone)]
pub struct Book {
    store: Store,
    clock: Clock,
    present: Present,
    on_change: OnChange,
}

impl std::fmt::Debug for Book {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Book").finish_non_exhaustive()
    }
}

impl Book {
    /// The book whose changes go into `present` and are told to `on_change`.
    pub fn new(store: Store, clock: Clock, present: Present, on_change: OnChange) -> Self {
        Self {
            store,
            clock,
            present,
            on_change,
        }
    }

    /// Where its documents are kept.
    pub fn store(&self) -> &Store {
        &self.store
    }

    /// The time by which its documents hold.
    pub fn now(&self) -> UnixMs {
        self.clock.now()
    }

    /// Up to `limit` documents that are seen, the youngest first, those older than `before`.
    pub async fn page<D: Document>(
        &self,
        may: &Allowed<D::Read>,
        before: Option<Uuid>,
        limit: usize,
    ) -> Result<Vec<Kept<D>>, BookError> {
        let scope = may.scope().clone();
        let look = move |conn: &mut Connection| seen_page(conn, &scope, before, limit);
        Ok(self.store.read(look).await?)
    }

    /// The document with that id.
    pub async fn get<D: Document>(
        &self,
        may: &Allowed<D::Read>,
        id: Uuid,
    ) -> Result<Kept<D>, BookError> {
        let scope = may.scope().clone();
        let look = move |conn: &mut Connection| {
            let Some(row) = alerting_document::find(conn, D::KIND, id)? else {
                return Ok(None);
            };
            let one: Kept<D> = kept(&row)?;
            let is_seen = is_seen(conn, &scope, &one.input)?;
            Ok::<_, StoreError>(is_seen.then_some(one))
        };
        let found = self.store.read(look).await?;
        found.ok_or(BookError::NotFound(D::NAME))
    }

    /// Adds a document.
    pub async fn create<D: Document>(
        &self,
        may: &Allowed<D::Write>,
        mut input: D,
    ) -> Result<Kept<D>, BookError> {
        let now = self.clock.now();
        input.complete(None, now);
        let made = Kept {
            id: Uuid::now_v7(),
            version: 1,
            created_by: Some(may.user_id()),
            created_at: now,
            updated_at: now,
            scope: may.scope().clone(),
            input,
        };
        self.write(&may.actor(), now, move |conn| {
            refuse(made.input.check(conn, None, now)?)?;
            must_hold(conn, &made.scope, &made.input)?;
            if alerting_document::count(conn, D::KIND, now)? >= MOST {
                let message = "there are 1,000 already: remove or end some";
                return Err(BookError::Invalid(vec![FieldError::new("", message)]));
            }
            alerting_document::insert(conn, &row(&made)?)?;
            Ok(made)
        })
        .await
    }

    /// Replaces a document that the caller saw as `seen`; one that is already so stays untouched.
    pub async fn replace<D: Document>(
        &self,
        may: &Allowed<D::Write>,
        id: Uuid,
        input: D,
        seen: Seen,
    ) -> Result<Kept<D>, BookError> {
        let (now, scope) = (self.clock.now(), may.scope().clone());
        self.write(&may.actor(), now, move |conn| {
            let mut input = input;
            let mut before = seen_as::<D>(conn, &scope, id, &seen)?;
            input.complete(Some(&before.input), now);
            refuse(input.check(conn, Some(&before.input), now)?)?;
            must_hold(conn, &scope, &input)?;
            before.scope = scope;
            update(conn, before, input, now)
        })
        .await
    }

    /// Changes a document as the server does it by itself, without a check: what `change` makes of it.
    pub async fn amend<D: Document>(
        &self,
        may: &Allowed<D::Write>,
        id: Uuid,
        change: impl FnOnce(D, UnixMs) -> D + Send + 'static,
    ) -> Result<Kept<D>, BookError> {
        let (now, scope) = (self.clock.now(), may.scope().clone());
        self.write(&may.actor(), now, move |conn| {
            let before = seen_as::<D>(conn, &scope, id, &Seen::Any)?;
            let input = change(before.input.clone(), now);
            update(conn, before, input, now)
        })
        .await
    }

    /// Removes a document that the caller saw as `seen`.
    pub async fn delete<D: Document>(
        &self,
        may: &Allowed<D::Write>,
        id: Uuid,
        seen: Seen,
    ) -> Result<(), BookError> {
        let (now, scope) = (self.clock.now(), may.scope().clone());
        self.write(&may.actor(), now, move |conn| {
            seen_as::<D>(conn, &scope, id, &seen)?;
            Ok(alerting_document::delete(conn, id)?)
        })
        .await
    }

    /// Writes, and lets all that is held back be looked at again.
    async fn write<T: Send + 'static>(
        &self,
        actor: &Actor,
        now: UnixMs,
        change: impl FnOnce(&mut Connection) -> Result<T, BookError> + Send + 'static,
    ) -> Result<T, BookError> {
        self.within(actor, now, change).await
    }

    /// Writes documents together with other things, as one change: with [`put`].
    pub async fn within<T, E>(
        &self,
        actor: &Actor,
        now: UnixMs,
        change: impl FnOnce(&mut Connection) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        let present = self.present.clone();
        let written = self.store.change(actor, move |conn| {
            let written = change(conn)?;
            intent::look_again(conn, now)?;
            notice::look_again(conn, now)?;
            escalation::look_again(conn, now)?;
            present.changed();
            Ok(written)
        });
        let written = written.await;
        // Also when it failed: the writing thread may have seen what was then taken back.
        self.present.changed();
        (self.on_change)();
        written
    }
}

fn refuse(wrong: Vec<FieldError>) -> Result<(), BookError> {
    if wrong.is_empty() {
        Ok(())
    } else {
        Err(BookError::Invalid(wrong))
    }
}

/// The document with that id, within a change; `None` when there is none.
pub fn find<D: Document>(conn: &mut Connection, id: Uuid) -> Result<Option<Kept<D>>, StoreError> {
    let row = alerting_document::find(conn, D::KIND, id)?;
    row.as_ref().map(kept).transpose()
}

/// Adds a document of somebody who sees all servers, or replaces the one that was there `before`.
pub fn put<D: Document>(
    conn: &mut Connection,
    before: Option<Kept<D>>,
    (id, input): (Uuid, D),
    (by, now): (UserId, UnixMs),
) -> Result<(), BookError> {
    refuse(input.check(conn, before.as_ref().map(|it| &it.input), now)?)?;
    if let Some(mut before) = before {
        before.scope = Scope::All;
        update(conn, before, input, now)?;
        return Ok(());
    }
    let made = Kept {
        id,
        version: 1,
        created_by: Some(by),
        created_at: now,
        updated_at: now,
        scope: Scope::All,
        input,
    };
    Ok(alerting_document::insert(conn, &row(&made)?)?)
}

/// Refuses what is about servers which the person does not see.
fn must_hold<D: Document>(
    conn: &mut Connection,
    scope: &Scope,
    input: &D,
) -> Result<(), BookError> {
    let holds = *scope == Scope::All || input.is_within(conn, scope)?;
    holds.then_some(()).ok_or(BookError::OutOfScope(D::NAME))
}

fn is_seen<D: Document>(
    conn: &mut Connection,
    scope: &Scope,
    input: &D,
) -> Result<bool, StoreError> {
    Ok(*scope == Scope::All || input.is_seen(conn, scope)?)
}

/// Looks through older ones until so many are seen.
fn seen_page<D: Document>(
    conn: &mut Connection,
    scope: &Scope,
    mut before: Option<Uuid>,
    limit: usize,
) -> Result<Vec<Kept<D>>, StoreError> {
    let most = i64::try_from(limit).unwrap_or(i64::MAX);
    let mut seen = Vec::new();
    loop {
        let rows = alerting_document::page(conn, D::KIND, before, most)?;
        let is_last = rows.len() < limit;
        before = rows.last().map(|row| row.id.0);
        for row in &rows {
            let one = kept(row)?;
            if seen.len() < limit && is_seen(conn, scope, &one.input)? {
                seen.push(one);
            }
        }
        if is_last || seen.len() >= limit {
            return Ok(seen);
        }
    }
}

/// The document that the caller saw as `seen` and may change.
fn seen_as<D: Document>(
    conn: &mut Connection,
    scope: &Scope,
    id: Uuid,
    seen: &Seen,
) -> Result<Kept<D>, BookError> {
    let row = alerting_document::find(conn, D::KIND, id)?;
    let row = row.ok_or(BookError::NotFound(D::NAME))?;
    let one: Kept<D> = kept(&row)?;
    if !is_seen(conn, scope, &one.input)? {
        return Err(BookError::NotFound(D::NAME));
    }
    must_hold(conn, scope, &one.input)?;
    if seen.fits(Version(row.version.into())) {
        Ok(one)
    } else {
        Err(BookError::Changed)
    }
}

fn update<D: Document>(
    conn: &mut Connection,
    before: Kept<D>,
    input: D,
    now: UnixMs,
) -> Result<Kept<D>, BookError> {
    if input == before.input {
        return Ok(before);
    }
    let after = Kept {
        version: before.version + 1,
        updated_at: now,
        input,
        ..before
    };
    alerting_document::update(conn, &row(&after)?)?;
    Ok(after)
}

fn kept<D: Document>(row: &DocumentRow) -> Result<Kept<D>, StoreError> {
    Ok(Kept {
        id: row.id.0,
        version: row.version.unsigned_abs(),
        created_by: row.created_by.map(|id| id.0),
        created_at: row.created_at.0,
        updated_at: row.updated_at.0,
        scope: Scope::of(&row.server_groups.0),
        input: definition(row)?,
    })
}

fn row<D: Document>(kept: &Kept<D>) -> Result<DocumentRow, StoreError> {
    let definition = serde_json::to_string(&kept.input);
    Ok(DocumentRow {
        id: Blob(kept.id),
        kind: Word(D::KIND),
        version: i32::try_from(kept.version).unwrap_or(i32::MAX),
        definition: definition.map_err(|_| StoreError::Corrupt {
            what: "document of alerting",
        })?,
        ends_at: kept.input.ends_at().map(Moment),
        created_by: kept.created_by.map(Blob),
        created_at: Moment(kept.created_at),
        updated_at: Moment(kept.updated_at),
        server_groups: Json(kept.scope.groups().unwrap_or_default()),
    })
}
