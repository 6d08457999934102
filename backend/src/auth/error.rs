//! Why somebody was not let in; never what a client is told about it.

use std::time::Duration;

use common::access::{Permission, Role};

use super::password::HashError;
use super::rules::Refusal;
use crate::store::StoreError;

/// Everything that can go wrong between a request and its permission.
#[derive(Debug, thiserror::Error)]
pub enum AuthError {
    /// Nothing that says who asks.
    #[error("no credentials")]
    NoCredentials,
    /// Not a token of ours, or a forged one.
    #[error("the token is not valid")]
    TokenInvalid,
    /// A token of ours whose time is over.
    #[error("the token is over")]
    TokenExpired,
    /// The session was ended, is over, or its person may not log in any more.
    #[error("the session has ended")]
    SessionEnded,
    /// The generated first password was not changed yet.
    #[error("the first password has to be changed")]
    PasswordChangeRequired,
    /// The role lacks the permission.
    #[error("the role {role} lacks {permission}")]
    Forbidden {
        /// The role of who asks.
        role: Role,
        /// What it would take.
        permission: Permission,
    },
    /// An API key, where only the person may come in.
    #[error("an API key is no login")]
    LoginNeeded,
    /// The API key lacks the permission, whatever its person may do.
    #[error("the key lacks the scope {permission}")]
    OutOfScope {
        /// What it would take.
        permission: Permission,
    },
    /// No key of ours, one that was removed, or one whose person may not come in any more.
    #[error("the key is not valid")]
    KeyInvalid,
    /// A key of ours whose time is over.
    #[error("the key is over")]
    KeyExpired,
    /// Unknown name or wrong password.
    #[error("unknown name or wrong password")]
    WrongCredentials,
    /// Too many failed logins for this account from this address.
    #[error("too many failed logins")]
    TooManyAttempts {
        /// How long the next attempt has to wait.
        retry_after: Duration,
    },
    /// The current password, asked for again, is wrong.
    #[error("the current password is wrong")]
    WrongCurrentPassword,
    /// What was given breaks a rule.
    #[error("refused: {0:?}")]
    Refused(Vec<Refusal>),
    /// There is no such session of this person.
    #[error("no such session")]
    UnknownSession,
    /// Too many passwords are being checked already.
    #[error("too many passwords are being checked")]
    Busy,
    /// A stored hash is damaged, or hashing failed.
    #[error("hashing a password failed")]
    Hash(#[from] HashError),
    /// The databases refused.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A token could not be signed.
    #[error("signing a token failed")]
    Signing(#[source] jsonwebtoken::errors::Error),
    /// The system gave no random bytes, or the key file failed.
    #[error("a secret could not be made or read: {0}")]
    Secret(#[from] std::io::Error),
}
