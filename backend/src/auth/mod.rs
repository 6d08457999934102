//! Passwords, tokens, sessions and `Allowed<P>`; never knows routes.

use std::path::Path;
use std::sync::{Arc, PoisonError, RwLock};

use common::ids::SessionId;

use crate::clock::Clock;
use crate::config::auth::AuthConfig;

mod allowed;
#[cfg_attr(not(test), expect(dead_code, reason = "login fills it"))]
mod directory;
mod error;
mod key;
pub mod policy;
#[expect(dead_code, reason = "login makes them")]
mod secret;
#[cfg_attr(not(test), expect(dead_code, reason = "login issues them"))]
mod token;

pub use allowed::{Allowed, Principal, Proof};
pub use error::AuthError;
pub use policy::{Policy, may};

use directory::Directory;
use key::Key;
use token::Tokens;

/// The access side of the server. Clones share it.
#[derive(Clone)]
pub struct Auth {
    inner: Arc<Inner>,
}

impl std::fmt::Debug for Auth {
    /// Nothing of it is for a log.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Auth")
    }
}

struct Inner {
    clock: Clock,
    #[expect(dead_code, reason = "login reads it")]
    config: AuthConfig,
    tokens: Tokens,
    directory: RwLock<Directory>,
}

impl Auth {
    /// Reads or makes the key of this data directory.
    pub fn open(data_dir: &Path, config: AuthConfig, clock: Clock) -> Result<Self, AuthError> {
        let key = Key::open(data_dir)?;
        Ok(Self {
            inner: Arc::new(Inner {
                clock,
                config,
                tokens: Tokens::new(&key),
                directory: RwLock::default(),
            }),
        })
    }

    /// Weighs a route's policy against the access token of a request, as of now.
    pub fn check(&self, policy: Policy, token: Option<&str>) -> Result<Proof, AuthError> {
        let principal = token
            .ok_or(AuthError::NoCredentials)
            .and_then(|token| self.principal(token));
        Proof::weigh(policy, principal)
    }

    /// Who a session belongs to, as of now; an error when it has ended.
    pub fn alive(&self, session: SessionId) -> Result<Principal, AuthError> {
        self.inner
            .directory
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .principal(session, self.inner.clock.now())
    }

    fn principal(&self, token: &str) -> Result<Principal, AuthError> {
        let now = self.inner.clock.now();
        let (user, session) = self.inner.tokens.read(token, now)?;
        let principal = self.alive(session)?;
        if principal.user == user {
            Ok(principal)
        } else {
            Err(AuthError::TokenInvalid)
        }
    }
}
