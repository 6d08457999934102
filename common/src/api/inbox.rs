//! The in-app channel: what a person finds behind the bell; never other channels.

use serde::{Deserialize, Serialize};

use crate::alert::{AlertChange, Severity};
use crate::ids::{AlertId, InboxItemId, ServerId};
use crate::time::UnixMs;

/// A message in a person's inbox.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct InboxItem {
    /// Its id.
    pub id: InboxItemId,
    /// When the alert changed.
    pub at: UnixMs,
    /// The alert it is about.
    pub alert_id: AlertId,
    /// What happened to the alert.
    pub change: AlertChange,
    /// How bad it was.
    pub severity: Severity,
    /// The server it is about.
    pub server_id: ServerId,
    /// One line.
    pub title: String,
    /// One sentence.
    pub body: String,
    /// When the person read it.
    pub read_at: Option<UnixMs>,
}

/// `GET /notifications/inbox`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Inbox {
    /// Newest first.
    pub items: Vec<InboxItem>,
    /// Where the next page starts; `None` on the last page.
    pub next_cursor: Option<String>,
    /// How many are unread in all.
    pub unread: u32,
}
