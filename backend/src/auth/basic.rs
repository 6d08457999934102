//! Name and password with each request, for programs that can send nothing else; never a session.
//!
//! Checking a password is slow on purpose, so a right one is remembered for a while, by a keyed hash.
//! What is remembered holds for one version of its person: a changed password, role or account
//! makes it worthless at once.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::Mutex;
use std::time::Duration;

use common::ids::UserId;
use sha2::{Digest, Sha256};

use super::rules::normal_username;
use super::{Auth, AuthError, Principal, keys, locked, secret};

/// How long a right password is remembered.
const REMEMBERED: Duration = Duration::from_mins(5);
/// How many are; the oldest gives way.
const MOST: usize = 1_000;
/// Requests whose hash ends alike wait for each other: of many with one password, one is checked.
const LANES: usize = 16;
/// How long one waits for its turn.
const PATIENCE: Duration = Duration::from_secs(10);

/// The keyed hash of a name and a password.
type Mark = [u8; 32];

/// Right passwords of late.
pub(super) struct Remembered {
    /// Of this process alone: without it nobody can tell a password from its mark.
    key: [u8; 32],
    known: Mutex<HashMap<Mark, Known>>,
    lanes: [tokio::sync::Mutex<()>; LANES],
}

#[derive(Debug, Clone, Copy)]
struct Known {
    user: UserId,
    /// The version of the person whose password it was.
    version: i64,
    /// When it was checked, by the steady clock.
    at: Duration,
}

impl Remembered {
    pub(super) fn new() -> Result<Self, AuthError> {
        Ok(Self {
            key: secret::random()?,
            known: Mutex::default(),
            lanes: Default::default(),
        })
    }

    /// A name has no line feed: two pairs never become one text.
    fn mark(&self, username: &str, password: &str) -> Mark {
        let mut hash = Sha256::new_with_prefix(self.key);
        hash.update(username);
        hash.update("\n");
        hash.update(password);
        hash.finalize().into()
    }

    fn find(&self, mark: &Mark, now: Duration) -> Option<Known> {
        let known = locked(&self.known).get(mark).copied()?;
        (now < known.at + REMEMBERED).then_some(known)
    }

    fn put(&self, mark: Mark, new: Known) {
        let mut known = locked(&self.known);
        if known.len() >= MOST {
            known.retain(|_, one| new.at < one.at + REMEMBERED);
        }
        if known.len() >= MOST {
            let oldest = known.iter().min_by_key(|(_, one)| one.at);
            if let Some(oldest) = oldest.map(|(mark, _)| *mark) {
                known.remove(&oldest);
            }
        }
        known.insert(mark, new);
    }
}

impl Auth {
    /// Whose the name and the password are, within the back-off of logins. An API key in the place
    /// of the password counts as that key, whatever the name.
    pub(super) async fn basic(
        &self,
        name: &str,
        password: &str,
        address: Option<IpAddr>,
    ) -> Result<Principal, AuthError> {
        if keys::is_key(password) {
            return self.principal(password);
        }
        let username = normal_username(name);
        let remembered = &self.inner.remembered;
        let mark = remembered.mark(&username, password);
        if let Some(principal) = self.remembered(&mark) {
            return Ok(principal);
        }
        let lane = &remembered.lanes[usize::from(mark[0]) % LANES];
        let turn = tokio::time::timeout(PATIENCE, lane.lock()).await;
        let turn = turn.map_err(|_| AuthError::Busy)?;
        if let Some(principal) = self.remembered(&mark) {
            return Ok(principal);
        }
        let person = self
            .check_password(username, password.to_owned(), address)
            .await?;
        let known = Known {
            user: person.id.0,
            version: person.version,
            at: self.inner.clock.monotonic(),
        };
        remembered.put(mark, known);
        drop(turn);
        self.remembered(&mark).ok_or(AuthError::WrongCredentials)
    }

    fn remembered(&self, mark: &Mark) -> Option<Principal> {
        let now = self.inner.clock.monotonic();
        let known = self.inner.remembered.find(mark, now)?;
        self.look(|directory| directory.by_password(known.user, known.version))
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn known(at: Duration) -> Known {
        Known {
            user: UserId(Uuid::nil()),
            version: 1,
            at,
        }
    }

    #[test]
    fn a_mark_is_of_both_and_of_this_process() {
        let remembered = Remembered::new().unwrap();
        let mark = remembered.mark("ann", "secret");
        assert_eq!(mark, remembered.mark("ann", "secret"));
        for (name, password) in [("ann", "secre"), ("an", "nsecret"), ("", "ann\nsecret")] {
            assert_ne!(mark, remembered.mark(name, password), "{name} {password}");
        }
        assert_ne!(mark, Remembered::new().unwrap().mark("ann", "secret"));
    }

    #[test]
    fn it_is_remembered_for_a_while_and_in_bounds() {
        let remembered = Remembered::new().unwrap();
        let start = Duration::from_hours(1);
        let mark = remembered.mark("ann", "secret");
        remembered.put(mark, known(start));
        assert!(remembered.find(&mark, start + REMEMBERED / 2).is_some());
        assert!(remembered.find(&mark, start + REMEMBERED).is_none());
        for number in 0..MOST + 10 {
            let mark = remembered.mark("ann", &number.to_string());
            remembered.put(mark, known(start + Duration::from_millis(1)));
        }
        assert_eq!(locked(&remembered.known).len(), MOST);
        assert!(remembered.find(&mark, start).is_none(), "the oldest went");
    }
}
