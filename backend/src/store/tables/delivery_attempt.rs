//! Table `delivery_attempt`: how each attempt of a delivery went; never more than a few of them.

use common::api::deliveries::AttemptOutcome;
use diesel::prelude::*;

use super::{Moment, Word};
use crate::store::Connection;
use crate::store::connection::MultiBackend;
use crate::store::error::StoreError;
use crate::store::schema::delivery_attempt;

/// So many of the first attempts are kept, and as many of the last.
const KEPT: i32 = 10;

/// An attempt as it is stored.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = delivery_attempt, check_for_backend(MultiBackend))]
pub struct AttemptRow {
    /// The delivery's number.
    pub delivery_seq: i64,
    /// From 1.
    pub number: i32,
    /// When it began.
    pub at: Moment,
    /// Milliseconds until the answer.
    pub duration_ms: i64,
    /// How it went.
    pub outcome: Word<AttemptOutcome>,
    /// The provider's status, of HTTP or SMTP; `None` when there was no answer.
    pub status: Option<i32>,
    /// How the answer begins, or why there was none.
    pub answer: String,
    /// What else there is to know, such as a template that failed.
    pub note: Option<String>,
}

/// Adds an attempt; those in the middle of many are forgotten.
pub fn insert(conn: &mut Connection, row: &AttemptRow) -> Result<(), StoreError> {
    diesel::insert_into(delivery_attempt::table)
        .values(row)
        .execute(conn)?;
    let forgotten = row.number - KEPT;
    if forgotten > KEPT {
        diesel::delete(delivery_attempt::table.find((row.delivery_seq, forgotten)))
            .execute(conn)?;
    }
    Ok(())
}

/// The attempts of a delivery, the first first.
pub fn of(conn: &mut Connection, delivery: i64) -> Result<Vec<AttemptRow>, StoreError> {
    Ok(delivery_attempt::table
        .filter(delivery_attempt::delivery_seq.eq(delivery))
        .order(delivery_attempt::number)
        .select(AttemptRow::as_select())
        .load(conn)?)
}
