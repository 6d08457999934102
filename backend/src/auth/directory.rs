//! Who may come in, in memory: people, live sessions and keys, as committed; never passwords.

use std::collections::HashMap;

use common::access::Role;
use common::api::keys::Scopes;
use common::ids::{ApiKeyId, SessionId, UserId};
use common::time::UnixMs;

use super::{AuthError, Credential, Principal, Scope};
use crate::store::tables::user::UserRow;
use crate::store::tables::{api_key, session, user};
use crate::store::{Store, StoreError};

/// People, sessions and keys. Changed only after the commit that it follows.
#[derive(Debug, Default)]
pub(super) struct Directory {
    people: HashMap<UserId, PersonState>,
    sessions: HashMap<SessionId, SessionState>,
    /// By the hash of their secret: finding one tells nothing about another.
    keys: HashMap<KeyHash, KeyState>,
}

/// SHA-256 of a key's secret.
type KeyHash = [u8; 32];

/// What of a person decides about access.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct PersonState {
    pub(super) username: String,
    pub(super) role: Role,
    pub(super) disabled: bool,
    pub(super) must_change_password: bool,
    pub(super) scope: Scope,
    /// Grows with each change of the person.
    pub(super) version: i64,
}

/// What of a session decides about access.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct SessionState {
    pub(super) user: UserId,
    pub(super) expires_at: UnixMs,
}

/// What of a key decides about access.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct KeyState {
    pub(super) id: ApiKeyId,
    pub(super) user: UserId,
    pub(super) scopes: Scopes,
    /// `None`: it never expires.
    pub(super) expires_at: Option<UnixMs>,
}

impl From<&UserRow> for PersonState {
    fn from(row: &UserRow) -> Self {
        Self {
            username: row.username.clone(),
            role: row.role.0,
            disabled: row.disabled,
            must_change_password: row.must_change_password,
            scope: Scope::of(&row.server_groups.0),
            version: row.version,
        }
    }
}

/// Everyone, every live session and every key, as stored.
pub(super) async fn load(store: &Store, now: UnixMs) -> Result<Directory, AuthError> {
    store
        .read(move |conn| {
            let people = user::all(conn)?;
            let sessions = session::live(conn, now)?;
            let keys = api_key::all(conn)?.into_iter();
            let by_hash = keys.map(|row| {
                let state = (&row).into();
                let hash = row.secret_hash.try_into();
                hash.map(|hash| (hash, state))
                    .map_err(|_| StoreError::Corrupt {
                        what: "hash of a key",
                    })
            });
            Ok(Directory {
                people: people.iter().map(|row| (row.id.0, row.into())).collect(),
                sessions: sessions.iter().map(|row| (row.id.0, row.into())).collect(),
                keys: by_hash.collect::<Result<_, _>>()?,
            })
        })
        .await
}

impl Directory {
    /// Who a live session belongs to.
    pub(super) fn principal(
        &self,
        session: SessionId,
        now: UnixMs,
    ) -> Result<Principal, AuthError> {
        let state = self.sessions.get(&session).ok_or(AuthError::SessionEnded)?;
        let person = self
            .people
            .get(&state.user)
            .filter(|person| !person.disabled && now < state.expires_at)
            .ok_or(AuthError::SessionEnded)?;
        Ok(Principal {
            user: state.user,
            credential: Credential::Session(session),
            role: person.role,
            must_change_password: person.must_change_password,
            scope: person.scope.clone(),
        })
    }

    /// Whose the key with that hash is, and which it is.
    pub(super) fn key(
        &self,
        hash: &KeyHash,
        now: UnixMs,
    ) -> Result<(ApiKeyId, Principal), AuthError> {
        let key = self.keys.get(hash).ok_or(AuthError::KeyInvalid)?;
        let person = self
            .people
            .get(&key.user)
            .filter(|person| !person.disabled)
            .ok_or(AuthError::KeyInvalid)?;
        if key.expires_at.is_some_and(|at| at <= now) {
            return Err(AuthError::KeyExpired);
        }
        let principal = Principal {
            user: key.user,
            credential: Credential::Key {
                id: key.id,
                scopes: key.scopes,
            },
            role: person.role,
            must_change_password: person.must_change_password,
            scope: person.scope.clone(),
        };
        Ok((key.id, principal))
    }

    /// The person whose password was right; `None` when the person was changed since, or may not
    /// come in.
    pub(super) fn by_password(&self, user: UserId, version: i64) -> Option<Principal> {
        let person = self.people.get(&user)?;
        (!person.disabled && person.version == version).then_some(Principal {
            user,
            credential: Credential::Password,
            role: person.role,
            must_change_password: person.must_change_password,
            scope: person.scope.clone(),
        })
    }

