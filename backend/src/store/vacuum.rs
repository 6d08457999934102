//! Gives free pages of a file back to the file system, a little at a time; never moves a row.

use std::path::{Path, PathBuf};

use diesel::connection::SimpleConnection;

use super::actor::Actor;
use super::connection;
use super::database::Database;
use super::error::StoreError;
use super::{Connection, tables};

const ACTOR: Actor = Actor::System("vacuum");
/// Pages that are given back in one transaction: the writer is needed each second.
const PAGES: u32 = 512;

impl Database {
    /// Gives back all free pages but `spare`, and empties the log; how many bytes the files became
    /// smaller.
    pub(super) async fn give_back_space(&self, spare: u32) -> Result<u64, StoreError> {
        let before = self.bytes();
        while self.change(ACTOR, move |conn| vacuum(conn, spare)).await? {}
        let pool = self.readers().clone();
        let emptied = tokio::task::spawn_blocking(move || empty_log(&pool)).await;
        emptied.map_err(|_| StoreError::Panicked)??;
        Ok(before.saturating_sub(self.bytes()))
    }

    /// Bytes of the file and its log on the disk.
    pub(super) fn bytes(&self) -> u64 {
        size(self.path()) + size(&log_of(self.path()))
    }
}

/// Bytes of a file; 0 when there is none.
pub(super) fn size(path: &Path) -> u64 {
    path.metadata().map_or(0, |file| file.len())
}

/// The log of changes beside a file.
pub(super) fn log_of(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push("-wal");
    name.into()
}

/// Gives some pages back; whether there are more.
fn vacuum(conn: &mut Connection, spare: u32) -> Result<bool, StoreError> {
    let before = tables::free_pages(conn)?;
    let surplus = before.saturating_sub(spare);
    if surplus == 0 {
        return Ok(false);
    }
    let pages = surplus.min(PAGES);
    conn.batch_execute(&format!("PRAGMA incremental_vacuum({pages})"))?;
    let left = tables::free_pages(conn)?;
    // Without progress there is nothing to be had, whatever it says.
    Ok(left > spare && left < before)
}

/// Folds the log into the file and cuts it; what a reader still needs stays for the next time.
fn empty_log(pool: &connection::ReadPool) -> Result<(), StoreError> {
    let mut conn = pool.get().map_err(|_| StoreError::Busy)?;
    // It holds up the writer while it waits for readers: not for long.
    conn.batch_execute(
        "PRAGMA busy_timeout = 250; PRAGMA wal_checkpoint(TRUNCATE); PRAGMA busy_timeout = 5000;",
    )?;
    Ok(())
}
