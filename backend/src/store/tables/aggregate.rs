//! Table `aggregate`: what each hour of a series came down to; never how.

use std::ops::Range;

use diesel::prelude::*;

use crate::store::error::StoreError;
use crate::store::schema::aggregate;

/// An hour of a series.
#[derive(Debug, Clone, PartialEq, Queryable, Selectable, Insertable)]
#[diesel(table_name = aggregate)]
pub struct AggregateRow {
    /// The number of the series.
    pub series: i64,
    /// Hours since the epoch.
    pub hour: i64,
    /// How many samples there were.
    pub count: i64,
    /// The smallest.
    pub min: f64,
    /// The largest.
    pub max: f64,
    /// Their mean.
    pub mean: f64,
    /// The sum of the squares of their distances from the mean.
    pub m2: f64,
    /// The oldest.
    pub first: f64,
    /// The newest.
    pub last: f64,
    /// How far they rose.
    pub increase: f64,
    /// The middle one.
    pub median: f64,
    /// How they are distributed.
    pub sketch: Vec<u8>,
}

/// Stores hours; one of the same series and hour is replaced.
pub fn put(conn: &mut SqliteConnection, rows: &[AggregateRow]) -> Result<(), StoreError> {
    for row in rows {
        diesel::replace_into(aggregate::table)
            .values(row)
            .execute(conn)?;
    }
    Ok(())
}

/// Whether there is any hour of any series.
pub fn is_any(conn: &mut SqliteConnection) -> Result<bool, StoreError> {
    let first: Option<i64> = aggregate::table
        .select(aggregate::hour)
        .first(conn)
        .optional()?;
    Ok(first.is_some())
}

/// The hours of a series in `hours`, in their order.
pub fn of_series(
    conn: &mut SqliteConnection,
    series: u32,
    hours: &Range<i64>,
) -> Result<Vec<AggregateRow>, StoreError> {
    Ok(aggregate::table
        .filter(aggregate::series.eq(i64::from(series)))
        .filter(aggregate::hour.ge(hours.start))
        .filter(aggregate::hour.lt(hours.end))
        .order(aggregate::hour)
        .select(AggregateRow::as_select())
        .load(conn)?)
}

/// How many hours of series there are before an hour.
pub fn count_before(conn: &mut SqliteConnection, hour: i64) -> Result<usize, StoreError> {
    let count: i64 = aggregate::table
        .filter(aggregate::hour.lt(hour))
        .count()
        .get_result(conn)?;
    Ok(usize::try_from(count).unwrap_or(usize::MAX))
}

/// Removes the hours of a series before an hour; how many there were.
pub fn remove_before(
    conn: &mut SqliteConnection,
    series: u32,
    hour: i64,
) -> Result<usize, StoreError> {
    Ok(diesel::delete(aggregate::table)
        .filter(aggregate::series.eq(i64::from(series)))
        .filter(aggregate::hour.lt(hour))
        .execute(conn)?)
}
