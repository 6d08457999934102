//! The channels that people keep: read, made, changed, removed; never spoken to.

use common::api::channels::{Channel, ChannelInput, ChannelPatch, ChannelTest};
use common::ids::ChannelId;
use common::version::{Seen, Version};
use uuid::Uuid;

use super::channels::Verdict;
use super::error::ChannelError;
use super::load;
use super::outbox::Outbox;
use super::send::Wire;
use super::settle::outcome;
use super::stored::{self, Checked};
use crate::auth::{Allowed, may};
use crate::clock::Clock;
use crate::egress::Reach;
use crate::sealed::Sealer;
use crate::store::tables::channel::ChannelRow;
use crate::store::tables::{Blob, Moment};
use crate::store::{Connection, Store, StoreError, tables};

/// So many channels there may be: each may have a few messages on their way.
const MOST: i64 = 100;

/// The book of channels. Clones share it.
#[derive(Debug, Clone)]
pub struct ChannelBook {
    /// Where they are kept.
    pub store: Store,
    /// The time.
    pub clock: Clock,
    /// Seals their secrets.
    pub sealer: Sealer,
    /// Where they may lead.
    pub reach: Reach,
    /// The way out, for trials.
    pub wire: Wire,
    /// Is told that something waits no more.
    pub outbox: Outbox,
}

impl ChannelBook {
    /// Up to `limit` channels by name, those after the name `after`.
    pub async fn page(
        &self,
        _may: &Allowed<may::NotificationsRead>,
        after: Option<String>,
        limit: usize,
    ) -> Result<Vec<Channel>, ChannelError> {
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let rows = self
            .store
            .read(move |conn| tables::channel::page(conn, after.as_deref(), limit))
            .await?;
        let each = rows.into_iter().map(|row| self.shown(row).0);
        Ok(each.collect())
    }

    /// The channel with that id.
    pub async fn get(
        &self,
        _may: &Allowed<may::NotificationsRead>,
        id: ChannelId,
    ) -> Result<(Channel, Version), ChannelError> {
        let row = self
            .store
            .read(move |conn| tables::channel::find(conn, id))
            .await?;
        Ok(self.shown(row.ok_or(ChannelError::NotFound(id))?))
    }

    /// Adds a channel.
    pub async fn create(
        &self,
        may: &Allowed<may::ChannelsWrite>,
        input: ChannelInput,
    ) -> Result<(Channel, Version), ChannelError> {
        let checked = stored::check(&self.reach, input, None).await?;
        let now = Moment(self.clock.now());
        let id = ChannelId(Uuid::now_v7());
        let before = ChannelRow {
            id: Blob(id),
            version: 0,
            created_at: now,
            ..checked.row(&self.sealer, id, now)?
        };
        let row = self
            .store
            .change(&may.actor(), move |conn| {
                if tables::channel::count(conn)? >= MOST {
                    return Err(ChannelError::TooMany { limit: MOST });
                }
                write(conn, &before, true)
            })
            .await?;
        Ok(self.shown(row))
    }

    /// Replaces a channel that the caller saw as `seen`.
    pub async fn replace(
        &self,
        may: &Allowed<may::ChannelsWrite>,
        id: ChannelId,
        input: ChannelInput,
        seen: Seen,
    ) -> Result<(Channel, Version), ChannelError> {
        self.change(may, id, seen, |_| input).await
    }

    /// Changes some fields of a channel that the caller saw as `seen`.
    pub async fn patch(
        &self,
        may: &Allowed<may::ChannelsWrite>,
        id: ChannelId,
        patch: ChannelPatch,
        seen: Seen,
    ) -> Result<(Channel, Version), ChannelError> {
        self.change(may, id, seen, |before| patch.apply(before))
            .await
    }

    /// Removes a channel that the caller saw as `seen`; what waits for it is dropped, or goes on to the next channel of a person.
    pub async fn delete(
        &self,
        may: &Allowed<may::ChannelsWrite>,
        id: ChannelId,
        seen: Seen,
    ) -> Result<(), ChannelError> {
        let now = self.clock.now();
        self.store
            .change(&may.actor(), move |conn| {
                let row = tables::channel::find(conn, id)?.ok_or(ChannelError::NotFound(id))?;
                if !seen.fits(Version(row.version)) {
                    return Err(ChannelError::Changed);
                }
                tables::consent::end_channel(conn, id, now)?;
                Ok(tables::channel::delete(conn, id)?)
            })
            .await?;
        self.outbox.wake();
        Ok(())
    }

