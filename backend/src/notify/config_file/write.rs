//! Writes what a file holds within one change: each entry after those that it means; never reads a file.

use common::api::alert_config::{ConfigImported, ConfigItem, ConfigPart};
use common::api::rules::{LeftOut, OnExisting};
use common::api::templates::TemplateInput;
use common::ids::{TemplateId, UserId};
use common::problem::FieldError;
use common::time::UnixMs;

use super::error::ConfigError;
use super::prepared::{Placed, Prepared};
use crate::alerts::noise::{BookError, Document, find, put};
use crate::alerts::{FileRules, RuleError};
use crate::notify::error::ChannelError;
use crate::notify::stored;
use crate::store::tables::channel::ChannelRow;
use crate::store::tables::template::TemplateRow;
use crate::store::tables::{Blob, Json, Moment, Word};
use crate::store::{Connection, StoreError, tables};

/// A channel that was checked, with what it replaces.
#[derive(Debug)]
pub(super) struct ReadyChannel {
    /// As it would be.
    pub(super) row: ChannelRow,
    /// As it is; `None` when it is new.
    pub(super) before: Option<ChannelRow>,
    /// It would stay as it is.
    pub(super) is_same: bool,
}

/// Who writes when, and what becomes of what is there.
#[derive(Debug, Clone, Copy)]
pub(super) struct How {
    pub(super) existing: OnExisting,
    pub(super) by: UserId,
    pub(super) now: UnixMs,
}

/// Writes all, or returns every fault.
pub(super) fn write(
    conn: &mut Connection,
    all: Prepared<ReadyChannel>,
    how: How,
) -> Result<ConfigImported, ConfigError> {
    let mut writing = Writing {
        conn,
        how,
        told: ConfigImported::default(),
        wrong: Vec::new(),
    };
    writing.templates(all.templates)?;
    writing.channels(all.channels)?;
    writing.documents(all.schedules)?;
    writing.documents(all.policies)?;
    writing.documents(all.routes)?;
    writing.documents(all.inhibitions)?;
    writing.documents(all.windows)?;
    writing.documents(all.silences)?;
    writing.rules(all.rules)?;
    if writing.wrong.is_empty() {
        Ok(writing.told)
    } else {
        Err(ConfigError::Invalid(writing.wrong))
    }
}

struct Writing<'a> {
    conn: &'a mut Connection,
    how: How,
    told: ConfigImported,
    wrong: Vec<FieldError>,
}

