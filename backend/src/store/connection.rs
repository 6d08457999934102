//! The typed connection, and what has to be written for each engine; never how one is opened.

pub use super::either::Either as Connection;
pub(in crate::store) use super::either::MultiBackend;

/// Runs one text against the engine that a connection has: for what the typed connection cannot
/// say (`ON CONFLICT`, many rows at once). It is compiled once for each.
macro_rules! both {
    ($connection:expr, $conn:ident => $query:expr) => {
        match $connection {
            $crate::store::Connection::Sqlite($conn) => $query,
            $crate::store::Connection::Pg($conn) => $query,
        }
    };
}

pub(in crate::store) use both;
