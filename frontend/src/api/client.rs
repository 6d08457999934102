//! The access token of this page and its renewal; kept in memory, never stored.

use common::api::auth::{LoginAnswer, LoginUser};
use leptos::prelude::*;

use super::{ApiError, auth, lock};
use crate::browser;

/// A token this close to its end is renewed before it is used.
const RENEW_BEFORE_MS: f64 = 30_000.0;

/// Why there is no session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ended {
    /// Nobody logged in yet, or the person logged out.
    Quietly,
    /// The server ended it: expired, revoked, or the person was disabled.
    ByServer,
}

#[derive(Clone)]
struct Access {
    token: String,
    ends_at_ms: f64,
}

/// Holds the access token for all calls of the page.
#[derive(Clone, Copy)]
pub struct Client {
    access: StoredValue<Option<Access>>,
    ended: RwSignal<Option<Ended>>,
    user: RwSignal<Option<LoginUser>>,
    granted: RwSignal<u32>,
}

impl Client {
    /// A client without a token.
    pub fn new() -> Self {
        Self {
            access: StoredValue::new(None),
            ended: RwSignal::new(None),
            user: RwSignal::new(None),
            granted: RwSignal::new(0),
        }
    }

    /// Why the session ended while the page was open; `None` while it lasts.
    pub fn ended(self) -> ReadSignal<Option<Ended>> {
        self.ended.read_only()
    }

    /// Who is logged in, as of the newest token; `None` when nobody is.
    pub fn user(self) -> ReadSignal<Option<LoginUser>> {
        self.user.read_only()
    }

    /// Counts the tokens that were granted, so that whoever waits for one is told.
    pub fn granted(self) -> ReadSignal<u32> {
        self.granted.read_only()
    }

    /// Takes the token of a login or a refresh.
    pub fn grant(self, answer: &LoginAnswer) {
        #[expect(clippy::cast_precision_loss, reason = "minutes, not ages")]
        let lasts_ms = answer.expires_in as f64 * 1000.0;
        self.access.set_value(Some(Access {
            token: answer.access_token.clone(),
            ends_at_ms: browser::monotonic_ms() + lasts_ms,
        }));
        self.ended.set(None);
        if self
            .user
            .with_untracked(|user| user.as_ref() != Some(&answer.user))
        {
            self.user.set(Some(answer.user.clone()));
        }
        self.granted.update(|count| *count += 1);
    }

    /// Forgets the token.
    pub fn drop_token(self, why: Ended) {
        self.access.set_value(None);
        self.ended.set(Some(why));
        self.user.set(None);
    }

    /// The token as it is, without asking for another; `None` when there is none.
    pub fn token(self) -> Option<String> {
        self.access
            .with_value(|access| access.as_ref().map(|access| access.token.clone()))
    }

    /// Milliseconds until the token should be renewed; `None` when there is none.
    pub fn renew_in_ms(self) -> Option<f64> {
        self.access.with_value(|access| {
            access.as_ref().map(|access| {
                (access.ends_at_ms - RENEW_BEFORE_MS - browser::monotonic_ms()).max(0.0)
            })
        })
    }

    /// A token that still lasts, renewed when it is about to end.
    /// Fails with `LoggedOut` when nobody is logged in.
    pub async fn fresh_token(self) -> Result<String, ApiError> {
        match (self.token(), self.renew_in_ms()) {
            (Some(token), Some(left)) if left > 0.0 => Ok(token),
            (Some(token), _) => self.renew(Some(&token)).await,
            (None, _) => Err(ApiError::LoggedOut),
        }
    }

    /// Asks for a new token with the session's cookie, one tab at a time.
    /// Without asking gives the present one when it is no longer `spent`.
    pub async fn renew(self, spent: Option<&str>) -> Result<String, ApiError> {
        let _held = lock::hold("watchpost-refresh").await;
        if let Some(token) = self.token()
            && spent != Some(token.as_str())
        {
            return Ok(token);
        }
        match auth::refresh().await {
            Ok(answer) => {
                self.grant(&answer);
                Ok(answer.access_token)
            }
            Err(ApiError::LoggedOut | ApiError::WrongCredentials | ApiError::Forbidden) => {
                self.drop_token(Ended::ByServer);
                Err(ApiError::LoggedOut)
            }
            Err(error) => Err(error),
        }
    }
}

impl Default for Client {
    fn default() -> Self {
        Self::new()
    }
}
