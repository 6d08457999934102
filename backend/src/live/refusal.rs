//! The problems that the live connection answers with; never a close.

use common::access::Permission;
use common::live::WireError;
use common::problem::{FieldError, Problem};

use super::subject::Subject;

/// The frame was no message of ours.
pub(super) fn unreadable(error: &WireError) -> Problem {
    let mut problem = problem(
        422,
        "invalid-message",
        "The message is not understood",
        "Send a JSON object with a known type and its fields, or the same in postcard.",
    );
    problem.errors = vec![FieldError::new("", error.to_string())];
    problem
}

/// Neither token nor ticket, or both.
pub(super) fn one_credential() -> Problem {
    let mut problem = problem(
        422,
        "invalid-message",
        "The message is not understood",
        "authenticate takes either a token or a ticket.",
    );
    problem.errors = vec![FieldError::new(
        "token",
        "send exactly one of token and ticket",
    )];
    problem
}

/// The connection belongs to another person already.
pub(super) fn other_session() -> Problem {
    problem(
        409,
        "other-session",
        "The connection belongs to another session",
        "Open a new connection for another session.",
    )
}

/// The role does not allow the topic.
pub(super) fn forbidden(subject: &Subject, permission: Permission) -> Problem {
    let topic = subject.topic();
    problem(
        403,
        "forbidden",
        "Not allowed",
        &format!("{topic} needs the permission {permission}."),
    )
}

/// There is no such server.
pub(super) fn no_such_server(subject: &Subject) -> Problem {
    let topic = subject.topic();
    problem(
        404,
        "not-found",
        "Not found",
        &format!("There is no {topic}."),
    )
}

fn problem(status: u16, kind: &str, title: &str, detail: &str) -> Problem {
    Problem {
        kind: format!("urn:watchpost:problem:{kind}"),
        title: title.to_owned(),
        status,
        detail: detail.to_owned(),
        errors: Vec::new(),
        request_id: String::new(),
    }
}
