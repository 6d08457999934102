//! Gives free pages of a database back to the file system, a little at a time; never moves a row.

use super::actor::Actor;
use super::database::Database;
use super::engine::{self, Sizes};
use super::error::StoreError;
use super::readers::snapshot;

const ACTOR: Actor = Actor::System("vacuum");
/// Pages that are given back in one transaction: the writer is needed each second.
const PAGES: u32 = 512;

impl Database {
    /// Gives back all free pages but `spare`, and empties the log; how many bytes the files became
    /// smaller. A server does so by itself.
    pub(super) async fn give_back_space(&self, spare: u32) -> Result<u64, StoreError> {
        let before = self.sizes().await?;
        while self
            .change(ACTOR, move |conn| engine::give_back(conn, PAGES, spare))
            .await?
        {}
        let pool = self.readers().clone();
        let emptied = tokio::task::spawn_blocking(move || {
            let mut reader = pool.get().map_err(|_| StoreError::Busy)?;
            engine::empty_log(reader.connection())
        });
        emptied.await.map_err(|_| StoreError::Panicked)??;
        let all = |sizes: Sizes| sizes.file_bytes + sizes.log_bytes;
        Ok(all(before).saturating_sub(all(self.sizes().await?)))
    }

    /// How large it is.
    pub(super) async fn sizes(&self) -> Result<Sizes, StoreError> {
        let (engine, pool) = (self.engine().clone(), self.readers().clone());
        let sizes = move || snapshot(&pool, |conn| engine.sizes(conn));
        let sizes = tokio::task::spawn_blocking(sizes).await;
        sizes.map_err(|_| StoreError::Panicked)?
    }
}
