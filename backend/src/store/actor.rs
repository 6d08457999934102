//! Who changes the state; every guarded write names one.

use common::ids::{ApiKeyId, SessionId, UserId};

/// Who is behind a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Actor {
    /// A person, in one of their logins.
    Person {
        /// Who.
        user: UserId,
        /// In which login.
        session: SessionId,
    },
    /// A program, with a person's API key.
    Key {
        /// Whose key.
        user: UserId,
        /// Which.
        key: ApiKeyId,
    },
    /// A program, with a person's name and password.
    Password {
        /// Who.
        user: UserId,
    },
    /// A part of the server itself, by name (`"alerts"`, `"first start"`).
    System(&'static str),
}
