//! Login, refresh, own password and own sessions; never a stored secret.

use serde::{Deserialize, Serialize};

use crate::access::{Permission, Role};
use crate::ids::{SessionId, UserId};
use crate::time::UnixMs;

/// `POST /auth/login`.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct LoginRequest {
    /// The login name, in any case.
    pub username: String,
    /// The password.
    pub password: String,
}

/// Answer of login and refresh; the refresh token travels beside it as a cookie.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LoginAnswer {
    /// Goes into `Authorization: Bearer …`.
    pub access_token: String,
    /// Always `Bearer`.
    pub token_type: TokenType,
    /// Seconds until the access token is over.
    pub expires_in: u64,
    /// Who logged in.
    pub user: LoginUser,
}

/// How the access token is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Default)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum TokenType {
    /// In the header `Authorization`.
    #[default]
    Bearer,
}

/// The person of a login.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LoginUser {
    /// The person's id.
    pub id: UserId,
    /// The login name.
    pub username: String,
    /// The name to show; the login name when none was given.
    pub display_name: String,
    /// The person's role.
    pub role: Role,
    /// Until the password is changed everything else is refused.
    pub must_change_password: bool,
}

/// `GET /auth/me`: oneself and what one may do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Me {
    /// The person's id.
    pub id: UserId,
    /// The login name.
    pub username: String,
    /// The name to show; the login name when none was given.
    pub display_name: String,
    /// The address for messages; `None` when none was given.
    pub email: Option<String>,
    /// The person's role.
    pub role: Role,
    /// Until the password is changed everything else is refused.
    pub must_change_password: bool,
    /// Everything the role may do.
    pub permissions: Vec<Permission>,
    /// The session that asks.
    pub session_id: SessionId,
}

/// `POST /auth/password`: changes one's own password and ends one's other sessions.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PasswordChange {
    /// The password until now.
    pub current_password: String,
    /// The password from now on.
    pub new_password: String,
}

/// One of one's own sessions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Session {
    /// The session's id.
    pub id: SessionId,
    /// When the person logged in.
    pub created_at: UnixMs,
    /// When the session last got a new access token.
    pub last_used_at: UnixMs,
    /// When it ends unless it is used before.
    pub expires_at: UnixMs,
    /// The address the session was last used from; `None` when unknown.
    pub address: Option<String>,
    /// The browser or program, as it called itself; `None` when it did not.
    pub user_agent: Option<String>,
    /// Whether this is the session that asks.
    pub current: bool,
}

/// `POST /auth/ws-ticket`: opens one WebSocket.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct WsTicket {
    /// Goes into the WebSocket's `authenticate` message, once.
    pub ticket: String,
    /// Seconds until it is worthless.
    pub expires_in: u64,
}
