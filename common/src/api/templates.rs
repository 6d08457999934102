//! Templates of messages: what people write, and its preview; never how it is rendered.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::api::channels::ChannelKind;
use crate::ids::{AlertId, TemplateId, UserId};
use crate::language::Language;
use crate::time::UnixMs;

/// What a message says, each part a template; a part that is left out says what the server says.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct TemplateParts {
    /// One line.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// Plain text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// The same as HTML, for e-mail and Matrix.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub html: Option<String>,
    /// The whole body of a webhook.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body: Option<String>,
}

impl TemplateParts {
    /// These, and where one is left out that of `others`.
    #[must_use]
    pub fn or(self, others: &Self) -> Self {
        let part = |own: Option<String>, other: &Option<String>| own.or_else(|| other.clone());
        Self {
            title: part(self.title, &others.title),
            text: part(self.text, &others.text),
            html: part(self.html, &others.html),
            body: part(self.body, &others.body),
        }
    }
}

/// What a template says in other languages than its own. Whoever is told in person reads the nearest to
/// the own language; a part that is left out there says what the template says.
pub type Translations = BTreeMap<Language, TemplateParts>;

/// A template as people write it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct TemplateInput {
    /// Unique; 1 to 100 characters.
    pub name: String,
    /// The kind of channel it is for. It stays what it is.
    pub kind: ChannelKind,
    /// What it says.
    pub parts: TemplateParts,
    /// What it says to people of other languages, by BCP 47 name, up to 20.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    #[cfg_attr(feature = "openapi", schema(value_type = BTreeMap<String, TemplateParts>))]
    pub languages: Translations,
}

/// A template as the server keeps it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Template {
    /// Its id.
    pub id: TemplateId,
    /// Counts its changes, from 1.
    pub version: i64,
    /// Unique.
    pub name: String,
    /// The kind of channel it is for.
    pub kind: ChannelKind,
    /// What it says.
    pub parts: TemplateParts,
    /// What it says to people of other languages, by BCP 47 name.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(value_type = BTreeMap<String, TemplateParts>))]
    pub languages: Translations,
    /// When it was made.
    pub created_at: UnixMs,
    /// When it was last changed.
    pub updated_at: UnixMs,
}

/// What a template said at some time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TemplateVersion {
    /// The version.
    pub version: i64,
    /// What it said.
    pub parts: TemplateParts,
    /// What it said to people of other languages.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(value_type = BTreeMap<String, TemplateParts>))]
    pub languages: Translations,
    /// Since when.
    pub at: UnixMs,
    /// Who wrote it.
    pub by: Option<UserId>,
}

/// `POST /notifications/templates/{id}/restore`: back to what it said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct RestoreTemplate {
    /// The version that is to be said again.
    pub version: i64,
}

/// `POST /notifications/templates/preview`: what a template would say.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PreviewTemplate {
    /// The kind of channel it is for.
    pub kind: ChannelKind,
    /// What it says.
    pub parts: TemplateParts,
    /// The alert it speaks of; a made-up one when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub alert: Option<AlertId>,
}

/// What a template says about an alert.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TemplatePreview {
    /// One line.
    pub title: String,
    /// Plain text.
    pub text: String,
    /// HTML.
    pub html: String,
    /// The whole body of a webhook; `None` when the template gives none.
    pub body: Option<String>,
}
