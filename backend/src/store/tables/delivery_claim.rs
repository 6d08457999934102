//! Table `delivery`, as the worker goes through it: who has which delivery, and how it ended; never a message.

use common::api::deliveries::DeliveryState;
use common::ids::{ChannelId, DeliveryId, TemplateId};
use common::time::UnixMs;
use diesel::dsl::min;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Binary, Integer};

use super::{Blob, Moment, Word};
use crate::store::Connection;
use crate::store::connection::MultiBackend;
use crate::store::error::StoreError;
use crate::store::schema::delivery;

/// A delivery that a worker has for a while.
#[derive(Debug, Clone, Copy, PartialEq, Eq, QueryableByName)]
#[diesel(check_for_backend(MultiBackend))]
pub struct Claim {
    /// The delivery's number.
    #[diesel(sql_type = BigInt)]
    pub seq: i64,
    /// The same on every attempt.
    #[diesel(sql_type = Binary)]
    pub id: Blob<DeliveryId>,
    /// What the delivery must still carry when the attempt is settled.
    #[diesel(sql_type = BigInt)]
    pub fence: i64,
    /// How often it was tried, this time included.
    #[diesel(sql_type = Integer)]
    pub attempts: i32,
    /// Those before somebody had it tried again.
    #[diesel(sql_type = Integer)]
    pub attempts_before: i32,
    /// When it was composed.
    #[diesel(sql_type = BigInt)]
    pub created_at: Moment,
}

/// The first deliveries of a channel that may be tried: nobody has them, and no earlier one of the
/// same alert waits.
const READY: &str = "
    SELECT d.seq, d.id, d.fence, d.attempts, d.attempts_before, d.created_at FROM delivery d
    WHERE d.channel_id = $1 AND d.state = 'due' AND d.next_at <= $2
        AND (d.lease_until IS NULL OR d.lease_until <= $2)
        AND NOT EXISTS (
            SELECT 1 FROM delivery_intent mine
            JOIN delivery_intent theirs
                ON theirs.alert_id = mine.alert_id AND theirs.delivery_seq < mine.delivery_seq
            JOIN delivery earlier ON earlier.seq = theirs.delivery_seq
            WHERE mine.delivery_seq = d.seq
                AND earlier.channel_id = d.channel_id AND earlier.state = 'due'
        )
    ORDER BY d.seq LIMIT $3";

/// The channels for which something may be tried now.
pub fn channels_due(conn: &mut Connection, now: UnixMs) -> Result<Vec<ChannelId>, StoreError> {
    let channels: Vec<Option<Blob<ChannelId>>> = delivery::table
        .filter(delivery::state.eq(Word(DeliveryState::Due)))
        .filter(delivery::next_at.le(Moment(now)))
        .select(delivery::channel_id)
        .distinct()
        .load(conn)?;
    Ok(channels.into_iter().flatten().map(|id| id.0).collect())
}

/// When the next delivery that waits may be tried; `None` when none waits.
pub fn next_at(conn: &mut Connection, now: UnixMs) -> Result<Option<UnixMs>, StoreError> {
    let next: Option<Moment> = delivery::table
        .filter(delivery::state.eq(Word(DeliveryState::Due)))
        .filter(delivery::next_at.gt(Moment(now)))
        .select(min(delivery::next_at))
        .get_result(conn)?;
    Ok(next.map(|at| at.0))
}

/// Takes up to `limit` deliveries of a channel, the oldest first, until `lease_until`.
pub fn claim(
    conn: &mut Connection,
    channel: ChannelId,
    now: UnixMs,
    lease_until: UnixMs,
    limit: i64,
) -> Result<Vec<Claim>, StoreError> {
    let mut claims: Vec<Claim> = diesel::sql_query(READY)
        .bind::<Binary, _>(Blob(channel))
        .bind::<BigInt, _>(Moment(now))
        .bind::<BigInt, _>(limit)
        .load(conn)?;
    for claim in &mut claims {
        claim.fence += 1;
        claim.attempts += 1;
        diesel::update(delivery::table.find(claim.seq))
            .set((
                delivery::fence.eq(claim.fence),
                delivery::attempts.eq(claim.attempts),
                delivery::lease_until.eq(Moment(lease_until)),
            ))
            .execute(conn)?;
    }
    Ok(claims)
}

