//! A delivery into the message that it brings; never how it is sent.

use common::alert::AlertChange;
use common::api::templates::TemplateParts;
use common::api::webhook::{Event, Links};
use common::ids::DeliveryId;
use common::time::UnixMs;

use super::message::{Happened, Message, Text};
use crate::store::tables::channel::ChannelRow;
use crate::store::{Connection, StoreError, tables};

/// What a delivery tells, as it is stored.
#[derive(Debug, Clone)]
pub(super) struct Loaded {
    pub(super) happened: Vec<Happened>,
    /// What to do about the first alert.
    pub(super) runbook: Option<String>,
    /// What the channel's messages say; `None`: what the server says by itself.
    pub(super) template: Option<TemplateParts>,
}

/// What a delivery tells; nothing when its alerts have been removed.
pub(super) fn load(
    conn: &mut Connection,
    seq: i64,
    channel: &ChannelRow,
) -> Result<Loaded, StoreError> {
    let mut happened = Vec::new();
    for carried in tables::delivery::carried(conn, seq)? {
        if let Some(told) = tables::intent::told(conn, carried.intent_seq)? {
            happened.push(Happened::new(told));
        }
    }
    let runbook = match happened.first() {
        Some(first) => tables::rule::find(conn, first.alert.rule_id)?
            .and_then(|rule| rule.definition.0.runbook_url),
        None => None,
    };
    Ok(Loaded {
        happened,
        runbook,
        template: template(conn, channel)?,
    })
}

/// What a channel's messages say; `None`: what the server says by itself.
pub(super) fn template(
    conn: &mut Connection,
    channel: &ChannelRow,
) -> Result<Option<TemplateParts>, StoreError> {
    let Some(id) = channel.template_id else {
        return Ok(None);
    };
    let row = tables::template::find(conn, id.0)?;
    Ok(row.map(|row| row.parts.0))
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
        };
        Some(Message {
            key,
            event: event(&self.happened).unwrap_or(first.event),
            alerts: self.happened,
            text: Text::default(),
            links,
            picture: None,
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
