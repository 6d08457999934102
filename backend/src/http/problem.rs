//! What each domain's error becomes as an answer: the one mapping, without a catch-all arm.
#![deny(clippy::wildcard_enum_match_arm)]

use std::time::Duration;

use actix_web::http::StatusCode;
use common::problem::{FieldError, kind};

use crate::alerts::AlertError;
use crate::alerts::noise::BookError;
use crate::auth::rules::{Fault, Form, Refusal};
use crate::auth::{AuthError, KeyError, UserError};
use crate::fleet::FleetError;
use crate::jobs::JobError;
use crate::notify::picture::PictureError;
use crate::notify::{ChannelError, DeliveryError, InboxError, PushError, TemplateError};
use crate::store::StoreError;

mod alert_config;
mod answer;
mod promql;
mod pushed;
mod readings;
mod rules;
mod written;

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
            AuthError::LoginNeeded => Self::new(
                StatusCode::FORBIDDEN,
                "An API key does not open what is a person's own. Log in.",
            ),
            AuthError::OutOfScope { permission } => Self::new(
                StatusCode::FORBIDDEN,
                format!("The API key does not have the scope {permission}."),
            ),
            AuthError::KeyInvalid => Self::unauthorized("The API key is not valid."),
            AuthError::KeyExpired => Self::unauthorized("The API key has expired."),
            AuthError::WrongCredentials => {
                Self::unauthorized("The user name or the password is wrong.")
                    .kind(kind::WRONG_CREDENTIALS)
            }
            AuthError::TooManyAttempts { retry_after } => Self::new(
                StatusCode::TOO_MANY_REQUESTS,
                "Too many failed logins. Wait before trying again.",
            )
            .retry_after(retry_after),
            AuthError::WrongCurrentPassword => Self::field("current_password", "is wrong"),
            AuthError::Refused(refusals) => Self::fields(refused(refusals)),
            AuthError::UnknownSession => Self::not_found("session"),
            AuthError::Busy => Self::unavailable("Too many logins at once.", SOON, error),
            AuthError::Store(error) => error.into(),
            AuthError::Signing(_) | AuthError::Secret(_) | AuthError::Hash(_) => {
                Self::internal(error)
            }
        }
    }
}

impl From<UserError> for Problem {
    fn from(error: UserError) -> Self {
        match error {
            UserError::NotFound => Self::not_found("person"),
            UserError::Refused(refusals) => Self::fields(refused(refusals)),
            UserError::LastAdmin => Self::conflict(
                "This is the last administrator. Make somebody else administrator first.",
            )
            .kind(kind::LAST_ADMIN),
            UserError::ChangedSince => Self::changed_since(),
            UserError::Auth(error) => error.into(),
            UserError::Store(error) => error.into(),
        }
    }
}

impl From<KeyError> for Problem {
    fn from(error: KeyError) -> Self {
        match error {
            KeyError::NotFound => Self::not_found("API key"),
            KeyError::Refused(refusals) => Self::fields(refused(refusals)),
            KeyError::TooMany { limit } => Self::conflict(format!(
                "You have {limit} API keys, as many as one person may have. Remove one first."
            )),
            KeyError::Auth(error) => error.into(),
            KeyError::Store(error) => error.into(),
        }
    }
}

/// What a broken rule is called for a person.
fn refused(refusals: Vec<Refusal>) -> Vec<FieldError> {
    let sentence = |fault| match fault {
        Fault::Empty => "must not be empty".to_owned(),
        Fault::TooLong(most) => format!("must not have more than {most} characters"),
        Fault::TooShort(least) => format!("must have at least {least} characters"),
        Fault::TooSimple => "has too few different characters".to_owned(),
        Fault::IsUsername => "must not be the user name".to_owned(),
        Fault::Unchanged => "must differ from the current password".to_owned(),
        Fault::Malformed(form) => form_of(form).to_owned(),
        Fault::Taken => "is taken".to_owned(),
        Fault::Past => "has to lie in the future".to_owned(),
        Fault::TooMany(most) => format!("must not have more than {most} entries"),
        Fault::IsAdmin => "has to be empty: an administrator sees all servers".to_owned(),
        Fault::NotYours => "has to be one of the groups that you are limited to".to_owned(),
    };
    refusals
        .into_iter()
        .map(|refusal| FieldError::new(refusal.field, sentence(refusal.fault)))
        .collect()
}

