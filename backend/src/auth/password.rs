//! Argon2id on the blocking pool, a few at a time; never which passwords are good enough.

use std::sync::atomic::{AtomicUsize, Ordering};

use argon2::password_hash::phc::PasswordHash;
use argon2::{Algorithm, Argon2, Params, PasswordHasher, PasswordVerifier, Version};
use tokio::sync::Semaphore;

use super::AuthError;
use crate::store::StoreError;

/// OWASP's least: 19 MiB, two passes, one lane. Each costs that memory while it runs.
const MEMORY_KIB: u32 = 19 * 1024;
const PASSES: u32 = 2;
const LANES: u32 = 1;
/// How many run at once; the memory of the whole server is counted in tens of MiB.
const AT_ONCE: usize = 1;
/// How many may wait. More are refused, so that logins cannot pile up.
const WAITING: usize = 64;
/// Nobody's hash, with the same cost: an unknown name takes as long as a wrong password.
const NOBODY: &str = "$argon2id$v=19$m=19456,t=2,p=1$bm9ib2R5J3Mgc2FsdCE\
                      $AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// Hashes and checks passwords.
pub(super) struct Passwords {
    running: Semaphore,
    asked: AtomicUsize,
}

impl Passwords {
    pub(super) fn new() -> Self {
        Self {
            running: Semaphore::new(AT_ONCE),
            asked: AtomicUsize::new(0),
        }
    }

    /// A hash to keep, in PHC form.
    pub(super) async fn hash(&self, password: String) -> Result<String, AuthError> {
        self.run(move || {
            let hash: PasswordHash = argon2()?.hash_password(password.as_bytes())?;
            Ok(hash.to_string())
        })
        .await
    }

    /// Whether the password belongs to the hash. Takes as long without a hash, and is false then.
    pub(super) async fn verify(
        &self,
        password: String,
        hash: Option<String>,
    ) -> Result<bool, AuthError> {
        self.run(move || {
            let known = hash.is_some();
            let hash = PasswordHash::new(hash.as_deref().unwrap_or(NOBODY)).map_err(|_| {
                StoreError::Corrupt {
                    what: "password hash",
                }
            })?;
            let verified = argon2()?.verify_password(password.as_bytes(), &hash);
            match verified {
                Ok(()) => Ok(known),
                Err(argon2::password_hash::Error::PasswordInvalid) => Ok(false),
                Err(error) => Err(error.into()),
            }
        })
        .await
    }

    async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T, AuthError> + Send + 'static,
    ) -> Result<T, AuthError> {
        let turn = Turn::take(&self.asked)?;
        let permit = self.running.acquire().await.map_err(|_| AuthError::Busy)?;
        let done = tokio::task::spawn_blocking(work).await;
        drop((permit, turn));
        done.map_err(|_| AuthError::Busy)?
    }
}

/// A place among those who run or wait.
struct Turn<'a>(&'a AtomicUsize);

impl<'a> Turn<'a> {
    fn take(asked: &'a AtomicUsize) -> Result<Self, AuthError> {
        let turn = Self(asked);
        if asked.fetch_add(1, Ordering::SeqCst) >= AT_ONCE + WAITING {
            return Err(AuthError::Busy);
        }
        Ok(turn)
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

fn argon2() -> Result<Argon2<'static>, AuthError> {
    let params = Params::new(MEMORY_KIB, PASSES, LANES, None).map_err(|_| AuthError::Busy)?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn only_the_right_password_belongs_to_a_hash() {
        let passwords = Passwords::new();
        let hash = passwords.hash("correct horse".to_owned()).await.unwrap();
        assert!(
            hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"),
            "{hash}"
        );
        for (password, hash, right) in [
            ("correct horse", Some(hash.clone()), true),
            ("Correct horse", Some(hash), false),
            ("correct horse", None, false),
            ("", None, false),
        ] {
            let verified = passwords.verify(password.to_owned(), hash).await.unwrap();
            assert_eq!(verified, right, "{password}");
        }
    }

    #[tokio::test]
    async fn more_than_may_wait_are_refused() {
        let passwords = Passwords::new();
        let turns: Vec<_> = std::iter::repeat_with(|| Turn::take(&passwords.asked).unwrap())
            .take(AT_ONCE + WAITING)
            .collect();
        let refused = passwords.verify(String::new(), None).await;
        assert!(matches!(refused, Err(AuthError::Busy)));
        drop(turns);
        assert!(passwords.verify(String::new(), None).await.is_ok());
    }
}
