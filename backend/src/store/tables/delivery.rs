//! Table `delivery`: what an intent became for one channel, and who works on it; never a message.

use common::time::UnixMs;
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{Blob, Moment, Word};
use crate::store::connection::{Connection, MultiBackend};
use crate::store::error::StoreError;
use crate::store::schema::delivery;

/// A way to tell people.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Channel {
    /// The inbox of each person.
    InApp,
}

/// Where a delivery stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DeliveryState {
    /// Not told yet.
    Due,
    /// Told.
    Delivered,
}

/// A delivery as it is stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = delivery, check_for_backend(MultiBackend))]
pub struct DeliveryRow {
    /// The same on every attempt.
    pub id: Blob<Uuid>,
    /// The intent it came of.
    pub intent_seq: i64,
    /// How it is told.
    pub channel: Word<Channel>,
    /// Where it stands.
    pub state: Word<DeliveryState>,
    /// How often it was tried.
    pub attempts: i32,
    /// Grows with each claim.
    pub fence: i64,
    /// Until when a worker has it; `None` when nobody has.
    pub lease_until: Option<Moment>,
    /// When it was composed.
    pub created_at: Moment,
    /// When it was told.
    pub delivered_at: Option<Moment>,
}

/// A delivery that a worker has for a while.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Claim {
    /// The delivery.
    pub id: Uuid,
    /// The intent it came of.
    pub intent_seq: i64,
    /// What the delivery must still carry when it is completed.
    pub fence: i64,
}

/// Adds a delivery; a second one of the same intent and channel is a unique violation.
pub fn insert(conn: &mut Connection, row: &DeliveryRow) -> Result<(), StoreError> {
    diesel::insert_into(delivery::table)
        .values(row)
        .execute(conn)?;
    Ok(())
}

/// Takes up to `limit` deliveries that nobody has, the oldest first, until `lease_until`.
pub fn claim(
    conn: &mut Connection,
    now: UnixMs,
    lease_until: UnixMs,
    limit: i64,
) -> Result<Vec<Claim>, StoreError> {
    let free = delivery::lease_until
        .is_null()
        .or(delivery::lease_until.le(Moment(now)).assume_not_null());
    let rows: Vec<DeliveryRow> = delivery::table
        .filter(delivery::state.eq(Word(DeliveryState::Due)))
        .filter(free)
        .order(delivery::intent_seq)
        .limit(limit)
        .select(DeliveryRow::as_select())
        .load(conn)?;
    let mut claims = Vec::with_capacity(rows.len());
    for row in rows {
        let fence = row.fence + 1;
        diesel::update(delivery::table.find(row.id))
            .set((
                delivery::fence.eq(fence),
                delivery::attempts.eq(row.attempts + 1),
                delivery::lease_until.eq(Moment(lease_until)),
            ))
            .execute(conn)?;
        claims.push(Claim {
            id: row.id.0,
            intent_seq: row.intent_seq,
            fence,
        });
    }
    Ok(claims)
}

/// Marks a claimed delivery as told; false when another worker has taken it since.
pub fn complete(conn: &mut Connection, claim: Claim, now: UnixMs) -> Result<bool, StoreError> {
    let completed = diesel::update(delivery::table.find(Blob(claim.id)))
        .filter(delivery::fence.eq(claim.fence))
        .filter(delivery::state.eq(Word(DeliveryState::Due)))
        .set((
            delivery::state.eq(Word(DeliveryState::Delivered)),
            delivery::lease_until.eq(None::<Moment>),
            delivery::delivered_at.eq(Moment(now)),
        ))
        .execute(conn)?;
    Ok(completed > 0)
}

/// Gives back what a process that is gone had claimed. Only at a start: one process has the data.
pub fn release_all(conn: &mut Connection) -> Result<(), StoreError> {
    diesel::update(delivery::table)
        .filter(delivery::state.eq(Word(DeliveryState::Due)))
        .set(delivery::lease_until.eq(None::<Moment>))
        .execute(conn)?;
    Ok(())
}