    /// Sends a message that says so, and tells what the provider answered. Of browsers only those of who
    /// tries it out are told.
    pub async fn try_out(
        &self,
        may: &Allowed<may::ChannelsWrite>,
        id: ChannelId,
    ) -> Result<ChannelTest, ChannelError> {
        let user = may.user_id();
        let read = self.store.read(move |conn| {
            let row = tables::channel::find(conn, id)?.ok_or(ChannelError::NotFound(id))?;
            let template = load::template(conn, &row, None)?;
            let browsers = tables::push_subscription::of_user(conn, user)?;
            Ok::<_, ChannelError>((row, template, browsers))
        });
        let (row, template, browsers) = read.await?;
        let attempt = self.wire.try_out(&row, template, &browsers).await;
        let answered = attempt.answered;
        if !answered.gone.is_empty() {
            let (actor, gone, now) = (may.actor(), answered.gone, self.clock.now());
            let forget = self.store.change(&actor, move |conn| {
                tables::push_subscription::delete(conn, &gone, now)
            });
            forget.await?;
        }
        Ok(ChannelTest {
            ok: answered.verdict == Verdict::Delivered,
            outcome: outcome(answered.verdict),
            status: answered.status,
            answer: answered.answer,
            duration_ms: u64::try_from(attempt.took.as_millis()).unwrap_or(u64::MAX),
            note: attempt.note,
        })
    }

    /// What is checked takes look-ups of names: it is done outside of the transaction, which then
    /// makes sure that the channel is still the one that was read.
    async fn change(
        &self,
        may: &Allowed<may::ChannelsWrite>,
        id: ChannelId,
        seen: Seen,
        change: impl FnOnce(Channel) -> ChannelInput,
    ) -> Result<(Channel, Version), ChannelError> {
        let before = self
            .store
            .read(move |conn| tables::channel::find(conn, id))
            .await?;
        let before = before.ok_or(ChannelError::NotFound(id))?;
        if !seen.fits(Version(before.version)) {
            return Err(ChannelError::Changed);
        }
        let opened = stored::open(&self.sealer, &before)?;
        let input = change(stored::shown(before.clone(), &opened));
        let checked = stored::check(&self.reach, input, Some((&before, &opened))).await?;
        if checked.changes_nothing(&before, &opened) {
            return Ok(self.shown(before));
        }
        let row = self.changed(&before, checked)?;
        let row = self
            .store
            .change(&may.actor(), move |conn| {
                let now = tables::channel::find(conn, id)?.ok_or(ChannelError::NotFound(id))?;
                if now.version != before.version {
                    return Err(ChannelError::Changed);
                }
                write(conn, &row, false)
            })
            .await?;
        self.outbox.wake();
        Ok(self.shown(row))
    }

    fn changed(&self, before: &ChannelRow, checked: Checked) -> Result<ChannelRow, ChannelError> {
        let now = Moment(self.clock.now());
        Ok(ChannelRow {
            version: before.version,
            created_at: before.created_at,
            ..checked.row(&self.sealer, before.id.0, now)?
        })
    }

    fn shown(&self, row: ChannelRow) -> (Channel, Version) {
        // A channel whose secrets do not open is shown: it can be given new ones.
        let opened = stored::open(&self.sealer, &row).unwrap_or_default();
        let version = Version(row.version);
        (stored::shown(row, &opened), version)
    }
}

/// Writes the row with the next version; its names of others have to exist.
fn write(
    conn: &mut Connection,
    row: &ChannelRow,
    is_new: bool,
) -> Result<ChannelRow, ChannelError> {
    let row = ChannelRow {
        version: row.version + 1,
        ..row.clone()
    };
    stored::check_references(conn, &row)?;
    let written = if is_new {
        tables::channel::insert(conn, &row)
    } else {
        tables::channel::update(conn, &row)
    };
    written.map_err(|error| refused(error, &row.name))?;
    Ok(row)
}

/// The name is the one unique field of a channel.
fn refused(error: StoreError, name: &str) -> ChannelError {
    if error.is_unique_violation() {
        ChannelError::NameTaken(name.to_owned())
    } else {
        error.into()
    }
}
