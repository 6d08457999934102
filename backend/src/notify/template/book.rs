//! The templates that people keep: read, made, changed, put back, removed, tried; never sent.

use common::api::templates::{
    PreviewTemplate, Template, TemplateInput, TemplatePreview, TemplateVersion,
};
use common::ids::{AlertId, DeliveryId, TemplateId};
use common::problem::FieldError;
use common::version::{Seen, Version};
use uuid::Uuid;

use super::parts;
use crate::auth::{Allowed, Scope, may};
use crate::clock::Clock;
use crate::notify::load::Loaded;
use crate::notify::message::{Happened, Message};
use crate::notify::wording;
use crate::store::tables::template::TemplateRow;
use crate::store::tables::{Blob, Json, Moment, Word};
use crate::store::{Store, StoreError, tables};

/// So many templates there may be.
const MOST: i64 = 200;
const NAME_CHARS: usize = 100;

/// Why nothing was done with a template.
#[derive(Debug, thiserror::Error)]
pub enum TemplateError {
    /// There is no such template.
    #[error("there is no template {0}")]
    NotFound(TemplateId),
    /// It never said that.
    #[error("the template has no version {0}")]
    NoVersion(i64),
    /// There is no such alert to speak of.
    #[error("there is no alert {0}")]
    NoAlert(AlertId),
    /// It makes no sense.
    #[error("the template makes no sense: {0:?}")]
    Invalid(Vec<FieldError>),
    /// Another has the name.
    #[error("another template is called {0}")]
    NameTaken(String),
    /// There are as many as there may be.
    #[error("there are {limit} templates already")]
    TooMany {
        /// The most.
        limit: i64,
    },
    /// It changed since the caller read it.
    #[error("the template changed since it was read")]
    Changed,
    /// It could not be read or written.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// The book of templates. Clones share it.
#[derive(Debug, Clone)]
pub struct TemplateBook {
    /// Where they are kept.
    pub store: Store,
    /// The time.
    pub clock: Clock,
    /// Where links in messages lead.
    pub public_url: Option<String>,
}

impl TemplateBook {
    /// Up to `limit` templates by name, those after the name `after`.
    pub async fn page(
        &self,
        _may: &Allowed<may::NotificationsRead>,
        after: Option<String>,
        limit: usize,
    ) -> Result<Vec<Template>, TemplateError> {
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let rows = self
            .store
            .read(move |conn| tables::template::page(conn, after.as_deref(), limit))
            .await?;
        Ok(rows.into_iter().map(shown).collect())
    }

    /// The template with that id.
    pub async fn get(
        &self,
        _may: &Allowed<may::NotificationsRead>,
        id: TemplateId,
    ) -> Result<Template, TemplateError> {
        let row = self
            .store
            .read(move |conn| tables::template::find(conn, id))
            .await?;
        row.map(shown).ok_or(TemplateError::NotFound(id))
    }

    /// What it says and said, the newest first.
    pub async fn versions(
        &self,
        _may: &Allowed<may::NotificationsRead>,
        id: TemplateId,
    ) -> Result<Vec<TemplateVersion>, TemplateError> {
        let read = self.store.read(move |conn| {
            if tables::template::find(conn, id)?.is_none() {
                return Err(TemplateError::NotFound(id));
            }
            Ok(tables::template::versions(conn, id)?)
        });
        let each = read.await?.into_iter().map(|row| TemplateVersion {
            version: row.version,
            parts: row.parts.0,
            languages: row.languages.0,
            at: row.at.0,
            by: row.by_user.map(|id| id.0),
        });
        Ok(each.collect())
    }

    /// Adds a template.
    pub async fn create(
        &self,
        may: &Allowed<may::ChannelsWrite>,
        input: TemplateInput,
    ) -> Result<Template, TemplateError> {
        let input = self.checked(input)?;
        let now = Moment(self.clock.now());
        let row = TemplateRow {
            id: Blob(TemplateId(Uuid::now_v7())),
            version: 1,
            name: input.name,
            kind: Word(input.kind),
            parts: Json(input.parts),
            created_at: now,
            updated_at: now,
            languages: Json(input.languages),
        };
        let (by, written) = (may.user_id(), row.clone());
        self.store
            .change(&may.actor(), move |conn| {
                if tables::template::count(conn)? >= MOST {
                    return Err(TemplateError::TooMany { limit: MOST });
                }
                tables::template::insert(conn, &written, Some(by))
                    .map_err(|error| refused(error, &written.name))
            })
            .await?;
        Ok(shown(row))
    }

