//! Table `delivery` as people look at it: lists, one, another try, figures; never the worker's way through it.

use common::alert::AlertChange;
use common::api::deliveries::{Delivery, DeliveryFilter, DeliveryState};
use common::ids::{AlertId, ChannelId, DeliveryId, TemplateId, UserId};
use common::time::UnixMs;
use diesel::prelude::*;

use super::delivery_attempt::AttemptRow;
use super::{Blob, Moment, Word};
use crate::store::connection::{Connection, MultiBackend};
use crate::store::error::StoreError;
use crate::store::schema::{
    alert, alert_history, delivery, delivery_attempt, delivery_intent, server,
};

/// A delivery as it is stored.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = delivery, check_for_backend(MultiBackend))]
pub struct DeliveryRow {
    /// Gives the order.
    pub seq: i64,
    /// The same on every attempt.
    pub id: Blob<DeliveryId>,
    /// Where it goes; `None`: to the inboxes.
    pub channel_id: Option<Blob<ChannelId>>,
    /// The channel's name at that time.
    pub channel_name: Option<String>,
    /// Where it stands.
    pub state: Word<DeliveryState>,
    /// How often it was tried.
    pub attempts: i32,
    /// Not tried earlier.
    pub next_at: Moment,
    /// When the first of its alerts changed.
    pub changed_at: Moment,
    /// When it was composed.
    pub created_at: Moment,
    /// When it came to an end.
    pub ended_at: Option<Moment>,
    /// Why it was dropped, is dead or not there yet.
    pub reason: Option<String>,
    /// The delivery whose messages it brings.
    pub fallback_of: Option<i64>,
}

impl DeliveryRow {
    /// As people see it.
    pub fn shown(self, alerts: Vec<AlertId>) -> Delivery {
        Delivery {
            id: self.id.0,
            channel: self.channel_id.map(|id| id.0),
            channel_name: self.channel_name,
            state: self.state.0,
            attempts: self.attempts.unsigned_abs(),
            alerts,
            changed_at: self.changed_at.0,
            created_at: self.created_at.0,
            next_at: (self.state.0 == DeliveryState::Due).then_some(self.next_at.0),
            ended_at: self.ended_at.map(|at| at.0),
            reason: self.reason,
            is_fallback: self.fallback_of.is_some(),
        }
    }
}

/// The alerts of servers of some groups, as a part of a query.
macro_rules! alerts_in {
    ($groups:ident) => {
        alert::table
            .filter(
                alert::server_id.eq_any(
                    server::table
                        .filter(server::group_name.eq_any($groups))
                        .select(server::id),
                ),
            )
            .select(alert::id)
    };
}

/// What somebody who sees servers of those groups alone sees of deliveries, as a part of a query.
macro_rules! deliveries_in {
    ($groups:ident) => {
        delivery_intent::table
            .filter(delivery_intent::alert_id.eq_any(alerts_in!($groups)))
            .select(delivery_intent::delivery_seq)
    };
}

/// Up to `limit` deliveries, the youngest first, those older than `before`; with `groups` those about
/// an alert of servers of these.
pub fn page(
    conn: &mut Connection,
    filter: &DeliveryFilter,
    groups: Option<&[String]>,
    before: Option<i64>,
    limit: i64,
) -> Result<Vec<DeliveryRow>, StoreError> {
    let mut query = delivery::table
        .order(delivery::seq.desc())
        .limit(limit)
        .select(DeliveryRow::as_select())
        .into_boxed();
    if let Some(before) = before {
        query = query.filter(delivery::seq.lt(before));
    }
    if let Some(channel) = filter.channel {
        query = query.filter(delivery::channel_id.eq(Blob(channel)));
    }
    if let Some(state) = filter.state {
        query = query.filter(delivery::state.eq(Word(state)));
    }
    if let Some(alert) = filter.alert {
        let about = delivery_intent::table
            .filter(delivery_intent::alert_id.eq(Blob(alert)))
            .select(delivery_intent::delivery_seq);
        query = query.filter(delivery::seq.eq_any(about));
    }
    if let Some(groups) = groups {
        query = query.filter(delivery::seq.eq_any(deliveries_in!(groups)));
    }
    Ok(query.load(conn)?)
}

/// A step of an alert on its way to a channel or the inboxes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sent {
    /// The step's intent.
    pub intent_seq: i64,
    /// The delivery that carries it.
    pub row: DeliveryRow,
    /// Its last attempt.
    pub last: Option<AttemptRow>,
}

/// The steps of an alert on their way, as far as the first `limit` deliveries carry them.
pub fn sent_of(conn: &mut Connection, alert: AlertId, limit: i64) -> Result<Vec<Sent>, StoreError> {
    let carried: Vec<(i64, DeliveryRow)> = delivery_intent::table
        .inner_join(delivery::table)
        .filter(delivery_intent::alert_id.eq(Blob(alert)))
        .order((delivery::seq, delivery_intent::intent_seq))
        .limit(limit)
        .select((delivery_intent::intent_seq, DeliveryRow::as_select()))
        .load(conn)?;
    let seqs: Vec<i64> = carried.iter().map(|(_, row)| row.seq).collect();
    let attempts: Vec<AttemptRow> = delivery_attempt::table
        .filter(delivery_attempt::delivery_seq.eq_any(seqs))
        .order(delivery_attempt::number)
        .select(AttemptRow::as_select())
        .load(conn)?;
    let last = |seq: i64| attempts.iter().rfind(|it| it.delivery_seq == seq).cloned();
    let each = carried.into_iter().map(|(intent_seq, row)| Sent {
        intent_seq,
        last: last(row.seq),
        row,
    });
    Ok(each.collect())
}

