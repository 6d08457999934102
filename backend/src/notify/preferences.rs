//! How a person wants to be told: read, kept, erased by that person; never applied here.

use common::api::preferences::{ChannelName, Digest, NotificationPreferences};
use common::ids::UserId;
use common::problem::FieldError;
use common::time::UnixMs;

use crate::alerts::noise::{BookError, check_intervals, never_ends, zone};
use crate::auth::{Allowed, may};
use crate::clock::Clock;
use crate::store::tables::channel::ChannelRow;
use crate::store::tables::{channel, consent, notification_preference};
use crate::store::{Connection, Store, StoreError, forget};

/// Most channels for one severity.
const CHANNELS: usize = 20;
const DAY_MINUTES: u16 = 24 * 60;

/// What people want. Clones share it.
#[derive(Debug, Clone)]
pub struct Wishes {
    store: Store,
    clock: Clock,
}

impl Wishes {
    /// Those kept in a store.
    pub fn new(store: Store, clock: Clock) -> Self {
        Self { store, clock }
    }

    /// One's own.
    pub async fn get(
        &self,
        may: &Allowed<may::SelfOnly>,
    ) -> Result<NotificationPreferences, BookError> {
        let user = may.user_id();
        let look = move |conn: &mut Connection| notification_preference::find(conn, user);
        Ok(self.store.read(look).await?.unwrap_or_default())
    }

    /// The channels that one may choose from, by name; never where they lead.
    pub async fn channels(
        &self,
        _may: &Allowed<may::SelfOnly>,
    ) -> Result<Vec<ChannelName>, BookError> {
        let channels = self.store.read(channel::all).await?.into_iter();
        let name = |row: channel::ChannelRow| ChannelName {
            id: row.id.0,
            name: row.name,
            kind: row.kind.0,
            enabled: row.enabled,
        };
        Ok(channels.map(name).collect())
    }

    /// Keeps one's own instead of those before.
    pub async fn put(
        &self,
        may: &Allowed<may::SelfOnly>,
        wanted: NotificationPreferences,
    ) -> Result<NotificationPreferences, BookError> {
        let (user, actor, now) = (may.user_id(), may.actor(), self.clock.now());
        let kept = self.store.change(&actor, move |conn| {
            let known = channel::all(conn)?;
            let wrong = check(&known, &wanted, now);
            if !wrong.is_empty() {
                return Err(BookError::Invalid(wrong));
            }
            keep(conn, user, (&wanted, &known), now)?;
            Ok(wanted)
        });
        kept.await
    }

    /// Erases one's own: preferences, messages in the inbox, and what was put off to be told later.
    pub async fn erase(&self, may: &Allowed<may::SelfOnly>) -> Result<(), BookError> {
        let (user, actor, now) = (may.user_id(), may.actor(), self.clock.now());
        let erased = self
            .store
            .change(&actor, move |conn| forget::wishes(conn, user, now));
        Ok(erased.await?)
    }
}

/// Keeps how a person wants to be told instead of before, and by which of the `known` channels since when.
pub(super) fn keep(
    conn: &mut Connection,
    user: UserId,
    (wanted, known): (&NotificationPreferences, &[ChannelRow]),
    now: UnixMs,
) -> Result<(), StoreError> {
    let chosen = known.iter().filter(|row| wanted.names(row.id.0));
    let chosen: Vec<_> = chosen.map(|row| (row.id.0, row.name.as_str())).collect();
    consent::set_channels(conn, user, &chosen, now)?;
    notification_preference::put(conn, user, wanted, now)
}

fn check(known: &[ChannelRow], wanted: &NotificationPreferences, now: UnixMs) -> Vec<FieldError> {
    let mut wrong = check_intervals("quiet_hours", &wanted.quiet_hours);
    if wrong.is_empty() && never_ends(&wanted.quiet_hours, now) {
        wrong.push(FieldError::new(
            "quiet_hours",
            "would never end within a year",
        ));
    }
    for (field, channels) in [("warning", &wanted.warning), ("critical", &wanted.critical)] {
        let is_there = |id| known.iter().any(|channel| channel.id.0 == id);
        if channels.len() > CHANNELS {
            wrong.push(FieldError::new(field, "must not be more than 20 channels"));
        } else if let Some(at) = channels.iter().position(|id| !is_there(*id)) {
            let message = "there is no such channel";
            wrong.push(FieldError::new(format!("{field}[{at}]"), message));
        }
    }
    if let Digest::Daily { at, .. } = &wanted.digest
        && at.0 >= DAY_MINUTES
    {
        wrong.push(FieldError::new("digest.at", "must be before 24:00"));
    }
    if let Digest::Daily {
        time_zone: Some(name),
        ..
    } = &wanted.digest
        && let Err(unknown) = zone(name)
    {
        let message = unknown.to_string();
        wrong.push(FieldError::new("digest.time_zone", message));
    }
    wrong
}
