//! Who changes the state; every guarded write names one.

use common::ids::{SessionId, UserId};

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
    /// A part of the server itself, by name (`"alerts"`, `"first start"`).
    System(&'static str),
}
