//! The whole configuration of alerting as one file: written, and taken whole or not at all; never a secret
//! goes out.
//!
//! Entries of a file mean each other by ids. What has the name of something here is that, so that a file
//! of one installation is understood by another; what is not in the file stays.

mod error;
mod export;
mod here;
mod ids;
mod prepared;
mod read;
mod write;

use common::api::alert_config::ConfigImported;
use common::api::channels::ChannelInput;
use common::ids::ChannelId;
use common::problem::FieldError;

use super::book::ChannelBook;
use super::error::ChannelError;
use super::stored;
use super::template::{TemplateBook, TemplateError};
use crate::alerts::noise::Book;
use crate::alerts::{Import, RuleBook, RuleFileForm, WrittenForm};
use crate::auth::{Allowed, Scope, may};
use crate::store::StoreError;
use crate::store::tables::Moment;

pub use error::ConfigError;
use here::Here;
use prepared::{Placed, Prepared};
use write::{How, ReadyChannel};

/// The whole configuration. Clones share it.
#[derive(Debug, Clone)]
pub struct ConfigFiles {
    /// What is written about who is told.
    pub book: Book,
    /// The channels.
    pub channels: ChannelBook,
    /// The templates.
    pub templates: TemplateBook,
    /// The rules.
    pub rules: RuleBook,
}

impl ConfigFiles {
    /// The file, for somebody who sees all servers.
    pub async fn export(
        &self,
        may: &Allowed<may::NotificationsRead>,
        form: WrittenForm,
    ) -> Result<String, ConfigError> {
        if *may.scope() != Scope::All {
            return Err(ConfigError::OutOfScope);
        }
        let now = self.book.now();
        let read = self.book.store().read(move |conn| export::whole(conn, now));
        export::written(form, &read.await?)
    }

    /// Takes a file, whole or not at all; each problem with its place.
    pub async fn import(
        &self,
        may: &Allowed<may::SettingsWrite>,
        (form, text): (RuleFileForm, String),
        how: Import,
    ) -> Result<ConfigImported, ConfigError> {
        if *may.scope() != Scope::All {
            return Err(ConfigError::OutOfScope);
        }
        let here = self.book.store().read(Here::read).await?;
        let known = here.clone();
        let prepared = tokio::task::spawn_blocking(move || {
            let file = read::read(form, &text)?;
            Prepared::of(file, &known)
        });
        let prepared = prepared.await.map_err(|_| StoreError::Panicked)?;
        let prepared = prepared.map_err(ConfigError::Invalid)?;
        let ready = self.checked(prepared, &here).await?;
        let (by, now) = (may.user_id(), self.book.now());
        let existing = how.existing;
        let actor = may.actor();
        let change = self.book.within(&actor, now, move |conn| {
            if Here::read(conn)? != here {
                return Err(ConfigError::Changed);
            }
            let told = write::write(conn, ready, How { existing, by, now })?;
            if how.dry_run {
                return Err(ConfigError::Tried(Box::new(told)));
            }
            Ok(told)
        });
        match change.await {
            Err(ConfigError::Tried(told)) => Ok(ConfigImported {
                dry_run: true,
                ..*told
            }),
            Ok(told) => {
                self.rules.changed().await;
                self.channels.outbox.wake();
                Ok(told)
            }
            refused => refused,
        }
    }

    /// Channels and templates checked as when a person writes them.
    async fn checked(
        &self,
        prepared: Prepared<ChannelInput>,
        here: &Here,
    ) -> Result<Prepared<ReadyChannel>, ConfigError> {
        let mut wrong = Vec::new();
        for entry in &prepared.templates {
            if let Err(TemplateError::Invalid(faults)) = self.templates.checked(entry.input.clone())
            {
                wrong.extend(faults.into_iter().map(|fault| entry.fault(fault)));
            }
        }
        let mut channels = Vec::new();
        for entry in prepared.channels {
            match self.channel(entry, here).await? {
                Ok(ready) => channels.push(ready),
                Err(faults) => wrong.extend(faults),
            }
        }
        if !wrong.is_empty() {
            return Err(ConfigError::Invalid(wrong));
        }
        Ok(Prepared {
            templates: prepared.templates,
            channels,
            schedules: prepared.schedules,
            policies: prepared.policies,
            routes: prepared.routes,
            inhibitions: prepared.inhibitions,
            windows: prepared.windows,
            silences: prepared.silences,
            rules: prepared.rules,
        })
    }

    async fn channel(
        &self,
        entry: Placed<ChannelInput>,
        here: &Here,
    ) -> Result<Result<Placed<ReadyChannel>, Vec<FieldError>>, ConfigError> {
        let (sealer, now) = (&self.channels.sealer, Moment(self.book.now()));
        let id = ChannelId(entry.id);
        let before = here.channels.iter().find(|row| row.id.0 == id);
        let opened = match before {
            Some(row) => stored::open(sealer, row).map_err(ChannelError::from)?,
            None => stored::Secrets::new(),
        };
        let known = before.map(|row| (row, &opened));
        let checked = match stored::check(&self.channels.reach, entry.input.clone(), known).await {
            Ok(checked) => checked,
            Err(ChannelError::Invalid(faults)) => {
                let faults = faults.into_iter().map(|fault| entry.fault(fault));
                return Ok(Err(faults.collect()));
            }
            Err(other) => return Err(other.into()),
        };
        let is_same = known.is_some_and(|(row, opened)| checked.changes_nothing(row, opened));
        let ready = ReadyChannel {
            row: checked.row(sealer, id, now)?,
            before: before.cloned(),
            is_same,
        };
        Ok(Ok(entry.with(|_| ready)))
    }
}
