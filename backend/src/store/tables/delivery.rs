//! Table `delivery`: what one or more intents became for one channel; never a message.

use common::api::deliveries::DeliveryState;
use common::api::personal_data::PersonalDelivery;
use common::ids::{AlertId, ChannelId, DeliveryId, UserId};
use common::time::UnixMs;
use diesel::dsl::{exists, not};
use diesel::prelude::*;
use uuid::Uuid;

use super::intent::Told;
use super::{Blob, Moment, Word};
use crate::store::connection::{Connection, MultiBackend};
use crate::store::error::StoreError;
use crate::store::schema::{alert, delivery, delivery_intent};

/// A delivery that is to be written.
#[derive(Debug, Clone, PartialEq, Eq, Insertable)]
#[diesel(table_name = delivery)]
pub struct NewDelivery {
    /// The same on every attempt.
    pub id: Blob<DeliveryId>,
    /// Where it goes; `None`: to the inboxes.
    pub channel_id: Option<Blob<ChannelId>>,
    /// The channel's name now; `None` for the inboxes and a channel that is gone.
    pub channel_name: Option<String>,
    /// Where it stands.
    pub state: Word<DeliveryState>,
    /// How often it was tried.
    pub attempts: i32,
    /// Those before somebody had it tried again.
    pub attempts_before: i32,
    /// Grows with each claim.
    pub fence: i64,
    /// Not tried earlier.
    pub next_at: Moment,
    /// When the first of its alerts changed.
    pub changed_at: Moment,
    /// When it was composed.
    pub created_at: Moment,
    /// When it came to an end.
    pub ended_at: Option<Moment>,
    /// Why it was dropped or is dead.
    pub reason: Option<String>,
    /// The delivery that was refused, whose messages this one brings.
    pub fallback_of: Option<i64>,
    /// The person for whom alone the channel is told; `None`: it is told for itself.
    pub person_id: Option<Blob<UserId>>,
}

impl NewDelivery {
    /// One that is due at once; it went to no channel yet.
    pub fn due(now: Moment, changed_at: Moment) -> Self {
        Self {
            id: Blob(DeliveryId(Uuid::now_v7())),
            channel_id: None,
            channel_name: None,
            state: Word(DeliveryState::Due),
            attempts: 0,
            attempts_before: 0,
            fence: 0,
            next_at: now,
            changed_at,
            created_at: now,
            ended_at: None,
            reason: None,
            fallback_of: None,
            person_id: None,
        }
    }

    /// The same, brought to its end.
    #[must_use]
    pub fn ended(self, state: DeliveryState, now: Moment, reason: Option<String>) -> Self {
        Self {
            state: Word(state),
            ended_at: Some(now),
            reason,
            ..self
        }
    }
}

/// What a delivery carries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Carried {
    /// The intent.
    pub intent_seq: i64,
    /// Its alert: deliveries of one alert to one channel keep their order.
    pub alert_id: Blob<AlertId>,
}

impl Carried {
    /// A step that a delivery tells.
    pub fn of(told: &Told) -> Self {
        Self {
            intent_seq: told.step.seq,
            alert_id: told.step.alert_id,
        }
    }
}

/// A delivery by its number: where it went, and the intents that it carries.
#[cfg(test)]
pub(crate) type Sent = (i64, Option<ChannelId>, Vec<i64>);

/// The deliveries after that number.
#[cfg(test)]
pub(crate) fn sent_after(conn: &mut Connection, seq: i64) -> Result<Vec<Sent>, StoreError> {
    let rows: Vec<(i64, Option<Blob<ChannelId>>)> = delivery::table
        .filter(delivery::seq.gt(seq))
        .order(delivery::seq)
        .select((delivery::seq, delivery::channel_id))
        .load(conn)?;
    let each = rows.into_iter().map(|(seq, channel)| {
        let intents = delivery_intent::table
            .filter(delivery_intent::delivery_seq.eq(seq))
            .order(delivery_intent::intent_seq)
            .select(delivery_intent::intent_seq)
            .load(conn)?;
        Ok((seq, channel.map(|id| id.0), intents))
    });
    each.collect()
}

/// A channel, and the person for whom alone it was told; `None`: it was told for itself.
pub type ToldChannel = (ChannelId, Option<UserId>);

/// The channels that were told of an alert, not instead of another. One whose message went on to its
/// fall-back counts as well: what follows goes the same way.
pub fn told_channels(
    conn: &mut Connection,
    alert: AlertId,
) -> Result<Vec<ToldChannel>, StoreError> {
    let of_alert = || {
        delivery::table
            .inner_join(delivery_intent::table)
            .filter(delivery_intent::alert_id.eq(Blob(alert)))
    };
    let told: Vec<ToldRow> = of_alert()
        .filter(delivery::fallback_of.is_null())
        .filter(delivery::state.ne(Word(DeliveryState::Dropped)))
        .select((delivery::channel_id, delivery::person_id))
        .distinct()
        .load(conn)?;
    let handed_on: Vec<Option<i64>> = of_alert()
        .filter(delivery::fallback_of.is_not_null())
        .select(delivery::fallback_of)
        .load(conn)?;
    let handed_on: Vec<i64> = handed_on.into_iter().flatten().collect();
    let passed: Vec<ToldRow> = delivery::table
        .filter(delivery::seq.eq_any(handed_on))
        .filter(delivery::fallback_of.is_null())
        .select((delivery::channel_id, delivery::person_id))
        .distinct()
        .load(conn)?;
    let both = told.into_iter().chain(passed);
    let known = |(channel, person): ToldRow| Some((channel?.0, person.map(|id| id.0)));
    Ok(both.filter_map(known).collect())
}

type ToldRow = (Option<Blob<ChannelId>>, Option<Blob<UserId>>);