impl Writing<'_> {
    /// Whether an entry is to be written; `is_same` is `None` when it is new.
    fn takes<T>(&mut self, entry: &Placed<T>, is_same: Option<bool>) -> bool {
        let item = entry.item.clone();
        match (is_same, self.how.existing) {
            (None, _) => self.told.added.push(item),
            (Some(true), _) | (Some(false), OnExisting::Skip) => {
                self.told.unchanged.push(item);
                return false;
            }
            (Some(false), OnExisting::Replace) => self.told.replaced.push(item),
            (Some(false), OnExisting::Refuse) => {
                let message = "is there already, and is not the same";
                self.wrong.push(entry.fault(FieldError::new("", message)));
                return false;
            }
        }
        true
    }

    fn templates(&mut self, all: Vec<Placed<TemplateInput>>) -> Result<(), ConfigError> {
        for entry in all {
            let id = TemplateId(entry.id);
            let before = tables::template::find(self.conn, id)?;
            if before
                .as_ref()
                .is_some_and(|it| it.kind.0 != entry.input.kind)
            {
                let fault = FieldError::new("kind", "cannot change: make another template");
                self.wrong.push(entry.fault(fault));
                continue;
            }
            let is_same = |it: &TemplateRow| it.says(&entry.input);
            if !self.takes(&entry, before.as_ref().map(is_same)) {
                continue;
            }
            let (version, created_at) = before
                .as_ref()
                .map_or((0, Moment(self.how.now)), |it| (it.version, it.created_at));
            let row = TemplateRow {
                id: Blob(id),
                version: version + 1,
                name: entry.input.name.clone(),
                kind: Word(entry.input.kind),
                parts: Json(entry.input.parts.clone()),
                languages: Json(entry.input.languages.clone()),
                created_at,
                updated_at: Moment(self.how.now),
            };
            let by = Some(self.how.by);
            let written = match before {
                None => tables::template::insert(self.conn, &row, by),
                Some(_) => tables::template::update(self.conn, &row, by),
            };
            written.map_err(|error| name_taken(&entry, error))?;
        }
        Ok(())
    }

    /// First all, then what they fall back on: they may mean each other.
    fn channels(&mut self, all: Vec<Placed<ReadyChannel>>) -> Result<(), ConfigError> {
        let mut written = Vec::new();
        for entry in all {
            let is_same = entry.input.before.as_ref().map(|_| entry.input.is_same);
            if !self.takes(&entry, is_same) {
                continue;
            }
            let before = entry.input.before.as_ref();
            let alone = ChannelRow {
                version: before.map_or(0, |it| it.version) + 1,
                created_at: before.map_or(Moment(self.how.now), |it| it.created_at),
                fallback_id: None,
                ..entry.input.row.clone()
            };
            let done = match before {
                None => tables::channel::insert(self.conn, &alone),
                Some(_) => tables::channel::update(self.conn, &alone),
            };
            done.map_err(|error| name_taken(&entry, error))?;
            written.push((entry, alone));
        }
        for (entry, alone) in written {
            let whole = ChannelRow {
                fallback_id: entry.input.row.fallback_id,
                ..alone
            };
            match stored::check_references(self.conn, &whole) {
                Ok(()) => tables::channel::update(self.conn, &whole)?,
                Err(ChannelError::Invalid(faults)) => {
                    let faults = faults.into_iter().map(|fault| entry.fault(fault));
                    self.wrong.extend(faults);
                }
                Err(other) => return Err(other.into()),
            }
        }
        Ok(())
    }

    fn documents<D: Document>(&mut self, all: Vec<Placed<D>>) -> Result<(), ConfigError> {
        for mut entry in all {
            let now = self.how.now;
            let before = find::<D>(self.conn, entry.id)?;
            entry
                .input
                .complete(before.as_ref().map(|it| &it.input), now);
            if entry.input.ends_at().is_some_and(|end| end <= now) {
                self.told.left_out.push(LeftOut {
                    place: entry.place,
                    name: entry.item.name,
                    why: "it is over".to_owned(),
                });
                continue;
            }
            let is_same = before.as_ref().map(|it| it.input == entry.input);
            if !self.takes(&entry, is_same) {
                continue;
            }
            let input = entry.input.clone();
            match put(self.conn, before, (entry.id, input), (self.how.by, now)) {
                Ok(()) => {}
                Err(BookError::Invalid(faults)) => {
                    let faults = faults.into_iter().map(|fault| entry.fault(fault));
                    self.wrong.extend(faults);
                }
                Err(other) => return Err(other.into()),
            }
        }
        Ok(())
    }

    fn rules(&mut self, all: FileRules) -> Result<(), ConfigError> {
        let told = match all.write(self.conn, self.how.existing, self.how.now) {
            Ok(told) => told,
            Err(RuleError::Invalid(faults)) => {
                self.wrong.extend(faults);
                return Ok(());
            }
            Err(other) => return Err(other.into()),
        };
        let items = |names: Vec<String>| {
            let part = ConfigPart::Rules;
            names.into_iter().map(move |name| ConfigItem { part, name })
        };
        self.told.added.extend(items(told.added));
        self.told.replaced.extend(items(told.replaced));
        self.told.unchanged.extend(items(told.unchanged));
        Ok(())
    }
}

/// The name is the one unique field. A statement that failed ends the whole change.
fn name_taken<T>(entry: &Placed<T>, error: StoreError) -> ConfigError {
    if error.is_unique_violation() {
        let fault = FieldError::new("name", "is taken by another");
        ConfigError::Invalid(vec![entry.fault(fault)])
    } else {
        error.into()
    }
}
