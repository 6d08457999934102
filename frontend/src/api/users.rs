//! People with a login, for the administrator; never one's own password.

use common::api::users::{NewUser, User, UserPatch};
use common::ids::UserId;
use gloo_net::http::Method;

use super::{Api, ApiError};

/// Everybody with a login.
pub async fn list(api: Api) -> Result<Vec<User>, ApiError> {
    api.list("/users").await
}

/// Adds a person.
pub async fn create(api: Api, user: &NewUser) -> Result<User, ApiError> {
    api.send(Method::POST, "/users", user).await
}

/// Changes a person.
pub async fn change(api: Api, id: UserId, patch: &UserPatch) -> Result<User, ApiError> {
    api.send(Method::PATCH, &format!("/users/{id}"), patch)
        .await
}

/// Removes a person.
pub async fn remove(api: Api, id: UserId) -> Result<(), ApiError> {
    api.act(Method::DELETE, &format!("/users/{id}")).await
}
