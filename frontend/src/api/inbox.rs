//! The messages behind the bell; never other channels.

use common::api::inbox::Inbox;
use common::ids::InboxItemId;
use gloo_net::http::Method;

use super::{Api, ApiError};

/// The newest messages and how many are unread in all.
pub async fn read(api: Api) -> Result<Inbox, ApiError> {
    api.get("/notifications/inbox?limit=50").await
}

/// Marks all messages as read.
pub async fn mark_all_read(api: Api) -> Result<(), ApiError> {
    api.act(Method::POST, "/notifications/inbox/read").await
}

/// Marks a message as read.
pub async fn mark_read(api: Api, id: InboxItemId) -> Result<(), ApiError> {
    api.act(Method::POST, &format!("/notifications/inbox/{id}/read"))
        .await
}
