//! Templates of messages: what people write, and its preview; never how it is rendered.

use serde::{Deserialize, Serialize};

use crate::api::channels::ChannelKind;
use crate::ids::{AlertId, TemplateId, UserId};
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
