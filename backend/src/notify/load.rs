//! A delivery into the message that it brings; never how it is sent.

use common::alert::AlertChange;
use common::api::channels::ChannelKind;
use common::api::templates::TemplateParts;
use common::api::webhook::{Event, Links};
use common::ids::{ChannelId, DeliveryId, UserId};
use common::language::Language;
use common::time::UnixMs;

use super::in_app::recipients;
use super::message::{Happened, Message, Text};
use crate::store::tables::Blob;
use crate::store::tables::channel::ChannelRow;
use crate::store::tables::intent::Told;
use crate::store::tables::push_subscription::PushSubscriptionRow;
use crate::store::{Connection, StoreError, tables};

/// What a delivery tells, as it is stored.
#[derive(Debug, Clone)]
pub(super) struct Loaded {
    pub(super) happened: Vec<Happened>,
    /// What to do about the first alert.
    pub(super) runbook: Option<String>,
    /// What the channel's messages say; `None`: what the server says by itself.
    pub(super) template: Option<TemplateParts>,
    /// The browsers that are told, when the channel is of that kind.
    pub(super) browsers: Vec<PushSubscriptionRow>,
    /// It is for one person alone, who has chosen the channel and may leave it.
    pub(super) may_be_left: bool,
}

/// What a delivery tells; nothing when its alerts have been removed.
pub(super) fn load(
    conn: &mut Connection,
    seq: i64,
    channel: &ChannelRow,
) -> Result<Loaded, StoreError> {
    let mut told = Vec::new();
    for carried in tables::delivery::carried(conn, seq)? {
        told.extend(tables::intent::told(conn, carried.intent_seq)?);
    }
    let browsers = if channel.kind.0 == ChannelKind::WebPush {
        browsers(conn, &told)?
    } else {
        Vec::new()
    };
    let happened: Vec<_> = told.into_iter().map(Happened::new).collect();
    let runbook = match happened.first() {
        Some(first) => tables::rule::find(conn, first.alert.rule_id)?
            .and_then(|rule| rule.definition.0.runbook_url),
        None => None,
    };
    let origin = tables::delivery::origin(conn, seq)?;
    let person = origin.and_then(|origin| origin.person_id);
    let person = person.map(|id| id.0);
    let reader = reader(conn, person)?;
    Ok(Loaded {
        happened,
        runbook,
        template: template(conn, channel, reader.as_ref())?,
        browsers,
        may_be_left: has_chosen(conn, person, channel.id.0)?,
    })
}

/// The browsers of those who may see all that is told, and did not do it.
fn browsers(conn: &mut Connection, told: &[Told]) -> Result<Vec<PushSubscriptionRow>, StoreError> {
    let users = tables::user::all(conn)?;
    let mut seeing: Vec<Blob<UserId>> = users.iter().map(|user| user.id).collect();
    for one in told {
        let server = tables::server::find(conn, one.alert.server_id.0)?;
        let group = server.and_then(|server| server.group_name);
        let recipients = recipients(&users, one, group.as_deref());
        seeing.retain(|user| recipients.iter().any(|(id, _)| *id == user.0));
    }
    tables::push_subscription::of_users(conn, &seeing)
}

/// Whether there is a person for whom alone a delivery is, and who has chosen its channel: one that it
/// went on to by a fall-back is nobody's to leave.
fn has_chosen(
    conn: &mut Connection,
    person: Option<UserId>,
    channel: ChannelId,
) -> Result<bool, StoreError> {
    let Some(person) = person else {
        return Ok(false);
    };
    let wanted = tables::notification_preference::find(conn, person)?;
    Ok(wanted.is_some_and(|wanted| wanted.names(channel)))
}

/// The language of the person for whom alone a delivery is; `None` when it is for a channel, or the
/// person has chosen none.
fn reader(conn: &mut Connection, person: Option<UserId>) -> Result<Option<Language>, StoreError> {
    let Some(person) = person else {
        return Ok(None);
    };
    let person = tables::user::find(conn, person)?;
    let locale = person.and_then(|person| person.locale);
    Ok(locale.and_then(|locale| locale.parse().ok()))
}

/// What a channel's messages say, to a person in the nearest language; `None`: what the server says by
/// itself.
pub(super) fn template(
    conn: &mut Connection,
    channel: &ChannelRow,
    reader: Option<&Language>,
) -> Result<Option<TemplateParts>, StoreError> {
    let Some(id) = channel.template_id else {
        return Ok(None);
    };
    let row = tables::template::find(conn, id.0)?;
    Ok(row.map(|row| {
        let translated = reader.and_then(|reader| reader.among(&row.languages.0));
        match translated {
            Some(translated) => translated.clone().or(&row.parts.0),
            None => row.parts.0,
        }
    }))
}

impl Loaded {
    /// The message, without its text; `None` when there is nothing to tell.
    pub(super) fn message(
        self,
        key: DeliveryId,
        at: UnixMs,
        now: UnixMs,
        public_url: Option<&str>,
    ) -> Option<Message> {
        let first = self.happened.first()?;
        let links = Links {
            alert: public_url.map(|url| {
                let url = url.trim_end_matches('/');
                format!("{url}/alerts/{}", first.alert.id)
            }),
            runbook: self.runbook,
            acknowledge: None,
            unsubscribe: None,
        };
        Some(Message {
            key,
            event: event(&self.happened).unwrap_or(first.event),
            alerts: self.happened,
            text: Text::default(),
            links,
            picture: None,
            browsers: Vec::new(),
            at,
            now,
        })
    }
}

/// What happened to all of them: the first that fired, or else the last.
fn event(happened: &[Happened]) -> Option<Event> {
    let first = Event::Changed(AlertChange::Fired);
    let chosen = happened.iter().find(|one| one.event == first);
    chosen.or_else(|| happened.last()).map(|one| one.event)
}
