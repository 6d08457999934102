//! Who may come in, in memory: people and live sessions, as committed; never passwords.

use std::collections::HashMap;

use common::access::Role;
use common::ids::{SessionId, UserId};
use common::time::UnixMs;

use super::{AuthError, Principal};
use crate::store::Store;
use crate::store::tables::user::UserRow;
use crate::store::tables::{session, user};

/// People and sessions. Changed only after the commit that it follows.
#[derive(Debug, Default)]
pub(super) struct Directory {
    people: HashMap<UserId, PersonState>,
    sessions: HashMap<SessionId, SessionState>,
}

/// What of a person decides about access.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct PersonState {
    pub(super) username: String,
    pub(super) role: Role,
    pub(super) disabled: bool,
    pub(super) must_change_password: bool,
}

/// What of a session decides about access.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct SessionState {
    pub(super) user: UserId,
    pub(super) expires_at: UnixMs,
}

impl From<&UserRow> for PersonState {
    fn from(row: &UserRow) -> Self {
        Self {
            username: row.username.clone(),
            role: row.role.0,
            disabled: row.disabled,
            must_change_password: row.must_change_password,
        }
    }
}

/// Everyone and every live session, as stored.
pub(super) async fn load(store: &Store, now: UnixMs) -> Result<Directory, AuthError> {
    store
        .read(move |conn| {
            let people = user::all(conn)?;
            let sessions = session::live(conn, now)?;
            Ok(Directory {
                people: people.iter().map(|row| (row.id.0, row.into())).collect(),
                sessions: sessions.iter().map(|row| (row.id.0, row.into())).collect(),
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
            session,
            role: person.role,
            must_change_password: person.must_change_password,
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

    /// A person was deleted, and the sessions with him.
    pub(super) fn remove_person(&mut self, user: UserId) {
        self.people.remove(&user);
        self.end_sessions(user, None);
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
}
