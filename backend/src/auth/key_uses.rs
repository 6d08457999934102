//! When keys were last used: in memory at once, on disk once a minute; never a write a request.

use std::collections::HashMap;
use std::time::Duration;

use common::ids::ApiKeyId;
use common::time::UnixMs;
use tokio_util::sync::CancellationToken;

use super::{Auth, locked};
use crate::store::tables::api_key;
use crate::store::{Actor, StoreError};

const ACTOR: Actor = Actor::System("key uses");
/// How often uses are written down; a crash forgets as much.
const EVERY: Duration = Duration::from_mins(1);

/// The last use of each key since the start.
#[derive(Debug, Default)]
pub(super) struct KeyUses {
    last: HashMap<ApiKeyId, UnixMs>,
    unwritten: HashMap<ApiKeyId, UnixMs>,
}

impl KeyUses {
    /// Notes a use.
    pub(super) fn note(&mut self, key: ApiKeyId, at: UnixMs) {
        self.last.insert(key, at);
        self.unwritten.insert(key, at);
    }

    /// When a key was last used; `None` when it was not since the start.
    pub(super) fn last(&self, key: ApiKeyId) -> Option<UnixMs> {
        self.last.get(&key).copied()
    }
}

impl Auth {
    /// Writes down uses of keys until `stop`, and once more then.
    pub async fn write_key_uses(self, stop: CancellationToken) {
        let mut is_over = false;
        while !is_over {
            is_over = tokio::time::timeout(EVERY, stop.cancelled()).await.is_ok();
            if let Err(error) = self.write_uses_once().await {
                tracing::warn!(%error, "when keys were last used was not stored");
            }
        }
    }

    async fn write_uses_once(&self) -> Result<(), StoreError> {
        let uses = std::mem::take(&mut locked(&self.inner.key_uses).unwritten);
        if uses.is_empty() {
            return Ok(());
        }
        let write = self.inner.store.change(&ACTOR, move |conn| {
            for (key, at) in uses {
                api_key::note_use(conn, key, at)?;
            }
            Ok(())
        });
        write.await
    }
}
