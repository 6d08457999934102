//! How one wants to be told of alerts; never how others are told.

use common::api::list::Page;
use common::api::personal_data::Consent;
use common::api::preferences::{ChannelName, NotificationPreferences};
use gloo_net::http::Method;

use super::{Api, ApiError, SavedFile};

const PATH: &str = "/notifications/preferences";

/// Reads one's own preferences.
pub async fn read(api: Api) -> Result<NotificationPreferences, ApiError> {
    api.get(PATH).await
}

/// The channels that one may choose from, by name.
pub async fn channels(api: Api) -> Result<Vec<ChannelName>, ApiError> {
    let page: Page<ChannelName> = api.get("/notifications/preferences/channels").await?;
    Ok(page.items)
}

/// Replaces one's own preferences; gives them back as they are kept.
pub async fn replace(
    api: Api,
    wanted: &NotificationPreferences,
) -> Result<NotificationPreferences, ApiError> {
    api.send(Method::PUT, PATH, wanted).await
}

/// Erases one's own preferences, the messages of the inbox and what waits to be told.
pub async fn erase(api: Api) -> Result<(), ApiError> {
    api.act(Method::DELETE, PATH).await
}

/// By what one wanted to be told, the newest first.
pub async fn consents(api: Api) -> Result<Vec<Consent>, ApiError> {
    let page: Page<Consent> = api.get("/notifications/consents").await?;
    Ok(page.items)
}

/// All that is kept about oneself.
pub async fn own_data(api: Api) -> Result<SavedFile, ApiError> {
    api.file("/auth/me/personal-data").await
}
