//! One's own API keys; never those of others.

use common::api::keys::{ApiKey, MadeApiKey, NewApiKey};
use common::ids::ApiKeyId;
use gloo_net::http::Method;

use super::{Api, ApiError};

/// One's own keys, the newest first.
pub async fn list(api: Api) -> Result<Vec<ApiKey>, ApiError> {
    api.list("/api-keys").await
}

/// Makes a key; its secret comes with the answer and never again.
pub async fn create(api: Api, key: &NewApiKey) -> Result<MadeApiKey, ApiError> {
    api.send(Method::POST, "/api-keys", key).await
}

/// Removes a key.
pub async fn remove(api: Api, id: ApiKeyId) -> Result<(), ApiError> {
    api.act(Method::DELETE, &format!("/api-keys/{id}")).await
}
