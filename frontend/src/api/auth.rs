//! Login, session and own password; never where the token is kept.

use common::api::auth::{LoginAnswer, LoginRequest, PasswordChange, Session};
use common::ids::SessionId;
use gloo_net::http::Method;

use super::request::{login_call, parse, write};
use super::{Api, ApiError};

/// Logs in; the session's cookie comes with the answer.
pub async fn login(username: String, password: String) -> Result<LoginAnswer, ApiError> {
    let body = write(&LoginRequest { username, password })?;
    parse(&login_call("/auth/login", Some(&body)).await?)
}

/// Asks for a new token with the session's cookie.
pub(super) async fn refresh() -> Result<LoginAnswer, ApiError> {
    parse(&login_call("/auth/refresh", None).await?)
}

/// Ends the session of this browser.
pub async fn logout() -> Result<(), ApiError> {
    login_call("/auth/logout", None).await.map(drop)
}

/// Changes one's own password.
pub async fn change_password(api: Api, current: String, new: String) -> Result<(), ApiError> {
    let change = PasswordChange {
        current_password: current,
        new_password: new,
    };
    api.tell(Method::POST, "/auth/password", &change).await
}

/// One's own sessions.
pub async fn sessions(api: Api) -> Result<Vec<Session>, ApiError> {
    api.list("/auth/sessions").await
}

/// Ends one of one's own sessions.
pub async fn end_session(api: Api, id: SessionId) -> Result<(), ApiError> {
    api.act(Method::DELETE, &format!("/auth/sessions/{id}"))
        .await
}
