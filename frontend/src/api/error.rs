//! What can go wrong with a call, as far as a person can be told; never a raw status.

use common::problem::{FieldError, Problem, kind};

/// Why a call brought nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ApiError {
    /// No answer came: the network or the server is away.
    Offline,
    /// The page that asked was left.
    Aborted,
    /// Nobody is logged in any more.
    LoggedOut,
    /// Name or password is wrong.
    WrongCredentials,
    /// The generated password must be changed first.
    PasswordChangeRequired,
    /// The person's role does not allow it.
    Forbidden,
    /// The thing is gone.
    NotFound,
    /// Something else changed in between, or stands against it.
    Conflict {
        /// What stands against it.
        detail: String,
    },
    /// The server refused what was entered.
    Invalid {
        /// Each refused field.
        fields: Vec<FieldError>,
        /// What is wrong with the whole.
        detail: String,
    },
    /// Asked too often.
    TooMany {
        /// When to try again; `None` when the server does not say.
        retry_after_seconds: Option<u32>,
    },
    /// The server failed.
    Server {
        /// Names the log line that tells more; `None` when the server did not say.
        request_id: Option<String>,
    },
    /// The answer was not understood: page and server are of different versions.
    Unreadable,
}

/// What is said where Prometheus's formats are spoken.
#[derive(serde::Deserialize)]
struct PromError {
    error: String,
}

impl ApiError {
    /// The error that an answer with this status and body stands for.
    pub fn of_answer(status: u16, retry_after: Option<&str>, body: &str) -> Self {
        let problem = serde_json::from_str::<Problem>(body).ok();
        let is = |kind| problem.as_ref().is_some_and(|found| found.is(kind));
        let detail = || {
            problem
                .as_ref()
                .map(|found| found.detail.clone())
                .unwrap_or_default()
        };
        if let (400 | 422 | 503, Ok(found)) = (status, serde_json::from_str::<PromError>(body)) {
            return Self::Invalid {
                fields: Vec::new(),
                detail: found.error,
            };
        }
        match status {
            401 if is(kind::WRONG_CREDENTIALS) => Self::WrongCredentials,
            401 => Self::LoggedOut,
            403 if is(kind::PASSWORD_CHANGE_REQUIRED) => Self::PasswordChangeRequired,
            403 => Self::Forbidden,
            404 => Self::NotFound,
            409 | 412 => Self::Conflict { detail: detail() },
            400 | 413 | 415 | 422 => Self::Invalid {
                detail: detail(),
                fields: problem.map(|found| found.errors).unwrap_or_default(),
            },
            429 => Self::TooMany {
                retry_after_seconds: retry_after.and_then(|text| text.parse().ok()),
            },
            _ => Self::Server {
                request_id: problem
                    .map(|found| found.request_id)
                    .filter(|id| !id.is_empty()),
            },
        }
    }

    /// What happened and what to do, in a sentence or two.
    pub fn message(&self) -> String {
        match self {
            Self::Offline => "The server does not answer. It is tried again by itself.".into(),
            Self::Aborted => "The page was left.".into(),
            Self::LoggedOut => "The session is over. Log in again.".into(),
            Self::WrongCredentials => "Name or password is wrong.".into(),
            Self::PasswordChangeRequired => "Change the password first.".into(),
            Self::Forbidden => "Your role does not allow this. Ask an administrator.".into(),
            Self::NotFound => "It does not exist any more.".into(),
            Self::Conflict { detail } if detail.is_empty() => {
                "It was changed in between. Load it again.".into()
            }
            Self::Invalid { detail, .. } if detail.is_empty() => {
                "Something entered is not accepted.".into()
            }
            Self::Conflict { detail } | Self::Invalid { detail, .. } => detail.clone(),
            Self::TooMany {
                retry_after_seconds: Some(seconds),
            } => format!("Too many attempts. Try again in {seconds} s."),
            Self::TooMany { .. } => "Too many attempts. Try again in a minute.".into(),
            Self::Server {
                request_id: Some(id),
            } => format!("The server failed. Its log tells more under request {id}."),
            Self::Server { .. } => "The server failed. Its log tells more.".into(),
            Self::Unreadable => "The answer was not understood. Reload the page.".into(),
        }
    }

    /// What is wrong with the field at this path; `None` when it was accepted.
    pub fn of_field(&self, path: &str) -> Option<String> {
        match self {
            Self::Invalid { fields, .. } => fields
                .iter()
                .find(|error| error.field == path)
                .map(|error| error.message.clone()),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::ApiError;

    #[test]
    fn an_answer_becomes_what_a_person_can_be_told() {
        let problem = |kind: &str| {
            format!(
                r#"{{"type":"urn:watchpost:problem:{kind}","title":"","status":0,"detail":"why",
                "errors":[{{"field":"name","message":"is taken"}}],"request_id":"r1"}}"#
            )
        };
        for (status, kind, expected) in [
            (401, "token-expired", ApiError::LoggedOut),
            (401, "wrong-credentials", ApiError::WrongCredentials),
            (403, "forbidden", ApiError::Forbidden),
            (
                403,
                "password-change-required",
                ApiError::PasswordChangeRequired,
            ),
            (404, "not-found", ApiError::NotFound),
            (
                409,
                "last-admin",
                ApiError::Conflict {
                    detail: "why".into(),
                },
            ),
            (
                500,
                "internal",
                ApiError::Server {
                    request_id: Some("r1".into()),
                },
            ),
        ] {
            let found = ApiError::of_answer(status, None, &problem(kind));
            assert_eq!(found, expected, "{status} {kind}");
        }
        for status in [400, 422, 503] {
            let prom = r#"{"status":"error","errorType":"bad_data","error":"1:5: why"}"#;
            let refused = ApiError::of_answer(status, None, prom);
            assert_eq!(refused.message(), "1:5: why");
        }
        let invalid = ApiError::of_answer(422, None, &problem("invalid"));
        assert_eq!(invalid.of_field("name").as_deref(), Some("is taken"));
        assert_eq!(invalid.of_field("role"), None);
        assert_eq!(
            ApiError::of_answer(429, Some("7"), ""),
            ApiError::TooMany {
                retry_after_seconds: Some(7)
            }
        );
        assert_eq!(
            ApiError::of_answer(502, None, "<html>"),
            ApiError::Server { request_id: None }
        );
    }
}
