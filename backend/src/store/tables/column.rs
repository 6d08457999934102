//! Types of columns that both engines store alike; never a table.

use std::fmt::Debug;

use common::time::UnixMs;
use diesel::backend::Backend;
use diesel::deserialize::{self, FromSql, FromSqlRow};
use diesel::expression::AsExpression;
use diesel::pg::Pg;
use diesel::serialize::{self, IsNull, Output, ToSql};
use diesel::sql_types::{BigInt, Binary, Double, Text};
use diesel::sqlite::Sqlite;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::store::connection::MultiBackend;

/// An id as 16 bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, AsExpression, FromSqlRow)]
#[diesel(sql_type = Binary)]
pub struct Blob<T: Debug>(pub T);

impl<T: Debug + Copy + Into<Uuid>> Blob<T> {
    #[expect(clippy::unnecessary_wraps, reason = "as the other columns have it")]
    fn stored(&self) -> Result<Option<Vec<u8>>, serde_json::Error> {
        Ok(Some(self.0.into().as_bytes().to_vec()))
    }
}

impl<T: Debug + From<Uuid>, DB: Backend> FromSql<Binary, DB> for Blob<T>
where
    Vec<u8>: FromSql<Binary, DB>,
{
    fn from_sql(value: DB::RawValue<'_>) -> deserialize::Result<Self> {
        let bytes = Vec::<u8>::from_sql(value)?;
        Ok(Self(Uuid::from_slice(&bytes)?.into()))
    }
}

/// A moment as milliseconds since the epoch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, AsExpression, FromSqlRow)]
#[diesel(sql_type = BigInt)]
pub struct Moment(pub UnixMs);

impl Moment {
    #[expect(clippy::unnecessary_wraps, reason = "as the other columns have it")]
    fn stored(self) -> Result<Option<i64>, serde_json::Error> {
        Ok(Some(self.0.0))
    }
}

impl<DB: Backend> FromSql<BigInt, DB> for Moment
where
    i64: FromSql<BigInt, DB>,
{
    fn from_sql(value: DB::RawValue<'_>) -> deserialize::Result<Self> {
        i64::from_sql(value).map(|ms| Self(UnixMs(ms)))
    }
}

/// An enum as the one word that serde writes for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, AsExpression, FromSqlRow)]
#[diesel(sql_type = Text)]
pub struct Word<T: Debug>(pub T);

impl<T: Debug + Serialize> Word<T> {
    fn stored(&self) -> Result<Option<String>, serde_json::Error> {
        match serde_json::to_value(&self.0)? {
            serde_json::Value::String(word) => Ok(Some(word)),
            _ => Err(serde::ser::Error::custom(format!(
                "{:?} is not one word",
                self.0
            ))),
        }
    }
}

impl<T: Debug + DeserializeOwned, DB: Backend> FromSql<Text, DB> for Word<T>
where
    String: FromSql<Text, DB>,
{
    fn from_sql(value: DB::RawValue<'_>) -> deserialize::Result<Self> {
        let word = serde_json::Value::String(String::from_sql(value)?);
        Ok(Self(serde_json::from_value(word)?))
    }
}

/// A document as JSON text.
#[derive(Debug, Clone, PartialEq, Eq, AsExpression, FromSqlRow)]
#[diesel(sql_type = Text)]
pub struct Json<T: Debug>(pub T);

impl<T: Debug + Serialize> Json<T> {
    fn stored(&self) -> Result<Option<String>, serde_json::Error> {
        serde_json::to_string(&self.0).map(Some)
    }
}

impl<T: Debug + DeserializeOwned, DB: Backend> FromSql<Text, DB> for Json<T>
where
    String: FromSql<Text, DB>,
{
    fn from_sql(value: DB::RawValue<'_>) -> deserialize::Result<Self> {
        Ok(Self(serde_json::from_str(&String::from_sql(value)?)?))
    }
}

/// A number as `SQLite` keeps it: what is none becomes NULL, and zero has no sign.
#[derive(
    Debug, Clone, Copy, PartialEq, PartialOrd, AsExpression, FromSqlRow, Serialize, Deserialize,
)]
#[diesel(sql_type = Double)]
pub struct Real(pub f64);

impl Real {
    #[expect(clippy::unnecessary_wraps, reason = "as the other columns have it")]
    fn stored(self) -> Result<Option<f64>, serde_json::Error> {
        // Minus zero and zero make zero.
        Ok((!self.0.is_nan()).then_some(self.0 + 0.0))
    }
}

impl<DB: Backend> FromSql<Double, DB> for Real
where
    f64: FromSql<Double, DB>,
{
    fn from_sql(value: DB::RawValue<'_>) -> deserialize::Result<Self> {
        f64::from_sql(value).map(Self)
    }
}

/// Binds what `stored` gives, for each engine and for the connection that has either.
macro_rules! binds {
    ($column:ty, $sql:ty, $as:ty $(, $T:ident: $first:ident $(+ $bound:path)*)?) => {
        impl$(<$T: $first $(+ $bound)*>)? ToSql<$sql, Sqlite> for $column {
            fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Sqlite>) -> serialize::Result {
                let Some(value) = self.stored()? else {
                    return Ok(IsNull::Yes);
                };
                out.set_value(value);
                Ok(IsNull::No)
            }
        }

        impl$(<$T: $first $(+ $bound)*>)? ToSql<$sql, Pg> for $column {
            fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
                match self.stored()? {
                    None => Ok(IsNull::Yes),
                    Some(value) => {
                        <$as as ToSql<$sql, Pg>>::to_sql(&value, &mut out.reborrow())
                    }
                }
            }
        }

        impl$(<$T: $first $(+ $bound)* + Send + Sync + 'static>)? ToSql<$sql, MultiBackend> for $column {
            fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, MultiBackend>) -> serialize::Result {
                out.set_value((<$sql>::default(), self));
                Ok(IsNull::No)
            }
        }
    };
}

binds!(Blob<T>, Binary, [u8], T: Debug + Copy + Into<Uuid>);
binds!(Moment, BigInt, i64);
binds!(Word<T>, Text, str, T: Debug + Serialize);
binds!(Json<T>, Text, str, T: Debug + Serialize);
binds!(Real, Double, f64);
