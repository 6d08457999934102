//! Table `consent`: by what people wanted to be told, from when and until when; never whether they are told.

use common::api::personal_data::{Consent, ConsentKind};
use common::ids::{ChannelId, ConsentId, PushSubscriptionId, UserId};
use common::time::UnixMs;
use diesel::prelude::*;
use uuid::Uuid;

use super::{Blob, Moment, Word};
use crate::store::connection::{Connection, MultiBackend};
use crate::store::error::StoreError;
use crate::store::schema::consent;

/// A consent as it is stored.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = consent, check_for_backend(MultiBackend))]
pub struct ConsentRow {
    /// The same for ever; grows with the time of its giving.
    pub id: Blob<ConsentId>,
    /// Whose it is.
    pub user_id: Blob<UserId>,
    /// What it allows.
    pub kind: Word<ConsentKind>,
    /// The channel or the browser.
    pub subject_id: Blob<Uuid>,
    /// Its name then.
    pub name: String,
    /// Since when.
    pub given_at: Moment,
    /// Until when; `None`: it goes on.
    pub withdrawn_at: Option<Moment>,
}

impl From<ConsentRow> for Consent {
    fn from(row: ConsentRow) -> Self {
        Self {
            id: row.id.0,
            kind: row.kind.0,
            name: row.name,
            given_at: row.given_at.0,
            withdrawn_at: row.withdrawn_at.map(|at| at.0),
        }
    }
}

/// A person's consents, the newest first.
pub fn of_user(conn: &mut Connection, user: UserId) -> Result<Vec<ConsentRow>, StoreError> {
    Ok(consent::table
        .filter(consent::user_id.eq(Blob(user)))
        .order(consent::id.desc())
        .select(ConsentRow::as_select())
        .load(conn)?)
}

/// The person wants to be told in a browser from now on.
pub fn give_browser(
    conn: &mut Connection,
    user: UserId,
    browser: (PushSubscriptionId, &str),
    now: UnixMs,
) -> Result<(), StoreError> {
    insert(
        conn,
        user,
        (ConsentKind::Browser, browser.0.0, browser.1),
        now,
    )
}

/// These browsers are told nothing more.
pub fn withdraw_browsers(
    conn: &mut Connection,
    browsers: &[PushSubscriptionId],
    now: UnixMs,
) -> Result<(), StoreError> {
    let subjects: Vec<_> = browsers.iter().map(|id| Blob(id.0)).collect();
    diesel::update(consent::table)
        .filter(consent::kind.eq(Word(ConsentKind::Browser)))
        .filter(consent::subject_id.eq_any(subjects))
        .filter(consent::withdrawn_at.is_null())
        .set(consent::withdrawn_at.eq(Some(Moment(now))))
        .execute(conn)?;
    Ok(())
}

/// A channel that is gone tells nobody any more.
pub fn end_channel(
    conn: &mut Connection,
    channel: ChannelId,
    now: UnixMs,
) -> Result<(), StoreError> {
    diesel::update(consent::table)
        .filter(consent::kind.eq(Word(ConsentKind::Channel)))
        .filter(consent::subject_id.eq(Blob(channel.0)))
        .filter(consent::withdrawn_at.is_null())
        .set(consent::withdrawn_at.eq(Some(Moment(now))))
        .execute(conn)?;
    Ok(())
}

/// The person wants to be told by these channels, and by no others: what is new is given, what is left
/// out withdrawn.
pub fn set_channels(
    conn: &mut Connection,
    user: UserId,
    channels: &[(ChannelId, &str)],
    now: UnixMs,
) -> Result<(), StoreError> {
    let open: Vec<Blob<Uuid>> = consent::table
        .filter(consent::user_id.eq(Blob(user)))
        .filter(consent::kind.eq(Word(ConsentKind::Channel)))
        .filter(consent::withdrawn_at.is_null())
        .select(consent::subject_id)
        .load(conn)?;
    let stays = |id: &Uuid| channels.iter().any(|(channel, _)| channel.0 == *id);
    let gone: Vec<_> = open.iter().filter(|id| !stays(&id.0)).copied().collect();
    diesel::update(consent::table)
        .filter(consent::user_id.eq(Blob(user)))
        .filter(consent::subject_id.eq_any(gone))
        .filter(consent::withdrawn_at.is_null())
        .set(consent::withdrawn_at.eq(Some(Moment(now))))
        .execute(conn)?;
    for (channel, name) in channels {
        if !open.contains(&Blob(channel.0)) {
            insert(conn, user, (ConsentKind::Channel, channel.0, name), now)?;
        }
    }
    Ok(())
}

fn insert(
    conn: &mut Connection,
    user: UserId,
    (kind, subject, name): (ConsentKind, Uuid, &str),
    now: UnixMs,
) -> Result<(), StoreError> {
    let row = ConsentRow {
        id: Blob(ConsentId(Uuid::now_v7())),
        user_id: Blob(user),
        kind: Word(kind),
        subject_id: Blob(subject),
        name: name.to_owned(),
        given_at: Moment(now),
        withdrawn_at: None,
    };
    diesel::insert_into(consent::table)
        .values(&row)
        .execute(conn)?;
    Ok(())
}
