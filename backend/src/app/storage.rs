//! What the databases hold, on the disk that they lie on; never counted here.

use common::api::database::{DiskSpace, Storage};

use super::App;
use crate::auth::{Allowed, may};
use crate::store::StoreError;
use crate::store::metrics::Retention;

impl App {
    /// What is stored, how it grows, and when the disk is full.
    pub async fn storage(
        &self,
        _may: &Allowed<may::DatabaseManage>,
    ) -> Result<Storage, StoreError> {
        let retention = Retention::from(&self.config.metrics);
        self.store
            .storage(self.clock.now(), retention, self.disk())
            .await
    }

    /// The file system of the data; `None` when it cannot be asked, as that of a server.
    fn disk(&self) -> Option<DiskSpace> {
        if self.config.database.url.is_some() {
            return None;
        }
        let system = rustix::fs::statvfs(&self.config.data_dir).ok()?;
        Some(DiskSpace {
            total_bytes: system.f_blocks.saturating_mul(system.f_frsize),
            available_bytes: system.f_bavail.saturating_mul(system.f_frsize),
        })
    }
}
