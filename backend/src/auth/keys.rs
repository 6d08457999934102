//! API keys of people: made, listed and removed; never told again once they are made.

use common::access::Permission;
use common::api::keys::{ApiKey, MadeApiKey, NewApiKey, Scope, Scopes};
use common::ids::{ApiKeyId, UserId};
use common::time::UnixMs;
use uuid::Uuid;

use super::directory::KeyState;
use super::rules::{self, Fault, Refusal};
use super::{Allowed, Auth, AuthError, locked, may, secret};
use crate::store::tables::api_key::ApiKeyRow;
use crate::store::tables::{Blob, Json, Moment, api_key};
use crate::store::{Connection, StoreError};

/// How the text of every key begins.
pub(super) const MARK: &str = "wp_";
/// How much of the text is kept to recognise the key by.
const PREFIX_CHARS: usize = MARK.len() + 6;
/// Keys of one person at most.
const MOST: i64 = 100;

/// Whether a text looks like a key; only the directory knows whether it is one.
pub(super) fn is_key(text: &str) -> bool {
    let secret = text.strip_prefix(MARK).and_then(secret::from_text::<32>);
    secret.is_some()
}

/// Why keys were not listed or changed.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// There is no such key, or it is somebody else's.
    #[error("no such key")]
    NotFound,
    /// Fields break rules.
    #[error("refused: {0:?}")]
    Refused(Vec<Refusal>),
    /// The person has as many keys as one may have.
    #[error("already {limit} keys")]
    TooMany {
        /// The most that one may have.
        limit: i64,
    },
    /// The person lacks a permission, or no secret could be made.
    #[error(transparent)]
    Auth(#[from] AuthError),
    /// The databases refused.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Whose keys are meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Whose {
    /// One's own.
    Own,
    /// Everyone's.
    All,
}

impl Auth {
    /// Up to `limit` keys, the newest first, those older than `before`.
    pub async fn api_keys(
        &self,
        allowed: &Allowed<may::SelfOnly>,
        whose: Whose,
        before: Option<ApiKeyId>,
        limit: usize,
    ) -> Result<Vec<ApiKey>, KeyError> {
        let of = match whose {
            Whose::Own => Some(allowed.user_id()),
            Whose::All if allowed.role().may(Permission::KeysWriteAll) => None,
            Whose::All => return Err(lacks(allowed, Permission::KeysWriteAll).into()),
        };
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let rows = self
            .inner
            .store
            .read(move |conn| api_key::page(conn, of, before, limit).map_err(KeyError::from))
            .await?;
        let uses = locked(&self.inner.key_uses);
        let keys = rows.into_iter().map(|(row, username)| {
            let key = row.to_wire(username);
            let last_used_at = key.last_used_at.max(uses.last(key.id));
            ApiKey {
                last_used_at,
                ..key
            }
        });
        Ok(keys.collect())
    }

    /// Makes a key. The answer is the only place where its secret stands.
    pub async fn add_api_key(
        &self,
        allowed: &Allowed<may::SelfOnly>,
        new: NewApiKey,
    ) -> Result<MadeApiKey, KeyError> {
        let now = self.inner.clock.now();
        check(&new, now).map_err(KeyError::Refused)?;
        let scopes: Scopes = new.scopes.iter().copied().collect();
        let beyond = scopes.iter().map(Scope::permission);
        if let Some(permission) = beyond.into_iter().find(|one| !allowed.role().may(*one)) {
            return Err(lacks(allowed, permission).into());
        }
        let text = format!(
            "{MARK}{}",
            secret::to_text(&secret::random().map_err(AuthError::from)?)
        );
        let row = row(allowed.user_id(), &new, scopes, &text, now);
        let changing = self.inner.changing.lock().await;
        let row = self
            .inner
            .store
            .change(&allowed.actor(), move |conn| insert(conn, row))
            .await?;
        self.follow(|directory| directory.put_key(secret::hash(text.as_bytes()), (&row).into()));
        drop(changing);
        let username = self.username(row.user_id.0).unwrap_or_default();
        Ok(MadeApiKey {
            key: row.to_wire(username),
            secret: text,
        })
    }

    /// Removes one of the own keys, or anybody's for those who look after all.
    pub async fn remove_api_key(
        &self,
        allowed: &Allowed<may::SelfOnly>,
        id: ApiKeyId,
    ) -> Result<(), KeyError> {
        let of_all = allowed.role().may(Permission::KeysWriteAll);
        let of = (!of_all).then(|| allowed.user_id());
        let changing = self.inner.changing.lock().await;
        self.inner
            .store
            .change(&allowed.actor(), move |conn| {
                let was_there = api_key::delete(conn, id, of)?;
                was_there.then_some(()).ok_or(KeyError::NotFound)
            })
            .await?;
        self.follow(|directory| directory.remove_key(id));
        drop(changing);
        Ok(())
    }
}

fn lacks(allowed: &Allowed<may::SelfOnly>, permission: Permission) -> AuthError {
    AuthError::Forbidden {
        role: allowed.role(),
        permission,
    }
}

fn check(new: &NewApiKey, now: UnixMs) -> Result<(), Vec<Refusal>> {
    let scopes = (!new.scopes.is_empty()).then_some(()).ok_or(Fault::Empty);
    let later = new.expires_at.is_none_or(|at| at > now);
    let expiry = later.then_some(()).ok_or(Fault::Past);
    let refusals: Vec<Refusal> = [
        ("name", rules::display_name(&new.name)),
        ("scopes", scopes),
        ("expires_at", expiry),
    ]
    .into_iter()
    .filter_map(|(field, checked)| {
        let fault = checked.err()?;
        Some(Refusal { field, fault })
    })
    .collect();
    if refusals.is_empty() {
        Ok(())
    } else {
        Err(refusals)
    }
}

fn row(user: UserId, new: &NewApiKey, scopes: Scopes, text: &str, now: UnixMs) -> ApiKeyRow {
    ApiKeyRow {
        id: Blob(ApiKeyId(Uuid::now_v7())),
        user_id: Blob(user),
        name: new.name.trim().to_owned(),
        prefix: text.chars().take(PREFIX_CHARS).collect(),
        secret_hash: secret::hash(text.as_bytes()).to_vec(),
        scopes: Json(scopes.iter().collect()),
        created_at: Moment(now),
        expires_at: new.expires_at.map(Moment),
        last_used_at: None,
    }
}

/// Adds a key, unless its person has too many or was removed a moment ago.
fn insert(conn: &mut Connection, row: ApiKeyRow) -> Result<ApiKeyRow, KeyError> {
    if api_key::count(conn, row.user_id.0)? >= MOST {
        return Err(KeyError::TooMany { limit: MOST });
    }
    match api_key::insert(conn, &row) {
        Ok(()) => Ok(row),
        Err(error) if error.is_foreign_key_violation() => Err(AuthError::SessionEnded.into()),
        Err(error) => Err(error.into()),
    }
}

impl From<&ApiKeyRow> for KeyState {
    fn from(row: &ApiKeyRow) -> Self {
        Self {
            id: row.id.0,
            user: row.user_id.0,
            scopes: row.scopes.0.iter().copied().collect(),
            expires_at: row.expires_at.map(|at| at.0),
        }
    }
}
