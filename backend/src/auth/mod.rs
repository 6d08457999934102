//! Passwords, tokens, sessions, API keys and `Allowed<P>`; never knows routes.

use std::net::IpAddr;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};

use common::ids::{SessionId, UserId};
use tokio::sync::watch;

use crate::clock::Clock;
use crate::config::auth::AuthConfig;
use crate::store::Store;

mod allowed;
mod backoff;
mod basic;
mod directory;
mod error;
mod first_admin;
mod key;
mod key_uses;
mod keys;
mod link;
mod login;
mod own;
mod password;
pub mod policy;
mod preferences;
mod refresh;
mod rotation;
pub mod rules;
mod scope;
mod secret;
mod socket;
mod ticket;
mod token;
pub mod users;

pub use allowed::{Allowed, Credential, Principal, Proof, Scraper};
pub use error::AuthError;
pub use first_admin::FirstPassword;
pub use keys::{KeyError, Whose};
pub use link::{LinkFault, LinkKey, MayTake, MayUnsubscribe};
pub use login::{Caller, Login};
pub use password::HashError;
pub use policy::{Policy, may};
pub use scope::Scope;
pub use socket::SocketCredential;
pub use users::UserError;

use backoff::Backoff;
use basic::Remembered;
use directory::Directory;
use key::Key;
use key_uses::KeyUses;
use password::Passwords;
use ticket::Tickets;
use token::Tokens;

/// What a request says about who asks.
#[derive(Clone, Copy)]
pub enum Presented<'a> {
    /// Nothing, or nothing that can be read.
    Nothing,
    /// An access token or an API key.
    Token(&'a str),
    /// A name with a password, or with an API key in its place.
    Basic {
        /// The name as it was sent.
        name: &'a str,
        /// The password as it was sent.
        password: &'a str,
    },
}

/// The access side of the server. Clones share it.
#[derive(Clone)]
pub struct Auth {
    inner: Arc<Inner>,
}

struct Inner {
    clock: Clock,
    config: AuthConfig,
    store: Store,
    tokens: Tokens,
    refresh_key: [u8; 32],
    passwords: Passwords,
    backoff: Mutex<Backoff>,
    remembered: Remembered,
    tickets: Mutex<Tickets>,
    key_uses: Mutex<KeyUses>,
    directory: RwLock<Directory>,
    /// Held from before a change of people or sessions until the directory follows it, so that
    /// memory never ends up older than the database.
    changing: tokio::sync::Mutex<()>,
    changed: watch::Sender<()>,
}

impl std::fmt::Debug for Auth {
    /// Nothing of it is for a log.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Auth")
    }
}

impl Auth {
    /// Reads or makes the key of this data directory and reads who may come in.
    pub async fn open(
        data_dir: &Path,
        config: AuthConfig,
        clock: Clock,
        store: Store,
    ) -> Result<Self, AuthError> {
        let key = Key::open(data_dir)?;
        let directory = directory::load(&store, clock.now()).await?;
        Ok(Self {
            inner: Arc::new(Inner {
                clock,
                config,
                store,
                tokens: Tokens::new(&key),
                refresh_key: key.derive(b"refresh token"),
                passwords: Passwords::new(),
                backoff: Mutex::default(),
                remembered: Remembered::new()?,
                tickets: Mutex::default(),
                key_uses: Mutex::default(),
                directory: RwLock::new(directory),
                changing: tokio::sync::Mutex::default(),
                changed: watch::Sender::new(()),
            }),
        })
    }

    /// Weighs a route's policy against what a request from `address` says about who asks, as of now.
    pub async fn admit(
        &self,
        policy: Policy,
        presented: Presented<'_>,
        address: Option<IpAddr>,
    ) -> Result<Proof, AuthError> {
        let principal = match presented {
            Presented::Nothing => Err(AuthError::NoCredentials),
            Presented::Token(token) => self.principal(token),
            Presented::Basic { name, password } => self.basic(name, password, address).await,
        };
        Proof::weigh(policy, principal)
    }

    /// Who a session belongs to, as of now; an error when it has ended.
    pub fn alive(&self, session: SessionId) -> Result<Principal, AuthError> {
        let now = self.inner.clock.now();
        self.look(|directory| directory.principal(session, now))
    }

    /// The login name of a person; `None` when there is no such person.
    pub fn username(&self, user: UserId) -> Option<String> {
        self.look(|directory| directory.username(user))
    }

    /// Wakes whenever a session ended or a person's access changed: what was allowed has to be
    /// checked again with [`Auth::alive`].
    pub fn changes(&self) -> watch::Receiver<()> {
        self.inner.changed.subscribe()
    }

    fn principal(&self, token: &str) -> Result<Principal, AuthError> {
        let now = self.inner.clock.now();
        if token.starts_with(keys::MARK) {
            let hash = secret::hash(token.as_bytes());
            let (key, principal) = self.look(|directory| directory.key(&hash, now))?;
            locked(&self.inner.key_uses).note(key, now);
            return Ok(principal);
        }
        let (user, session) = self.inner.tokens.read(token, now)?;
        let principal = self.alive(session)?;
        if principal.user == user {
            Ok(principal)
        } else {
            Err(AuthError::TokenInvalid)
        }
    }

    fn look<T>(&self, look: impl FnOnce(&Directory) -> T) -> T {
        let directory = self.inner.directory.read();
        look(&directory.unwrap_or_else(PoisonError::into_inner))
    }

    /// Lets the directory follow a commit, and tells those who hold on to an earlier answer.
    fn follow(&self, change: impl FnOnce(&mut Directory)) {
        let directory = self.inner.directory.write();
        change(&mut directory.unwrap_or_else(PoisonError::into_inner));
        self.inner.changed.send_replace(());
    }
}

/// A panic while it was held leaves at worst a count that is off by one.
fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
