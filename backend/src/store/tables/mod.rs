//! Rows and queries, one file a table; never a wire type, never a decision.
//!
//! How to write one:
//! - The table stands in `store/schema.rs` (`diesel::table!`) and in a migration: ids `BLOB`,
//!   times `BIGINT` (milliseconds), enums `TEXT` with `CHECK`, JSON `TEXT`.
//! - The row struct uses the column types below: [`Blob`] for ids, [`Moment`] for times, [`Word`]
//!   for enums that serde writes as one word, [`Json`] for documents. `row.id.0` is the value;
//!   `table::id.eq(Blob(id))` compares.
//! - Functions take `&mut SqliteConnection` and return `Result<_, StoreError>`; "not found" is
//!   `Option` (`.optional()?`). They are called inside `Store::read` and `Store::change`.
//! - `From`/`TryFrom` to the types of `common` stand beside the row.

use std::fmt::Debug;

use common::time::UnixMs;
use diesel::backend::Backend;
use diesel::deserialize::{self, FromSql, FromSqlRow};
use diesel::expression::AsExpression;
use diesel::serialize::{self, IsNull, Output, ToSql};
use diesel::sql_types::{BigInt, Binary, Text};
use diesel::sqlite::Sqlite;
use diesel::{QueryableByName, RunQueryDsl, SqliteConnection};
use serde::Serialize;
use serde::de::DeserializeOwned;
use uuid::Uuid;

use crate::store::error::StoreError;

pub mod aggregate;
pub mod alert;
pub mod alert_history;
pub mod api_key;
pub mod cleanup;
pub mod delivery;
pub mod frame;
pub mod inbox;
pub mod intent;
pub mod job;
pub mod pack;
pub mod process_pack;
pub mod processes;
pub mod rule;
pub mod series;
pub mod server;
pub mod session;
pub mod setting;
pub mod stale_day;
pub mod user;

#[derive(QueryableByName)]
struct FreePages {
    #[diesel(sql_type = BigInt)]
    freelist_count: i64,
}

/// Pages of the file that hold nothing.
pub fn free_pages(conn: &mut SqliteConnection) -> Result<u32, StoreError> {
    let free: FreePages = diesel::sql_query("PRAGMA freelist_count").get_result(conn)?;
    Ok(u32::try_from(free.freelist_count).unwrap_or_default())
}

#[derive(QueryableByName)]
struct Pages {
    #[diesel(sql_type = BigInt)]
    page_size: i64,
    #[diesel(sql_type = BigInt)]
    page_count: i64,
}

/// Bytes of all pages, those included that are not folded into the file yet, and of those among
/// them that hold nothing.
pub fn page_bytes(conn: &mut SqliteConnection) -> Result<(u64, u64), StoreError> {
    let pages: Pages =
        diesel::sql_query("SELECT page_size, page_count FROM pragma_page_size, pragma_page_count")
            .get_result(conn)?;
    let size = pages.page_size.unsigned_abs();
    let free = u64::from(free_pages(conn)?);
    Ok((pages.page_count.unsigned_abs() * size, free * size))
}

/// An id as 16 bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, AsExpression, FromSqlRow)]
#[diesel(sql_type = Binary)]
pub struct Blob<T: Debug>(pub T);

impl<T: Debug + Copy + Into<Uuid>> ToSql<Binary, Sqlite> for Blob<T> {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Sqlite>) -> serialize::Result {
        let id: Uuid = self.0.into();
        out.set_value(id.as_bytes().to_vec());
        Ok(IsNull::No)
    }
}

impl<T: Debug + From<Uuid>> FromSql<Binary, Sqlite> for Blob<T> {
    fn from_sql(mut value: <Sqlite as Backend>::RawValue<'_>) -> deserialize::Result<Self> {
        Ok(Self(Uuid::from_slice(value.read_blob())?.into()))
    }
}

/// A moment as milliseconds since the epoch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, AsExpression, FromSqlRow)]
#[diesel(sql_type = BigInt)]
pub struct Moment(pub UnixMs);

impl ToSql<BigInt, Sqlite> for Moment {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Sqlite>) -> serialize::Result {
        out.set_value(self.0.0);
        Ok(IsNull::No)
    }
}

impl FromSql<BigInt, Sqlite> for Moment {
    fn from_sql(value: <Sqlite as Backend>::RawValue<'_>) -> deserialize::Result<Self> {
        i64::from_sql(value).map(|ms| Self(UnixMs(ms)))
    }
}

/// An enum as the one word that serde writes for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, AsExpression, FromSqlRow)]
#[diesel(sql_type = Text)]
pub struct Word<T: Debug>(pub T);

impl<T: Debug + Serialize> ToSql<Text, Sqlite> for Word<T> {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Sqlite>) -> serialize::Result {
        let serde_json::Value::String(word) = serde_json::to_value(&self.0)? else {
            return Err(format!("{:?} is not one word", self.0).into());
        };
        out.set_value(word);
        Ok(IsNull::No)
    }
}

impl<T: Debug + DeserializeOwned> FromSql<Text, Sqlite> for Word<T> {
    fn from_sql(mut value: <Sqlite as Backend>::RawValue<'_>) -> deserialize::Result<Self> {
        let word = serde_json::Value::String(value.read_text().to_owned());
        Ok(Self(serde_json::from_value(word)?))
    }
}

/// A document as JSON text.
#[derive(Debug, Clone, PartialEq, Eq, AsExpression, FromSqlRow)]
#[diesel(sql_type = Text)]
pub struct Json<T: Debug>(pub T);

impl<T: Debug + Serialize> ToSql<Text, Sqlite> for Json<T> {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Sqlite>) -> serialize::Result {
        out.set_value(serde_json::to_string(&self.0)?);
        Ok(IsNull::No)
    }
}

impl<T: Debug + DeserializeOwned> FromSql<Text, Sqlite> for Json<T> {
    fn from_sql(mut value: <Sqlite as Backend>::RawValue<'_>) -> deserialize::Result<Self> {
        Ok(Self(serde_json::from_str(value.read_text())?))
    }
}
