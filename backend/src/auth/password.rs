//! Argon2id on the blocking pool, a few at a time; never which passwords are good enough.

use std::sync::atomic::{AtomicUsize, Ordering};

use argon2::password_hash::phc::{Output, ParamsString, PasswordHash, Salt};
use argon2::{ARGON2ID_IDENT, Algorithm, Argon2, Block, Params, Version};
use tokio::sync::Semaphore;

use super::{AuthError, secret};

/// OWASP's least: 19 MiB, two passes, one lane. Each costs that memory while it runs.
const MEMORY_KIB: u32 = 19 * 1024;
const PASSES: u32 = 2;
const LANES: u32 = 1;
/// How many run at once; the memory of the whole server is counted in tens of MiB.
const AT_ONCE: usize = 1;
/// How many may wait. More are refused, so that logins cannot pile up.
const WAITING: usize = 64;
const SALT_BYTES: usize = 16;
/// glibc keeps freed blocks of up to 32 MiB for later and then never gives back what a login took.
/// A larger one is mapped and unmapped each time; what of it is not used costs nothing.
const RESERVED_BLOCKS: usize = 40 * 1024;
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
        let salt = secret::random()?;
        self.run(move || {
            let params = Params::new(MEMORY_KIB, PASSES, LANES, None)?;
            let salt = &salt[..SALT_BYTES];
            let hash = PasswordHash {
                algorithm: ARGON2ID_IDENT,
                version: Some(Version::V0x13.into()),
                params: ParamsString::try_from(&params)?,
                salt: Some(Salt::new(salt)?),
                hash: Some(derive(&password, salt, params)?),
            };
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
            let hash = PasswordHash::new(hash.as_deref().unwrap_or(NOBODY))?;
            let (Some(salt), Some(kept)) = (&hash.salt, &hash.hash) else {
                return Err(HashError::Incomplete);
            };
            let right = derive(&password, salt, Params::try_from(&hash)?)? == *kept;
            Ok(right && known)
        })
        .await
    }

    async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T, HashError> + Send + 'static,
    ) -> Result<T, AuthError> {
        let turn = Turn::take(&self.asked)?;
        let permit = self.running.acquire().await.map_err(|_| AuthError::Busy)?;
        let done = tokio::task::spawn_blocking(work).await;
        drop((permit, turn));
        Ok(done.map_err(|_| AuthError::Busy)??)
    }
}

/// What can go wrong with a hash, in the words of the crates that know it.
#[derive(Debug, thiserror::Error)]
pub enum HashError {
    /// The computation failed.
    #[error(transparent)]
    Argon2(#[from] argon2::Error),
    /// The stored parameters are not ours.
    #[error(transparent)]
    Parameters(#[from] argon2::password_hash::Error),
    /// The stored text is no hash.
    #[error(transparent)]
    Form(#[from] argon2::password_hash::phc::Error),
    /// The stored text lacks salt or output.
    #[error("the hash is incomplete")]
    Incomplete,
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

/// The hash alone. Outputs compare in constant time.
fn derive(password: &str, salt: &[u8], params: Params) -> Result<Output, HashError> {
    let mut memory: Vec<Block> = Vec::with_capacity(RESERVED_BLOCKS.max(params.block_count()));
    memory.resize(params.block_count(), Block::default());
    let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
    let mut output = [0; Params::DEFAULT_OUTPUT_LEN];
    argon2.hash_password_into_with_memory(password.as_bytes(), salt, &mut output, memory)?;
    Ok(Output::new(&output)?)
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