    /// The login name of a person; `None` when there is no such person.
    pub(super) fn username(&self, user: UserId) -> Option<String> {
        Some(self.people.get(&user)?.username.clone())
    }

    /// A person was added or changed.
    pub(super) fn put_person(&mut self, user: UserId, state: PersonState) {
        self.people.insert(user, state);
    }

    /// A person was deleted, and the sessions and keys with him.
    pub(super) fn remove_person(&mut self, user: UserId) {
        self.people.remove(&user);
        self.end_sessions(user, None);
        self.keys.retain(|_, key| key.user != user);
    }

    /// A key was made.
    pub(super) fn put_key(&mut self, hash: KeyHash, state: KeyState) {
        self.keys.insert(hash, state);
    }

    /// A key was removed.
    pub(super) fn remove_key(&mut self, id: ApiKeyId) {
        self.keys.retain(|_, key| key.id != id);
    }

    /// A session was opened or prolonged.
    pub(super) fn put_session(&mut self, session: SessionId, state: SessionState) {
        self.sessions.insert(session, state);
    }

    /// A session was ended.
    pub(super) fn end_session(&mut self, session: SessionId) {
        self.sessions.remove(&session);
    }

    /// A person's sessions were ended, all but `keep`.
    pub(super) fn end_sessions(&mut self, user: UserId, keep: Option<SessionId>) {
        self.sessions
            .retain(|id, state| state.user != user || Some(*id) == keep);
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    const SESSION: SessionId = SessionId(Uuid::from_u128(1));
    const OTHER: SessionId = SessionId(Uuid::from_u128(2));
    const USER: UserId = UserId(Uuid::from_u128(3));
    const NOW: UnixMs = UnixMs(1_000);

    fn directory() -> Directory {
        let mut directory = Directory::default();
        directory.put_person(USER, person(false));
        for id in [SESSION, OTHER] {
            let expires_at = UnixMs(2_000);
            directory.put_session(
                id,
                SessionState {
                    user: USER,
                    expires_at,
                },
            );
        }
        directory
    }

    fn person(disabled: bool) -> PersonState {
        PersonState {
            username: "ann".to_owned(),
            role: Role::Operator,
            disabled,
            must_change_password: false,
            scope: Scope::All,
            version: 1,
        }
    }

    #[test]
    fn a_live_session_names_its_person_and_the_role_of_now() {
        let mut directory = directory();
        assert_eq!(
            directory.principal(SESSION, NOW).unwrap().role,
            Role::Operator
        );
        let role = Role::Viewer;
        directory.put_person(
            USER,
            PersonState {
                role,
                ..person(false)
            },
        );
        assert_eq!(directory.principal(SESSION, NOW).unwrap().role, role);
    }

    #[test]
    fn a_session_ends_in_each_way() {
        type End = fn(&mut Directory);
        let ways: [(&str, End); 4] = [
            ("ended", |d| d.end_session(SESSION)),
            ("disabled", |d| d.put_person(USER, person(true))),
            ("deleted", |d| d.remove_person(USER)),
            ("all but another ended", |d| {
                d.end_sessions(USER, Some(OTHER));
            }),
        ];
        for (what, end) in ways {
            let mut directory = directory();
            end(&mut directory);
            let ended = directory.principal(SESSION, NOW);
            assert!(matches!(ended, Err(AuthError::SessionEnded)), "{what}");
        }
        assert!(directory().principal(SESSION, UnixMs(2_000)).is_err());
    }

    #[test]
    fn a_key_is_worth_what_its_person_is_until_it_expires() {
        const HASH: KeyHash = [7; 32];
        const KEY: ApiKeyId = ApiKeyId(Uuid::from_u128(4));
        type End = fn(&mut Directory);
        let with_key = || {
            let mut directory = directory();
            let state = KeyState {
                id: KEY,
                user: USER,
                scopes: Scopes::default(),
                expires_at: Some(UnixMs(2_000)),
            };
            directory.put_key(HASH, state);
            directory
        };
        let (id, principal) = with_key().key(&HASH, NOW).unwrap();
        assert_eq!((id, principal.role), (KEY, Role::Operator));
        assert!(principal.session().is_err());
        let ways: [(&str, End); 3] = [
            ("removed", |d| d.remove_key(KEY)),
            ("disabled", |d| d.put_person(USER, person(true))),
            ("deleted", |d| d.remove_person(USER)),
        ];
        for (what, end) in ways {
            let mut directory = with_key();
            end(&mut directory);
            let ended = directory.key(&HASH, NOW);
            assert!(matches!(ended, Err(AuthError::KeyInvalid)), "{what}");
        }
        let over = with_key().key(&HASH, UnixMs(2_000));
        assert!(matches!(over, Err(AuthError::KeyExpired)));
        assert!(directory().key(&HASH, NOW).is_err());
    }
}
