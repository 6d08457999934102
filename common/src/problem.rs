//! The shape of every error answer (RFC 9457); never the mapping of an error to it.

use serde::{Deserialize, Serialize};

/// What an error answer says, as `application/problem+json`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Problem {
    /// Names the kind of problem; programs compare its end with the constants of [`kind`].
    #[serde(rename = "type")]
    pub kind: String,
    /// The kind in a few words, the same each time.
    pub title: String,
    /// The HTTP status.
    pub status: u16,
    /// What went wrong this time and what to do, for a person.
    pub detail: String,
    /// What is wrong with which field; empty unless the request's content was refused.
    /// Written even then: the live connection's binary form cannot leave a field out.
    #[serde(default)]
    pub errors: Vec<FieldError>,
    /// The id under which the server's log tells more; empty when it never reached the server.
    pub request_id: String,
}

impl Problem {
    /// Whether `type` names this kind.
    pub fn is(&self, kind: &str) -> bool {
        self.kind
            .strip_suffix(kind)
            .is_some_and(|rest| rest.is_empty() || rest.ends_with(':') || rest.ends_with('/'))
    }
}

/// One field that was refused.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FieldError {
    /// Path of the field as in the request: `rule.warning`, `items[2].name`; empty for the whole.
    pub field: String,
    /// What is wrong with it, for a person.
    pub message: String,
}

impl FieldError {
    /// A refused field.
    pub fn new(field: impl Into<String>, message: impl Into<String>) -> Self {
        Self {
            field: field.into(),
            message: message.into(),
        }
    }
}

/// Kinds that programs tell apart although the status is the same.
pub mod kind {
    /// 403: the generated first password must be changed before anything else.
    pub const PASSWORD_CHANGE_REQUIRED: &str = "password-change-required";
    /// 401: the access token is over; a refresh gets a new one.
    pub const TOKEN_EXPIRED: &str = "token-expired";
    /// 401: the session is over; only a new login helps.
    pub const SESSION_ENDED: &str = "session-ended";
    /// 401 at login: unknown name or wrong password, deliberately not told apart.
    pub const WRONG_CREDENTIALS: &str = "wrong-credentials";
    /// 409: the last enabled administrator has to stay.
    pub const LAST_ADMIN: &str = "last-admin";
    /// 503: the answer took longer than it may.
    pub const TIMEOUT: &str = "timeout";
}

#[cfg(test)]
mod tests {
    use super::{Problem, kind};

    #[test]
    fn a_kind_is_known_by_the_end_of_its_type() {
        let mut problem = Problem {
            kind: "urn:watchpost:problem:last-admin".into(),
            title: String::new(),
            status: 409,
            detail: String::new(),
            errors: Vec::new(),
            request_id: String::new(),
        };
        assert!(problem.is(kind::LAST_ADMIN));
        assert!(!problem.is("admin"));
        problem.kind = kind::LAST_ADMIN.into();
        assert!(problem.is(kind::LAST_ADMIN));
    }
}