/// How many deliveries to a channel were composed after a moment, up to another: what the clock
/// called later, before it was set back, is none of them.
pub fn count_between(
    conn: &mut Connection,
    channel: ChannelId,
    (after, to): (UnixMs, UnixMs),
) -> Result<i64, StoreError> {
    Ok(delivery::table
        .filter(delivery::channel_id.eq(Blob(channel)))
        .filter(delivery::created_at.gt(Moment(after)))
        .filter(delivery::created_at.le(Moment(to)))
        .count()
        .get_result(conn)?)
}

/// Adds a delivery with what it carries; its number, which is higher than all before.
pub fn insert(
    conn: &mut Connection,
    row: &NewDelivery,
    carried: &[Carried],
) -> Result<i64, StoreError> {
    let seq: i64 = diesel::insert_into(delivery::table)
        .values(row)
        .returning(delivery::seq)
        .get_result(conn)?;
    for one in carried {
        diesel::insert_into(delivery_intent::table)
            .values((
                delivery_intent::delivery_seq.eq(seq),
                delivery_intent::intent_seq.eq(one.intent_seq),
                delivery_intent::alert_id.eq(one.alert_id),
            ))
            .execute(conn)?;
    }
    Ok(seq)
}

/// What a delivery carries, in the order of the changes.
pub fn carried(conn: &mut Connection, seq: i64) -> Result<Vec<Carried>, StoreError> {
    let rows: Vec<(i64, Blob<AlertId>)> = delivery_intent::table
        .filter(delivery_intent::delivery_seq.eq(seq))
        .order(delivery_intent::intent_seq)
        .select((delivery_intent::intent_seq, delivery_intent::alert_id))
        .load(conn)?;
    let rows = rows.into_iter().map(|(intent_seq, alert_id)| Carried {
        intent_seq,
        alert_id,
    });
    Ok(rows.collect())
}

/// Which of these intents deliveries to a channel carry that were composed since a moment, and where each
/// of those stands.
pub fn states_of(
    conn: &mut Connection,
    channel: ChannelId,
    intents: &[i64],
    since: Moment,
) -> Result<Vec<(i64, DeliveryState)>, StoreError> {
    let rows: Vec<(i64, Word<DeliveryState>)> = delivery::table
        .inner_join(delivery_intent::table)
        .filter(delivery::channel_id.eq(Blob(channel)))
        .filter(delivery_intent::intent_seq.eq_any(intents))
        .filter(delivery::created_at.ge(since))
        .select((delivery_intent::intent_seq, delivery::state))
        .load(conn)?;
    let each = rows.into_iter().map(|(intent, state)| (intent, state.0));
    Ok(each.collect())
}

/// What was composed for a person alone, the newest first.
pub fn to_person(conn: &mut Connection, person: UserId) -> Result<Vec<PersonalRow>, StoreError> {
    Ok(delivery::table
        .filter(delivery::person_id.eq(Blob(person)))
        .order(delivery::seq.desc())
        .select(PersonalRow::as_select())
        .load(conn)?)
}

/// A delivery that was for one person alone.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = delivery, check_for_backend(MultiBackend))]
pub struct PersonalRow {
    /// The same on every attempt.
    pub id: Blob<DeliveryId>,
    /// The channel's name then.
    pub channel_name: Option<String>,
    /// When it was composed.
    pub created_at: Moment,
    /// Where it stands.
    pub state: Word<DeliveryState>,
}

impl From<PersonalRow> for PersonalDelivery {
    fn from(row: PersonalRow) -> Self {
        Self {
            id: row.id.0,
            channel: row.channel_name,
            at: row.created_at.0,
            state: row.state.0,
        }
    }
}

/// Removes up to `limit` deliveries that were composed before a moment and are over; how many. Those
/// about an alert that was open then or is stay: they say who has to hear of its end.
pub fn remove_past(conn: &mut Connection, before: UnixMs, limit: i64) -> Result<usize, StoreError> {
    let is_lasting = alert::resolved_at
        .is_null()
        .or(alert::resolved_at.ge(Moment(before)).assume_not_null());
    // Asked for each delivery by its own rows: the alerts that last may be many.
    let lasting = delivery_intent::table
        .inner_join(alert::table.on(alert::id.eq(delivery_intent::alert_id)))
        .filter(delivery_intent::delivery_seq.eq(delivery::seq))
        .filter(is_lasting);
    let past: Vec<i64> = delivery::table
        .filter(delivery::created_at.lt(Moment(before)))
        .filter(delivery::state.ne(Word(DeliveryState::Due)))
        .filter(not(exists(lasting)))
        .order(delivery::seq)
        .limit(limit)
        .select(delivery::seq)
        .load(conn)?;
    let past = delivery::table.filter(delivery::seq.eq_any(past));
    Ok(diesel::delete(past).execute(conn)?)
}

/// The channel of a delivery, when its first alert changed, and of which delivery it is the
/// fall-back; `None` when there is no such delivery.
pub fn origin(conn: &mut Connection, seq: i64) -> Result<Option<Origin>, StoreError> {
    Ok(delivery::table
        .find(seq)
        .select(Origin::as_select())
        .first(conn)
        .optional()?)
}

/// Where a delivery comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = delivery)]
pub struct Origin {
    /// Where it goes; `None`: to the inboxes.
    pub channel_id: Option<Blob<ChannelId>>,
    /// When the first of its alerts changed.
    pub changed_at: Moment,
    /// When it was composed.
    pub created_at: Moment,
    /// The delivery whose messages it brings.
    pub fallback_of: Option<i64>,
    /// The person for whom alone the channel is told; `None`: it is told for itself.
    pub person_id: Option<Blob<UserId>>,
}