/// Brings a claimed delivery to its end; false when another worker has taken it since.
pub fn end(
    conn: &mut Connection,
    claim: &Claim,
    state: DeliveryState,
    now: UnixMs,
    reason: Option<&str>,
) -> Result<bool, StoreError> {
    let ended = diesel::update(delivery::table.find(claim.seq))
        .filter(delivery::fence.eq(claim.fence))
        .filter(delivery::state.eq(Word(DeliveryState::Due)))
        .set((
            delivery::state.eq(Word(state)),
            delivery::lease_until.eq(None::<Moment>),
            delivery::ended_at.eq(Moment(now)),
            delivery::reason.eq(reason),
        ))
        .execute(conn)?;
    Ok(ended > 0)
}

/// Notes which template was sent.
pub fn note_template(
    conn: &mut Connection,
    seq: i64,
    template: TemplateId,
) -> Result<(), StoreError> {
    diesel::update(delivery::table.find(seq))
        .set(delivery::template_id.eq(Blob(template)))
        .execute(conn)?;
    Ok(())
}

/// Gives a claimed delivery back until `next_at`; false when another worker has taken it since.
pub fn put_off(
    conn: &mut Connection,
    claim: &Claim,
    next_at: UnixMs,
    reason: &str,
) -> Result<bool, StoreError> {
    let put_off = diesel::update(delivery::table.find(claim.seq))
        .filter(delivery::fence.eq(claim.fence))
        .filter(delivery::state.eq(Word(DeliveryState::Due)))
        .set((
            delivery::next_at.eq(Moment(next_at)),
            delivery::lease_until.eq(None::<Moment>),
            delivery::reason.eq(reason),
        ))
        .execute(conn)?;
    Ok(put_off > 0)
}

/// Numbers of up to `limit` deliveries of a channel that nobody has, and how often each was tried; the
/// oldest first.
pub fn waiting(
    conn: &mut Connection,
    channel: ChannelId,
    now: UnixMs,
    limit: i64,
) -> Result<Vec<(i64, i32)>, StoreError> {
    let free = delivery::lease_until
        .is_null()
        .or(delivery::lease_until.le(Moment(now)).assume_not_null());
    Ok(delivery::table
        .filter(delivery::channel_id.eq(Blob(channel)))
        .filter(delivery::state.eq(Word(DeliveryState::Due)))
        .filter(free)
        .order(delivery::seq)
        .limit(limit)
        .select((delivery::seq, delivery::attempts))
        .load(conn)?)
}

/// Ends a delivery that nobody has without trying it.
pub fn drop_one(
    conn: &mut Connection,
    seq: i64,
    now: UnixMs,
    reason: &str,
) -> Result<(), StoreError> {
    diesel::update(delivery::table.find(seq))
        .filter(delivery::state.eq(Word(DeliveryState::Due)))
        .set((
            delivery::state.eq(Word(DeliveryState::Dropped)),
            delivery::ended_at.eq(Moment(now)),
            delivery::reason.eq(reason),
        ))
        .execute(conn)?;
    Ok(())
}

/// Gives back what a worker that is gone had claimed. Only when there is none: one process has the data.
pub fn release_all(conn: &mut Connection) -> Result<(), StoreError> {
    diesel::update(delivery::table)
        .filter(delivery::state.eq(Word(DeliveryState::Due)))
        .filter(delivery::lease_until.is_not_null())
        .set(delivery::lease_until.eq(None::<Moment>))
        .execute(conn)?;
    Ok(())
}

/// Moves leases and waits of deliveries after the wall clock jumped by so many milliseconds. After a
/// jump forward nothing waits longer than it did.
pub fn shift(conn: &mut Connection, by_ms: i64) -> Result<(), StoreError> {
    let due = delivery::table.filter(delivery::state.eq(Word(DeliveryState::Due)));
    diesel::update(due)
        .set((
            delivery::next_at.eq(delivery::next_at + by_ms.min(0)),
            delivery::lease_until.eq(delivery::lease_until + by_ms),
        ))
        .execute(conn)?;
    Ok(())
}