/// What a form is called for a person.
fn form_of(form: Form) -> &'static str {
    match form {
        Form::Username => "may have a-z 0-9 . _ - only and has to begin with a letter or digit",
        Form::Line => "has to be one line of text",
        Form::Email => "is not an e-mail address",
        Form::Phone => "may have digits, spaces and + - ( ) . / only",
        Form::TimeZone => "is not the name of a time zone, such as Europe/Berlin",
        Form::Locale => "is not the name of a language, such as de or pt-BR",
        Form::Group => "has to be one line of text without a comma",
    }
}

/// When a busy or closing store is worth another try.
const SOON: Duration = Duration::from_secs(1);
/// When a full disk may have room again.
const LATER: Duration = Duration::from_secs(30);

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        match error.told() {
            StoreError::Busy => Self::unavailable("The database is busy.", SOON, error),
            StoreError::Closed => Self::unavailable("The server is stopping.", SOON, error),
            StoreError::Commit { .. } => {
                let detail = "The change could not be stored: the disk may be full or failing.";
                Self::unavailable(detail, SOON, error)
            }
            StoreError::ReadOnly => Self::unavailable(
                "Nothing can be stored now: the disk is full or failing. It is tried again by itself.",
                LATER,
                error,
            ),
            told if told.is_of_the_disk() => {
                Self::unavailable("The disk of the server is full or failing.", LATER, error)
            }
            told if told.is_connection_lost() => {
                Self::unavailable("The database cannot be reached.", SOON, error)
            }
            StoreError::Taken { .. } => Self::unavailable(
                "Another server has used the database: restart this one.",
                LATER,
                error,
            ),
            StoreError::Directory { .. }
            | StoreError::Locked { .. }
            | StoreError::InUse { .. }
            | StoreError::NotEmpty { .. }
            | StoreError::NotTheSame { .. }
            | StoreError::Unreachable { .. }
            | StoreError::Open { .. }
            | StoreError::Migration { .. }
            | StoreError::Newer { .. }
            | StoreError::Panicked
            | StoreError::Corrupt { .. }
            | StoreError::Statement(_)
            | StoreError::Together(_) => Self::internal(error),
        }
    }
}

impl From<FleetError> for Problem {
    fn from(error: FleetError) -> Self {
        match error {
            FleetError::NotFound => Self::not_found("server"),
            FleetError::Changed => Self::changed_since(),
            FleetError::Refused(refusal) => Self::fields(refused(vec![refusal])),
            FleetError::Store(error) => error.into(),
        }
    }
}

impl From<JobError> for Problem {
    fn from(error: JobError) -> Self {
        match error {
            JobError::NotFound => Self::not_found("job"),
            JobError::Changed => Self::changed_since(),
            JobError::Store(error) => error.into(),
        }
    }
}

impl From<AlertError> for Problem {
    fn from(error: AlertError) -> Self {
        match error {
            AlertError::NotFound(_) => Self::not_found("alert"),
            AlertError::Pending(_) => Self::conflict("The alert does not fire yet."),
            AlertError::Over(_) => Self::conflict("The alert is over."),
            AlertError::CommentTooLong { limit } => Self::field(
                "comment",
                format!("must not have more than {limit} characters"),
            ),
            AlertError::NothingSaid => Self::field("comment", "must have a text"),
            AlertError::NoSuchPerson(_) => Self::field(
                "user_id",
                "must be the id of somebody who can log in and read alerts",
            ),
            AlertError::TooMany { limit } => {
                Self::field("ids", format!("must have at most {limit} entries"))
            }
            AlertError::Query(error) => error.into(),
            AlertError::Stopped => Self::unavailable("The server is stopping.", SOON, error),
            AlertError::Store(error) => error.into(),
        }
    }
}

