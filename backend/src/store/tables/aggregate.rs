//! Tables `aggregate` and `aggregate_day`: what each hour and each day of a series came down to;
//! never how.

use std::ops::Range;

use diesel::dsl::{max, min};
use diesel::prelude::*;
use diesel::sql_types::Binary;
use diesel::upsert::excluded;

use super::Real;
use crate::query::Period;
use crate::store::Connection;
use crate::store::error::StoreError;
use crate::store::schema::{aggregate, aggregate_day};

/// Rows that are sent to a server at once.
const TOGETHER: usize = 512;

/// An hour or a day of a series.
#[derive(Debug, Clone, PartialEq, Queryable)]
pub struct AggregateRow {
    /// The number of the series.
    pub series: i64,
    /// Hours or days since the epoch.
    pub start: i64,
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
    /// How they are distributed; empty when it was not asked for.
    pub sketch: Vec<u8>,
}

/// The same functions for both tables, which differ in the name of one column.
macro_rules! periods {
    ($module:ident, $table:ident, $start:ident) => {
        mod $module {
            use super::*;

            pub(super) fn put(
                conn: &mut Connection,
                rows: &[AggregateRow],
            ) -> Result<(), StoreError> {
                let columns = |row: &AggregateRow| {
                    (
                        $table::series.eq(row.series),
                        $table::$start.eq(row.start),
                        $table::count.eq(row.count),
                        $table::min.eq(Real(row.min)),
                        $table::max.eq(Real(row.max)),
                        $table::mean.eq(Real(row.mean)),
                        $table::m2.eq(Real(row.m2)),
                        $table::first.eq(Real(row.first)),
                        $table::last.eq(Real(row.last)),
                        $table::increase.eq(Real(row.increase)),
                        $table::median.eq(Real(row.median)),
                        $table::sketch.eq(row.sketch.clone()),
                    )
                };
                match conn {
                    Connection::Sqlite(conn) => {
                        for row in rows {
                            diesel::replace_into($table::table)
                                .values(columns(row))
                                .execute(conn)?;
                        }
                    }
                    // Each statement is a way to the server and back.
                    Connection::Pg(conn) => {
                        for some in rows.chunks(TOGETHER) {
                            diesel::insert_into($table::table)
                                .values(some.iter().map(columns).collect::<Vec<_>>())
                                .on_conflict(($table::series, $table::$start))
                                .do_update()
                                .set((
                                    $table::count.eq(excluded($table::count)),
                                    $table::min.eq(excluded($table::min)),
                                    $table::max.eq(excluded($table::max)),
                                    $table::mean.eq(excluded($table::mean)),
                                    $table::m2.eq(excluded($table::m2)),
                                    $table::first.eq(excluded($table::first)),
                                    $table::last.eq(excluded($table::last)),
                                    $table::increase.eq(excluded($table::increase)),
                                    $table::median.eq(excluded($table::median)),
                                    $table::sketch.eq(excluded($table::sketch)),
                                ))
                                .execute(conn)?;
                        }
                    }
                }
                Ok(())
            }

            pub(super) fn of_series(
                conn: &mut Connection,
                series: u32,
                starts: &Range<i64>,
                with_sketch: bool,
            ) -> Result<Vec<AggregateRow>, StoreError> {
                let rows = $table::table
                    .filter($table::series.eq(i64::from(series)))
                    .filter($table::$start.ge(starts.start))
                    .filter($table::$start.lt(starts.end))
                    .order($table::$start);
                if with_sketch {
                    return Ok(rows.select($table::all_columns).load(conn)?);
                }
                Ok(rows
                    .select((
                        $table::series,
                        $table::$start,
                        $table::count,
                        $table::min,
                        $table::max,
                        $table::mean,
                        $table::m2,
                        $table::first,
                        $table::last,
                        $table::increase,
                        $table::median,
                        Vec::<u8>::new().into_sql::<Binary>(),
                    ))
                    .load(conn)?)
            }

            pub(super) fn count_before(
                conn: &mut Connection,
                start: i64,
            ) -> Result<i64, StoreError> {
                Ok($table::table
                    .filter($table::$start.lt(start))
                    .count()
                    .get_result(conn)?)
            }

            pub(super) fn remove_before(
                conn: &mut Connection,
                series: u32,
                start: i64,
            ) -> Result<usize, StoreError> {
                Ok(diesel::delete($table::table)
                    .filter($table::series.eq(i64::from(series)))
                    .filter($table::$start.lt(start))
                    .execute(conn)?)
            }
        }
    };
}

periods!(hours, aggregate, hour);
periods!(days, aggregate_day, day);

/// Whether there is any hour of any series.
pub fn is_any(conn: &mut Connection) -> Result<bool, StoreError> {
    let first: Option<i64> = aggregate::table
        .select(aggregate::hour)
        .first(conn)
        .optional()?;
    Ok(first.is_some())
}

/// Stores periods; one of the same series and start is replaced.
pub fn put(conn: &mut Connection, period: Period, rows: &[AggregateRow]) -> Result<(), StoreError> {
    match period {
        Period::Hour => hours::put(conn, rows),
        Period::Day => days::put(conn, rows),
    }
}

/// The periods of a series that start in `starts`, in their order.
pub fn of_series(
    conn: &mut Connection,
    period: Period,
    series: u32,
    starts: &Range<i64>,
    with_sketch: bool,
) -> Result<Vec<AggregateRow>, StoreError> {
    match period {
        Period::Hour => hours::of_series(conn, series, starts, with_sketch),
        Period::Day => days::of_series(conn, series, starts, with_sketch),
    }
}

/// The first and the last hour of a series in `hours`; `None` when there is none.
pub fn span(
    conn: &mut Connection,
    series: u32,
    hours: &Range<i64>,
) -> Result<Option<(i64, i64)>, StoreError> {
    let inside = aggregate::table
        .filter(aggregate::series.eq(i64::from(series)))
        .filter(aggregate::hour.ge(hours.start))
        .filter(aggregate::hour.lt(hours.end));
    // Two questions: each is the end of an index.
    let first: Option<i64> = inside.select(min(aggregate::hour)).first(conn)?;
    let last: Option<i64> = inside.select(max(aggregate::hour)).first(conn)?;
    Ok(first.zip(last))
}

/// Whether a series has any hour in `hours`.
pub fn has_hour(
    conn: &mut Connection,
    series: u32,
    hours: &Range<i64>,
) -> Result<bool, StoreError> {
    let first: Option<i64> = aggregate::table
        .filter(aggregate::series.eq(i64::from(series)))
        .filter(aggregate::hour.ge(hours.start))
        .filter(aggregate::hour.lt(hours.end))
        .select(aggregate::hour)
        .first(conn)
        .optional()?;
    Ok(first.is_some())
}

/// How many periods of series there are before a start.
pub fn count_before(
    conn: &mut Connection,
    period: Period,
    start: i64,
) -> Result<usize, StoreError> {
    let count = match period {
        Period::Hour => hours::count_before(conn, start),
        Period::Day => days::count_before(conn, start),
    };
    Ok(usize::try_from(count?).unwrap_or(usize::MAX))
}

/// Removes the periods of a series before a start; how many there were.
pub fn remove_before(
    conn: &mut Connection,
    period: Period,
    series: u32,
    start: i64,
) -> Result<usize, StoreError> {
    match period {
        Period::Hour => hours::remove_before(conn, series, start),
        Period::Day => days::remove_before(conn, series, start),
    }
}
