//! What the databases say of themselves at any moment, cheap enough to be asked often; never a table.

use super::database::Database;
use super::{Store, StoreError};

/// One database, now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Figures {
    /// Which: `state` or `metrics`.
    pub database: &'static str,
    /// Bytes on the disk, without the log.
    pub bytes: u64,
    /// Bytes of the log beside it: changes that are not folded in yet.
    pub log_bytes: u64,
    /// Bytes in it that hold nothing.
    pub free_bytes: u64,
    /// Changes that wait, or are being made.
    pub waiting: usize,
}

impl Store {
    /// Both databases, now.
    pub async fn figures(&self) -> Result<[Figures; 2], StoreError> {
        let state = of("state", &self.inner.state).await?;
        let metrics = of("metrics", self.metrics().database()).await?;
        Ok([state, metrics])
    }
}

async fn of(database: &'static str, open: &Database) -> Result<Figures, StoreError> {
    let sizes = open.sizes().await?;
    Ok(Figures {
        database,
        bytes: sizes.file_bytes,
        log_bytes: sizes.log_bytes,
        free_bytes: sizes.free_bytes,
        waiting: open.waiting(),
    })
}
