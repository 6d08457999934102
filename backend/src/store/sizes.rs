//! How many bytes of what there are, by the databases' own counts; never what that means.

use common::time::UnixMs;
use diesel::sql_types::{BigInt, Nullable};
use diesel::{OptionalExtension, QueryableByName, RunQueryDsl};

use super::forecast::Recent;
use super::{Connection, StoreError};

/// A kind of data whose rows have a time and a length.
#[derive(Debug, Clone, Copy)]
pub(super) enum Dated {
    /// Packs of samples.
    Packs,
    /// Packs of lists of processes.
    ProcessPacks,
    /// Single lists of processes.
    Processes,
}

impl Dated {
    /// Table and column of the time; an index has both the time and the length.
    const fn place(self) -> (&'static str, &'static str) {
        match self {
            Self::Packs => ("pack", "first_at"),
            Self::ProcessPacks => ("process_pack", "first_at"),
            Self::Processes => ("processes", "at"),
        }
    }
}

#[derive(QueryableByName)]
struct Sum {
    #[diesel(sql_type = BigInt)]
    bytes: i64,
    #[diesel(sql_type = Nullable<BigInt>)]
    oldest: Option<i64>,
}

/// What there is of a kind whose time is not before `since`; `None` when nothing is.
pub(super) fn since(
    conn: &mut Connection,
    kind: Dated,
    since: UnixMs,
) -> Result<Option<Recent>, StoreError> {
    let (table, time) = kind.place();
    let sum: Sum = diesel::sql_query(format!(
        "SELECT CAST(COALESCE(SUM(bytes), 0) AS BIGINT) AS bytes, MIN({time}) AS oldest \
         FROM {table} WHERE {time} >= $1"
    ))
    .bind::<BigInt, _>(since.0)
    .get_result(conn)?;
    Ok(sum.oldest.map(|oldest| Recent {
        bytes: sum.bytes.unsigned_abs(),
        since: UnixMs(oldest),
    }))
}

#[derive(QueryableByName)]
struct Hour {
    #[diesel(sql_type = BigInt)]
    hour: i64,
}

/// The first hour, since the epoch, of the series that was known first; `None` when there is none.
/// The first of all would take a look at every series.
pub(super) fn oldest_aggregate(conn: &mut Connection) -> Result<Option<i64>, StoreError> {
    let first: Option<Hour> =
        diesel::sql_query("SELECT hour FROM aggregate ORDER BY series, hour LIMIT 1")
            .get_result(conn)
            .optional()?;
    Ok(first.map(|first| first.hour))
}
