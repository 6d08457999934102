//! One's own preferences; never settings of the server.

use common::api::settings::Preferences;
use gloo_net::http::Method;

use super::{Api, ApiError};

/// Reads them.
pub async fn read(api: Api) -> Result<Preferences, ApiError> {
    api.get("/auth/me/settings").await
}

/// Replaces them; gives them back as they are kept.
pub async fn replace(api: Api, preferences: &Preferences) -> Result<Preferences, ApiError> {
    api.send(Method::PUT, "/auth/me/settings", preferences)
        .await
}
