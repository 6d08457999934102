//! Why a step of an alert or a change of a rule was refused; never how that is answered.

use common::ids::{AlertId, RuleId, UserId};
use common::problem::FieldError;

use crate::query::QueryError;
use crate::store::StoreError;

/// Why an alert was not found or not changed.
#[derive(Debug, thiserror::Error)]
pub enum AlertError {
    /// There is no such alert.
    #[error("there is no alert {0}")]
    NotFound(AlertId),
    /// It waits and may never fire: nobody was told of it yet.
    #[error("alert {0} does not fire yet")]
    Pending(AlertId),
    /// It is over.
    #[error("alert {0} is over")]
    Over(AlertId),
    /// The comment is too long.
    #[error("the comment is longer than {limit} characters")]
    CommentTooLong {
        /// What it may have.
        limit: usize,
    },
    /// Nothing was said.
    #[error("a comment needs a text")]
    NothingSaid,
    /// There is nobody of that id who can log in and read alerts.
    #[error("there is no person {0} who can read alerts")]
    NoSuchPerson(UserId),
    /// More alerts at once than that.
    #[error("at most {limit} alerts at once")]
    TooMany {
        /// How many may be.
        limit: usize,
    },
    /// Series around it could not be read.
    #[error(transparent)]
    Query(#[from] QueryError),
    /// The engine does not run: the server stops.
    #[error("the rule engine has stopped")]
    Stopped,
    /// It could not be read or written.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Why a rule was not found or not changed.
#[derive(Debug, thiserror::Error)]
pub enum RuleError {
    /// There is no such rule.
    #[error("there is no rule {0}")]
    NotFound(RuleId),
    /// Fields cannot stand.
    #[error("{} fields of the rule are not valid", .0.len())]
    Invalid(Vec<FieldError>),
    /// Another rule has that name.
    #[error("another rule is called {0:?}")]
    NameTaken(String),
    /// It was changed since the caller read it.
    #[error("the rule was changed in the meantime")]
    Changed,
    /// It applies to servers that the person does not see.
    #[error("the rule applies to servers that the person does not see")]
    OutOfScope,
    /// It could not be tried on what is stored.
    #[error("the rule could not be tried")]
    Tried(#[source] QueryError),
    /// It could not be read or written.
    #[error(transparent)]
    Store(#[from] StoreError),
}