    /// Replaces a template that the caller saw as `seen`.
    pub async fn replace(
        &self,
        may: &Allowed<may::ChannelsWrite>,
        id: TemplateId,
        input: TemplateInput,
        seen: Seen,
    ) -> Result<Template, TemplateError> {
        let input = self.checked(input)?;
        let (by, actor, now) = (may.user_id(), may.actor(), Moment(self.clock.now()));
        let changed = self.store.change(&actor, move |conn| {
            let before = tables::template::find(conn, id)?.ok_or(TemplateError::NotFound(id))?;
            if !seen.fits(Version(before.version)) {
                return Err(TemplateError::Changed);
            }
            if before.kind.0 != input.kind {
                let message = "cannot change: make another template";
                return Err(TemplateError::Invalid(vec![FieldError::new(
                    "kind", message,
                )]));
            }
            if before.says(&input) {
                return Ok(before);
            }
            let row = TemplateRow {
                version: before.version + 1,
                name: input.name,
                parts: Json(input.parts),
                languages: Json(input.languages),
                updated_at: now,
                ..before
            };
            tables::template::update(conn, &row, Some(by))
                .map_err(|error| refused(error, &row.name))?;
            Ok(row)
        });
        Ok(shown(changed.await?))
    }

    /// Has a template say again what it said in that version.
    pub async fn restore(
        &self,
        may: &Allowed<may::ChannelsWrite>,
        id: TemplateId,
        version: i64,
    ) -> Result<Template, TemplateError> {
        let read = self.store.read(move |conn| {
            let row = tables::template::find(conn, id)?.ok_or(TemplateError::NotFound(id))?;
            let then = tables::template::version(conn, id, version)?;
            let then = then.ok_or(TemplateError::NoVersion(version))?;
            Ok::<_, TemplateError>((row, then))
        });
        let (row, then) = read.await?;
        let seen = Seen::OneOf(vec![Version(row.version)]);
        let input = TemplateInput {
            name: row.name,
            kind: row.kind.0,
            parts: then.parts.0,
            languages: then.languages.0,
        };
        self.replace(may, id, input, seen).await
    }

    /// Removes a template that the caller saw as `seen`; its channels say what the server says.
    pub async fn delete(
        &self,
        may: &Allowed<may::ChannelsWrite>,
        id: TemplateId,
        seen: Seen,
    ) -> Result<(), TemplateError> {
        self.store
            .change(&may.actor(), move |conn| {
                let row = tables::template::find(conn, id)?.ok_or(TemplateError::NotFound(id))?;
                if !seen.fits(Version(row.version)) {
                    return Err(TemplateError::Changed);
                }
                Ok(tables::template::delete(conn, id)?)
            })
            .await
    }

    /// What a template would say about an alert, or about one that never was.
    pub async fn preview(
        &self,
        may: &Allowed<may::NotificationsRead>,
        wanted: PreviewTemplate,
    ) -> Result<TemplatePreview, TemplateError> {
        let message = match wanted.alert {
            Some(id) => self.about(may.scope().clone(), id).await?,
            None => self.sample(),
        };
        let wrong = parts::check(wanted.kind, &wanted.parts, &message);
        if !wrong.is_empty() {
            return Err(TemplateError::Invalid(wrong));
        }
        let (text, _) = parts::render(&wanted.parts, &message);
        Ok(TemplatePreview {
            title: text.title,
            text: text.body,
            html: text.html,
            body: text.raw,
        })
    }

    async fn about(&self, scope: Scope, id: AlertId) -> Result<Message, TemplateError> {
        let read = self.store.read(move |conn| {
            if scope.find_alert(conn, id)?.is_none() {
                return Ok(None);
            }
            let last = tables::alert_history::of(conn, id)?.pop();
            match last {
                Some(step) => tables::intent::told(conn, step.seq),
                None => Ok(None),
            }
        });
        let told = read.await?.ok_or(TemplateError::NoAlert(id))?;
        let loaded = Loaded {
            happened: vec![Happened::new(told)],
            runbook: None,
            template: None,
            browsers: Vec::new(),
            may_be_left: false,
        };
        let (key, now) = (DeliveryId(Uuid::nil()), self.clock.now());
        let message = loaded.message(key, now, now, self.public_url.as_deref());
        message.ok_or(TemplateError::NoAlert(id))
    }

    fn sample(&self) -> Message {
        let key = DeliveryId(Uuid::nil());
        wording::trial(key, self.clock.now(), self.public_url.as_deref())
    }

    pub(in crate::notify) fn checked(
        &self,
        input: TemplateInput,
    ) -> Result<TemplateInput, TemplateError> {
        let name = input.name.trim().to_owned();
        let input = TemplateInput { name, ..input };
        let mut wrong = parts::check_all(&input, &self.sample());
        if input.name.is_empty() || input.name.chars().count() > NAME_CHARS {
            let message = format!("has to have 1 to {NAME_CHARS} characters");
            wrong.push(FieldError::new("name", message));
        }
        if wrong.is_empty() {
            Ok(input)
        } else {
            Err(TemplateError::Invalid(wrong))
        }
    }
}

fn shown(row: TemplateRow) -> Template {
    Template {
        id: row.id.0,
        version: row.version,
        name: row.name,
        kind: row.kind.0,
        parts: row.parts.0,
        languages: row.languages.0,
        created_at: row.created_at.0,
        updated_at: row.updated_at.0,
    }
}

/// The name is the one unique field of a template.
fn refused(error: StoreError, name: &str) -> TemplateError {
    if error.is_unique_violation() {
        TemplateError::NameTaken(name.to_owned())
    } else {
        error.into()
    }
}