/// The delivery with that id; `None` when there is none, or with `groups` when it is about no alert of
/// servers of these.
pub fn find(
    conn: &mut Connection,
    id: DeliveryId,
    groups: Option<&[String]>,
) -> Result<Option<DeliveryRow>, StoreError> {
    let mut query = delivery::table
        .filter(delivery::id.eq(Blob(id)))
        .select(DeliveryRow::as_select())
        .into_boxed();
    if let Some(groups) = groups {
        query = query.filter(delivery::seq.eq_any(deliveries_in!(groups)));
    }
    Ok(query.first(conn).optional()?)
}

/// The alerts that a delivery is about, each once; with `groups` those of servers of these.
pub fn alerts_of(
    conn: &mut Connection,
    seq: i64,
    groups: Option<&[String]>,
) -> Result<Vec<AlertId>, StoreError> {
    let mut query = delivery_intent::table
        .filter(delivery_intent::delivery_seq.eq(seq))
        .order(delivery_intent::alert_id)
        .select(delivery_intent::alert_id)
        .distinct()
        .into_boxed();
    if let Some(groups) = groups {
        query = query.filter(delivery_intent::alert_id.eq_any(alerts_in!(groups)));
    }
    let ids: Vec<Blob<AlertId>> = query.load(conn)?;
    Ok(ids.into_iter().map(|id| id.0).collect())
}

/// Has a delivery that is over tried again, as if for the first time; its key stays.
pub fn revive(conn: &mut Connection, seq: i64, now: UnixMs) -> Result<(), StoreError> {
    diesel::update(delivery::table.find(seq))
        .set((
            delivery::state.eq(Word(DeliveryState::Due)),
            delivery::attempts_before.eq(delivery::attempts),
            delivery::next_at.eq(Moment(now)),
            delivery::lease_until.eq(None::<Moment>),
            delivery::ended_at.eq(None::<Moment>),
        ))
        .execute(conn)?;
    Ok(())
}

/// The last attempt of the channel's deliveries that were composed since then.
pub fn last_tried(
    conn: &mut Connection,
    channel: ChannelId,
    since: UnixMs,
) -> Result<Option<AttemptRow>, StoreError> {
    let query = delivery_attempt::table
        .inner_join(delivery::table)
        .filter(delivery::channel_id.eq(Blob(channel)))
        .filter(delivery::created_at.ge(Moment(since)))
        .order((delivery_attempt::at.desc(), delivery_attempt::number.desc()))
        .select(AttemptRow::as_select());
    Ok(query.first(conn).optional()?)
}

/// What figures are made of: one for each delivery.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = delivery, check_for_backend(MultiBackend))]
pub struct Passed {
    /// The channel; `None`: the inboxes.
    pub channel_id: Option<Blob<ChannelId>>,
    /// Its name at that time.
    pub channel_name: Option<String>,
    /// Where it stands.
    pub state: Word<DeliveryState>,
    /// When the first of its alerts changed.
    pub changed_at: Moment,
    /// When it came to an end.
    pub ended_at: Option<Moment>,
    /// The template of its last attempt; `None`: the usual words.
    pub template_id: Option<Blob<TemplateId>>,
    /// The person for whom alone it went there.
    pub person_id: Option<Blob<UserId>>,
}

/// Up to `limit` deliveries since then, the youngest first.
pub fn passed(conn: &mut Connection, since: UnixMs, limit: i64) -> Result<Vec<Passed>, StoreError> {
    Ok(delivery::table
        .filter(delivery::created_at.ge(Moment(since)))
        .order(delivery::seq.desc())
        .limit(limit)
        .select(Passed::as_select())
        .load(conn)?)
}

/// When the firing of an alert arrived at a channel, and when somebody took the alert.
#[derive(Debug, Clone, PartialEq, Eq, Queryable)]
pub struct Taken {
    /// The channel; `None`: the inboxes.
    pub channel_id: Option<Blob<ChannelId>>,
    /// The template that was sent.
    pub template_id: Option<Blob<TemplateId>>,
    /// The person for whom alone it went there.
    pub person_id: Option<Blob<UserId>>,
    /// When the delivery arrived.
    pub ended_at: Option<Moment>,
    /// When the alert was taken.
    pub acknowledged_at: Option<Moment>,
    /// By whom; `None`: by the link of a message.
    pub acknowledged_by: Option<Blob<UserId>>,
}

/// Up to `limit` alerts that were taken, by the channels that told of their firing since then.
pub fn taken(conn: &mut Connection, since: UnixMs, limit: i64) -> Result<Vec<Taken>, StoreError> {
    Ok(delivery::table
        .inner_join(delivery_intent::table)
        .inner_join(alert_history::table.on(alert_history::seq.eq(delivery_intent::intent_seq)))
        .inner_join(alert::table.on(alert::id.eq(delivery_intent::alert_id)))
        .filter(delivery::created_at.ge(Moment(since)))
        .filter(delivery::state.eq(Word(DeliveryState::Delivered)))
        .filter(alert_history::change.eq(Word(AlertChange::Fired)))
        .filter(alert::acknowledged_at.is_not_null())
        .order(delivery::seq.desc())
        .limit(limit)
        .select((
            delivery::channel_id,
            delivery::template_id,
            delivery::person_id,
            delivery::ended_at,
            alert::acknowledged_at,
            alert::acknowledged_by,
        ))
        .load(conn)?)
}
