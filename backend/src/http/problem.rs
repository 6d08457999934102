//! What each domain's error becomes as an answer: the one mapping, without a catch-all arm.
#![deny(clippy::wildcard_enum_match_arm)]

use std::time::Duration;

use actix_web::http::StatusCode;
use common::problem::kind;

use crate::auth::AuthError;
use crate::store::StoreError;

mod answer;

pub use answer::Problem;

impl From<AuthError> for Problem {
    fn from(error: AuthError) -> Self {
        match error {
            AuthError::NoCredentials => {
                Self::unauthorized("Log in, or send an access token with the request.")
            }
            AuthError::TokenInvalid => Self::unauthorized("The access token is not valid."),
            AuthError::TokenExpired => Self::unauthorized("The access token is over. Refresh it.")
                .kind(kind::TOKEN_EXPIRED),
            AuthError::SessionEnded => {
                Self::unauthorized("The session has ended. Log in again.").kind(kind::SESSION_ENDED)
            }
            AuthError::PasswordChangeRequired => Self::new(
                StatusCode::FORBIDDEN,
                "The first password has to be changed before anything else.",
            )
            .kind(kind::PASSWORD_CHANGE_REQUIRED),
            AuthError::Forbidden { role, permission } => Self::new(
                StatusCode::FORBIDDEN,
                format!("The role {role} does not have the permission {permission}."),
            ),
            AuthError::WrongCredentials => {
                Self::unauthorized("The user name or the password is wrong.")
                    .kind(kind::WRONG_CREDENTIALS)
            }
            AuthError::TooManyAttempts { retry_after } => Self::new(
                StatusCode::TOO_MANY_REQUESTS,
                "Too many failed logins. Wait before trying again.",
            )
            .retry_after(retry_after),
            AuthError::Signing(_) | AuthError::Secret(_) => Self::internal(error),
        }
    }
}

/// When a busy or closing store is worth another try.
const SOON: Duration = Duration::from_secs(1);
/// When a read-only store may have been restarted.
const LATER: Duration = Duration::from_mins(1);

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Busy => Self::unavailable("The database is busy.", SOON, error),
            StoreError::Closed => Self::unavailable("The server is stopping.", SOON, error),
            StoreError::Commit { .. } => {
                Self::unavailable("The change could not be stored.", SOON, error)
            }
            StoreError::ReadOnly => Self::unavailable(
                "Nothing can be stored until the server is restarted.",
                LATER,
                error,
            ),
            StoreError::Directory { .. }
            | StoreError::Locked { .. }
            | StoreError::Open { .. }
            | StoreError::Migration { .. }
            | StoreError::Newer { .. }
            | StoreError::Panicked
            | StoreError::Corrupt { .. }
            | StoreError::Statement(_) => Self::internal(error),
        }
    }
}
