//! Where a test's store lies: in files, or on a server of the test's own. Never in the product.

use std::path::Path;

use tempfile::TempDir;
use tests::postgres::Database;

use super::{Store, StoreError};
use crate::config::database::DatabaseUrl;

/// A data directory, and a server's database when the store is to be there.
pub(crate) struct Place {
    directory: TempDir,
    database: Option<Database>,
}

impl Place {
    /// Files.
    pub(crate) fn sqlite() -> Self {
        Self {
            directory: tempfile::tempdir().unwrap(),
            database: None,
        }
    }

    /// An empty database.
    pub(crate) fn postgres() -> Self {
        Self {
            database: Some(Database::create().unwrap()),
            ..Self::sqlite()
        }
    }

    /// An empty database on a server that nobody else uses.
    pub(crate) fn postgres_alone() -> Self {
        Self {
            database: Some(Database::alone().unwrap()),
            ..Self::sqlite()
        }
    }

    /// The same database for a process with another data directory.
    pub(crate) fn elsewhere(&self) -> Self {
        Self {
            database: self.database.clone(),
            ..Self::sqlite()
        }
    }

    /// Opens the store.
    pub(crate) fn try_open(&self) -> Result<Store, StoreError> {
        Store::open(self.directory(), self.url().as_ref())
    }

    /// The address of the server's database.
    pub(crate) fn url(&self) -> Option<DatabaseUrl> {
        let url = self.database.as_ref().map(Database::url);
        url.map(|url| url.parse().unwrap())
    }

    /// Opens the store, which works.
    pub(crate) fn open(&self) -> Store {
        self.try_open().unwrap()
    }

    /// The data directory.
    pub(crate) fn directory(&self) -> &Path {
        self.directory.path()
    }

    /// The server's database; `None` when the store is in files.
    pub(crate) fn database(&self) -> Option<&Database> {
        self.database.as_ref()
    }

    /// As it was before it was opened first. Nothing is open.
    pub(crate) fn clear(&mut self) {
        self.directory = tempfile::tempdir().unwrap();
        if let Some(database) = &self.database {
            let drop = "DROP SCHEMA IF EXISTS watchpost_state, watchpost_metrics CASCADE";
            database.sql(drop).unwrap();
        }
    }
}

/// Runs tests of the form `async fn name(place: Place)` with either engine.
macro_rules! on_both {
    ($($name:ident),* $(,)?) => {
        mod on_sqlite {
            $(#[tokio::test]
            async fn $name() {
                super::$name($crate::store::testing::Place::sqlite()).await;
            })*
        }

        mod on_postgres {
            $(#[tokio::test]
            async fn $name() {
                super::$name($crate::store::testing::Place::postgres()).await;
            })*
        }
    };
}

pub(crate) use on_both;