impl From<PictureError> for Problem {
    fn from(error: PictureError) -> Self {
        match error {
            PictureError::NotFound(_) => Self::not_found("alert"),
            PictureError::NotKept(_) => Self::not_found("picture"),
            PictureError::Store(error) => error.into(),
            PictureError::Query(error) => error.into(),
            PictureError::NoCurve(why) => {
                Self::conflict(format!("There is no curve to draw: {why}."))
            }
            PictureError::Drawing(_) => Self::internal(error),
        }
    }
}

impl From<BookError> for Problem {
    fn from(error: BookError) -> Self {
        match error {
            BookError::NotFound(what) => Self::not_found(what),
            BookError::Invalid(errors) => Self::fields(errors),
            BookError::Changed => Self::changed_since(),
            BookError::OutOfScope(what) => Self::new(
                StatusCode::FORBIDDEN,
                format!(
                    "The {what} is about servers that you do not see. A silence or a window can be \
                     limited by `group` or `server`; all else is written by those who see every server."
                ),
            ),
            BookError::Store(error) => error.into(),
        }
    }
}

impl From<InboxError> for Problem {
    fn from(error: InboxError) -> Self {
        match error {
            InboxError::NotFound(_) => Self::not_found("message"),
            InboxError::Store(error) => error.into(),
        }
    }
}

impl From<ChannelError> for Problem {
    fn from(error: ChannelError) -> Self {
        match error {
            ChannelError::NotFound(_) => Self::not_found("channel"),
            ChannelError::Invalid(errors) => Self::fields(errors),
            ChannelError::NameTaken(_) => Self::field("name", "is taken by another channel"),
            ChannelError::TooMany { limit } => Self::conflict(format!(
                "There are {limit} channels, as many as there may be. Remove one first."
            )),
            ChannelError::Changed => Self::changed_since(),
            ChannelError::Sealed(_) => Self::internal(error),
            ChannelError::Store(error) => error.into(),
        }
    }
}

impl From<PushError> for Problem {
    fn from(error: PushError) -> Self {
        match error {
            PushError::NotFound(_) => Self::not_found("browser"),
            PushError::Invalid(error) => Self::fields(vec![error]),
            PushError::TooMany { limit } => Self::conflict(format!(
                "You are told in {limit} browsers, as many as there may be. Remove one first."
            )),
            PushError::Sealed(_) => Self::internal(error),
            PushError::Store(error) => error.into(),
        }
    }
}

impl From<DeliveryError> for Problem {
    fn from(error: DeliveryError) -> Self {
        match error {
            DeliveryError::NotFound(_) => Self::not_found("delivery"),
            DeliveryError::Due(_) => Self::conflict("The message is still tried."),
            DeliveryError::Delivered(_) => Self::conflict("The message has arrived."),
            DeliveryError::Store(error) => error.into(),
        }
    }
}

impl From<TemplateError> for Problem {
    fn from(error: TemplateError) -> Self {
        match error {
            TemplateError::NotFound(_) => Self::not_found("template"),
            TemplateError::NoVersion(_) => Self::field("version", "the template never had it"),
            TemplateError::NoAlert(_) => Self::field("alert", "there is no such alert"),
            TemplateError::Invalid(errors) => Self::fields(errors),
            TemplateError::NameTaken(_) => Self::field("name", "is taken by another template"),
            TemplateError::TooMany { limit } => Self::conflict(format!(
                "There are {limit} templates, as many as there may be. Remove one first."
            )),
            TemplateError::Changed => Self::changed_since(),
            TemplateError::Store(error) => error.into(),
        }
    }
}
