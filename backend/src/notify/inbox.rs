//! A person's own inbox: read, marked as read; never filled here.

use std::sync::Arc;

use common::api::inbox::InboxItem;
use common::ids::{InboxItemId, UserId};

use crate::auth::{Allowed, Scope, may};
use crate::clock::Clock;
use crate::store::tables::inbox::Whose;
use crate::store::{Store, StoreError, tables};

/// How many of the newest messages somebody sees who begins to watch.
const NEWEST: i64 = 20;

/// A committed change of a person's inbox.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InboxChanged {
    /// Whose.
    pub user: UserId,
    /// How many messages are unread in all.
    pub unread: u32,
    /// The new messages; empty when some were read.
    pub items: Vec<InboxItem>,
}

/// Shows a change to whoever looks now. It must not wait.
pub type OnInbox = Arc<dyn Fn(InboxChanged) + Send + Sync>;

/// Why a message was not found or not marked.
#[derive(Debug, thiserror::Error)]
pub enum InboxError {
    /// There is no such message in that inbox.
    #[error("there is no message {0}")]
    NotFound(InboxItemId),
    /// It could not be read or written.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// The inboxes. Clones share them.
#[derive(Clone)]
pub struct Inbox {
    store: Store,
    clock: Clock,
    on_change: OnInbox,
}

impl std::fmt::Debug for Inbox {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Inbox").finish_non_exhaustive()
    }
}

impl Inbox {
    /// The inboxes whose changes `on_change` is told of.
    pub fn new(store: Store, clock: Clock, on_change: OnInbox) -> Self {
        Self {
            store,
            clock,
            on_change,
        }
    }

    /// Up to `limit` messages of the person, the newest first, those older than `before`; and how
    /// many are unread in all.
    pub async fn page(
        &self,
        may: &Allowed<may::SelfOnly>,
        before: Option<InboxItemId>,
        limit: usize,
    ) -> Result<(u32, Vec<InboxItem>), InboxError> {
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let whose = whose(may.user_id(), may.scope());
        self.read_page(whose, before, limit).await
    }

    /// How many messages of a person in this scope are unread, and the newest ones.
    pub async fn newest(
        &self,
        user: UserId,
        scope: &Scope,
    ) -> Result<(u32, Vec<InboxItem>), InboxError> {
        self.read_page(whose(user, scope), None, NEWEST).await
    }

    /// Marks one of the person's messages as read; the message afterwards.
    pub async fn mark_read(
        &self,
        may: &Allowed<may::SelfOnly>,
        id: InboxItemId,
    ) -> Result<InboxItem, InboxError> {
        let (user, now) = (may.user_id(), self.clock.now());
        let whose = whose(user, may.scope());
        let (item, unread) = self
            .store
            .change(&may.actor(), move |conn| {
                tables::inbox::find(conn, &whose, id)?.ok_or(InboxError::NotFound(id))?;
                tables::inbox::mark_read(conn, id, now)?;
                let row = tables::inbox::find(conn, &whose, id)?.ok_or(InboxError::NotFound(id))?;
                let unread = tables::inbox::unread(conn, &whose)?;
                Ok::<_, InboxError>((InboxItem::from(row), unread))
            })
            .await?;
        self.tell(user, unread);
        Ok(item)
    }

    /// Marks all of the person's messages as read.
    pub async fn mark_all_read(&self, may: &Allowed<may::SelfOnly>) -> Result<(), InboxError> {
        let (user, now) = (may.user_id(), self.clock.now());
        self.store
            .change(&may.actor(), move |conn| {
                tables::inbox::mark_all_read(conn, user, now)
            })
            .await?;
        self.tell(user, 0);
        Ok(())
    }

    async fn read_page(
        &self,
        whose: Whose,
        before: Option<InboxItemId>,
        limit: i64,
    ) -> Result<(u32, Vec<InboxItem>), InboxError> {
        let read = self.store.read(move |conn| {
            let unread = tables::inbox::unread(conn, &whose)?;
            let rows = tables::inbox::page(conn, &whose, before, limit)?;
            Ok::<_, StoreError>((unread, rows))
        });
        let (unread, rows) = read.await?;
        let items = rows.into_iter().map(InboxItem::from).collect();
        Ok((count(unread), items))
    }

    fn tell(&self, user: UserId, unread: i64) {
        (self.on_change)(InboxChanged {
            user,
            unread: count(unread),
            items: Vec::new(),
        });
    }
}

/// The messages of a person that are about servers in this scope.
pub(super) fn whose(user: UserId, scope: &Scope) -> Whose {
    Whose {
        user,
        groups: scope.groups(),
    }
}

/// A count of the database.
pub(super) fn count(rows: i64) -> u32 {
    u32::try_from(rows).unwrap_or(u32::MAX)
}
