//! What is configured here, as far as a file can mean it; never a secret.

use common::api::alert_config::ConfigPart;
use serde_json::Value;
use uuid::Uuid;

use crate::store::tables::alerting_document::{self, DocumentKind};
use crate::store::tables::channel::ChannelRow;
use crate::store::tables::{channel, template, user};
use crate::store::{Connection, StoreError};

/// The parts that are documents.
const DOCUMENTS: [(ConfigPart, DocumentKind); 6] = [
    (ConfigPart::Schedules, DocumentKind::Schedule),
    (ConfigPart::Policies, DocumentKind::Policy),
    (ConfigPart::Routes, DocumentKind::Route),
    (ConfigPart::Inhibitions, DocumentKind::Inhibition),
    (ConfigPart::MaintenanceWindows, DocumentKind::Window),
    (ConfigPart::Silences, DocumentKind::Silence),
];

/// What is here.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Here {
    people: Vec<(Uuid, String)>,
    entries: Vec<(ConfigPart, Uuid, Option<String>)>,
    /// The channels.
    pub(super) channels: Vec<ChannelRow>,
}

impl Here {
    /// As it is now.
    pub(super) fn read(conn: &mut Connection) -> Result<Self, StoreError> {
        let people = user::all(conn)?.into_iter();
        let people = people.map(|row| (row.id.0.0, row.username)).collect();
        let channels = channel::all(conn)?;
        let mut entries = Vec::new();
        for row in template::page(conn, None, i64::MAX)? {
            entries.push((ConfigPart::Templates, row.id.0.0, Some(row.name)));
        }
        for row in &channels {
            entries.push((ConfigPart::Channels, row.id.0.0, Some(row.name.clone())));
        }
        for (part, kind) in DOCUMENTS {
            for row in alerting_document::page(conn, kind, None, i64::MAX)? {
                let written: Option<Value> = serde_json::from_str(&row.definition).ok();
                let name = written.and_then(|it| Some(it.get("name")?.as_str()?.to_owned()));
                entries.push((part, row.id.0, name));
            }
        }
        Ok(Self {
            people,
            entries,
            channels,
        })
    }

    /// Who has that user name.
    pub(super) fn person(&self, username: &str) -> Option<Uuid> {
        let found = self.people.iter().find(|(_, name)| name == username);
        found.map(|(id, _)| *id)
    }

    /// What has that name alone.
    pub(super) fn named(&self, part: ConfigPart, name: &str) -> Option<Uuid> {
        let mut found = self
            .entries
            .iter()
            .filter(|(own, _, called)| *own == part && called.as_deref() == Some(name));
        let first = found.next().map(|(_, id, _)| *id);
        first.filter(|_| found.next().is_none())
    }

    /// Where something with that id belongs; `None` when nothing has it.
    pub(super) fn part_of(&self, id: Uuid) -> Option<ConfigPart> {
        let found = self.entries.iter().find(|(_, own, _)| *own == id);
        found.map(|(part, ..)| *part)
    }
}
