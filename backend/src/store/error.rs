//! What can go wrong with the databases; never a rule of a domain.

use std::path::PathBuf;
use std::sync::Arc;

use diesel::result::{DatabaseErrorKind, Error as DieselError};

/// Why the store did not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The data directory cannot be created or written.
    #[error(
        "data directory {}: {source}; make it writable or choose another with --data-dir", path.display()
    )]
    Directory {
        /// The directory.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// Another process works in the data directory.
    #[error(
        "data directory {} is in use by {}; stop that process or choose another with --data-dir",
        path.display(), holder(*pid)
    )]
    Locked {
        /// The directory.
        path: PathBuf,
        /// The process that holds it; `None` when it left no readable id.
        pid: Option<u32>,
    },
    /// Another process works with the schema of a server's database.
    #[error(
        "database {database} is in use by another process; stop that one or choose another with database.url"
    )]
    InUse {
        /// The database, without a password.
        database: String,
    },
    /// Another process has worked with it while the connection was lost.
    #[error("database {database} was used by another process in the meantime; restart this one")]
    Taken {
        /// The database, without a password.
        database: String,
    },
    /// A database cannot be opened.
    #[error("database {database}: {cause}")]
    Open {
        /// The file, or the server without a password.
        database: String,
        /// What the engine said.
        cause: String,
    },
    /// A database could not be brought to the form of this version.
    #[error("database {database}: migration failed: {cause}")]
    Migration {
        /// The file, or the server without a password.
        database: String,
        /// What went wrong.
        cause: String,
    },
    /// A database was written by a newer version.
    #[error(
        "database {database} was written by a newer version (it knows {migration}); start that version"
    )]
    Newer {
        /// The file, or the server without a password.
        database: String,
        /// The first migration that this version does not know.
        migration: String,
    },
    /// A database that everything is to be moved to has data already.
    #[error(
        "database {database} has data in its table {table}: choose an empty one, or drop its schemas watchpost_state and watchpost_metrics when nobody needs them"
    )]
    NotEmpty {
        /// The database, without a password.
        database: String,
        /// The first table with data.
        table: &'static str,
    },
    /// What was moved is not what was there; nothing was kept of it.
    #[error("the table {table} did not arrive as it was sent: nothing was moved; try again")]
    NotTheSame {
        /// The table.
        table: &'static str,
    },
    /// The server of the database does not answer; nothing was done. Worth trying again.
    #[error("the database cannot be reached: {cause}")]
    Unreachable {
        /// What was said when it was tried last.
        cause: String,
    },
    /// Too many changes or reads wait already; nothing was done. Worth trying again.
    #[error("the database is busy")]
    Busy,
    /// Commits failed twice: nothing is written until the disk takes it again, which is tried now and
    /// then.
    #[error("the database takes no changes after failed commits; it is tried again by itself")]
    ReadOnly,
    /// The store was closed.
    #[error("the store is closed")]
    Closed,
    /// The transaction with this change was not committed; nothing of it is stored. (Only when a
    /// server goes away during the commit for longer than an answer can wait is that not certain.)
    #[error("the change was not committed: {cause}")]
    Commit {
        /// What the engine said.
        cause: String,
    },
    /// The change panicked and was rolled back.
    #[error("the change panicked and was rolled back")]
    Panicked,
    /// A stored value does not have the form that it must have.
    #[error("corrupt {what}")]
    Corrupt {
        /// Which value.
        what: &'static str,
    },
    /// A statement failed.
    #[error(transparent)]
    Statement(#[from] DieselError),
    /// What was written together with others failed, for all of them alike.
    #[error(transparent)]
    Together(Arc<StoreError>),
}

impl StoreError {
    /// The same error for each of `count` who wrote together.
    pub(super) fn for_each(self, count: usize) -> impl Iterator<Item = Self> {
        let shared = Arc::new(self);
        std::iter::repeat_n(shared, count).map(|shared| match Arc::try_unwrap(shared) {
            Ok(last) => last,
            Err(shared) => Self::Together(shared),
        })
    }

    /// What went wrong, whoever it was told to.
    pub fn told(&self) -> &Self {
        match self {
            Self::Together(shared) => shared.told(),
            own => own,
        }
    }

    /// Whether a UNIQUE constraint refused the change.
    pub fn is_unique_violation(&self) -> bool {
        self.is_database_error(DatabaseErrorKind::UniqueViolation)
    }

    /// Whether a foreign key refused the change.
    pub fn is_foreign_key_violation(&self) -> bool {
        self.is_database_error(DatabaseErrorKind::ForeignKeyViolation)
    }

    /// Whether the disk refused to read or write: mostly it is full.
    pub fn is_of_the_disk(&self) -> bool {
        match self.told() {
            // Diesel knows neither by its kind.
            Self::Statement(DieselError::DatabaseError(DatabaseErrorKind::Unknown, told)) => {
                ["disk I/O error", "database or disk is full"].contains(&told.message())
            }
            _ => false,
        }
    }

    /// Whether the server went away; trying again is worth it.
    pub fn is_connection_lost(&self) -> bool {
        matches!(
            self.told(),
            Self::Unreachable { .. } | Self::Statement(DieselError::BrokenTransactionManager)
        ) || self.is_database_error(DatabaseErrorKind::ClosedConnection)
            || self.is_database_error(DatabaseErrorKind::UnableToSendCommand)
    }

    fn is_database_error(&self, wanted: DatabaseErrorKind) -> bool {
        matches!(
            self.told(),
            Self::Statement(DieselError::DatabaseError(kind, _))
                if std::mem::discriminant(kind) == std::mem::discriminant(&wanted)
        )
    }
}

fn holder(pid: Option<u32>) -> String {
    pid.map_or_else(
        || "another process".to_owned(),
        |pid| format!("process {pid}"),
    )
}
