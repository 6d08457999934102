//! How a person leaves a channel by the link of a message: what it is about, and the act; never a page, never for others.

use common::api::preferences::NotificationPreferences;
use common::ids::{ChannelId, UserId};
use common::time::UnixMs;

use super::links::{LinkError, MessageLinks};
use super::preferences::keep;
use crate::auth::MayUnsubscribe;
use crate::store::tables::intent_trace::{NewTrace, TraceOutcome, TraceStep};
use crate::store::tables::{
    Json, Moment, Word, channel, delivery, delivery_log, intent_trace, notice,
    notification_preference, user,
};
use crate::store::{Actor, Connection, StoreError};

/// Who has the link nobody knows.
const ACTOR: Actor = Actor::System("link in a message");

/// What an unsubscribing link is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subscription {
    /// The channel that had the message, as it was called then.
    pub channel: String,
    /// The person for whom alone it was, by the name that is shown.
    pub person: String,
    /// What the one is to the other.
    pub standing: Standing,
}

/// What a channel is to a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// It tells the person.
    Chosen,
    /// It told the person until this act.
    Left,
    /// It does not tell the person.
    NotChosen,
}

impl MessageLinks {
    /// What an unsubscribing link is about. Nothing is changed.
    pub async fn subscription(&self, token: &str) -> Result<Subscription, LinkError> {
        let may = self.maker.may_unsubscribe(token, self.clock.now())?;
        let found = self.store.read(move |conn| find(conn, may)).await?;
        let found = found.ok_or(LinkError::Removed)?;
        Ok(found.subscription)
    }

    /// Takes the channel out of what the person wants, whatever the severity, and drops what waits for
    /// the person there. Again changes nothing.
    pub async fn unsubscribe(&self, token: &str) -> Result<Subscription, LinkError> {
        let now = self.clock.now();
        let may = self.maker.may_unsubscribe(token, now)?;
        let left = self
            .store
            .change(&ACTOR, move |conn| leave(conn, may, now))
            .await?;
        left.ok_or(LinkError::Removed)
    }
}

/// A link's subscription, with whose it is.
struct Found {
    person: UserId,
    channel: ChannelId,
    wanted: NotificationPreferences,
    subscription: Subscription,
}

/// What the link is about; `None` when the delivery or the person has been removed.
fn find(conn: &mut Connection, may: MayUnsubscribe) -> Result<Option<Found>, StoreError> {
    let Some(row) = delivery_log::find(conn, may.delivery(), None)? else {
        return Ok(None);
    };
    let person = delivery::origin(conn, row.seq)?.and_then(|origin| origin.person_id);
    let (Some(channel), Some(person)) = (row.channel_id, person) else {
        return Ok(None);
    };
    let Some(user) = user::find(conn, person.0)? else {
        return Ok(None);
    };
    let wanted = notification_preference::find(conn, person.0)?.unwrap_or_default();
    let standing = if wanted.names(channel.0) {
        Standing::Chosen
    } else {
        Standing::NotChosen
    };
    Ok(Some(Found {
        person: person.0,
        channel: channel.0,
        wanted,
        subscription: Subscription {
            channel: row.channel_name.unwrap_or_default(),
            person: user.shown_name().to_owned(),
            standing,
        },
    }))
}

fn leave(
    conn: &mut Connection,
    may: MayUnsubscribe,
    now: UnixMs,
) -> Result<Option<Subscription>, StoreError> {
    let Some(found) = find(conn, may)? else {
        return Ok(None);
    };
    if found.subscription.standing != Standing::Chosen {
        return Ok(Some(found.subscription));
    }
    drop_waiting(conn, (found.person, found.channel), now)?;
    let known = channel::all(conn)?;
    let wanted = found.wanted.without(found.channel);
    keep(conn, found.person, (&wanted, &known), now)?;
    Ok(Some(Subscription {
        standing: Standing::Left,
        ..found.subscription
    }))
}

/// What was put off for quiet hours or a digest is never told there; the inbox has it.
fn drop_waiting(
    conn: &mut Connection,
    (person, channel): (UserId, ChannelId),
    now: UnixMs,
) -> Result<(), StoreError> {
    let waiting = notice::of_group(conn, channel, &notice::key_of_person(person))?;
    for row in waiting {
        notice::delete(conn, row.id)?;
        let decision = NewTrace {
            intent_seq: row.intent_seq,
            at: Moment(now),
            step: Word(TraceStep::Preference),
            outcome: Word(TraceOutcome::Dropped),
            reason: "The person left the channel before its time came.".to_owned(),
            objects: Json(vec![person.0]),
        };
        intent_trace::insert(conn, &decision)?;
    }
    Ok(())
}
