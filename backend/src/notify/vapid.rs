//! The key by which push services know this server (RFC 8292): made once, sealed, signs; never sends.

use std::sync::Arc;

use aws_lc_rs::agreement::{ECDH_P256, PrivateKey};
use aws_lc_rs::encoding::{AsBigEndian, EcPrivateKeyBin};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use common::time::UnixMs;
use serde_json::{Value, json};
use uuid::Uuid;

use super::error::PushError;
use crate::clock::Clock;
use crate::sealed::{SealedError, Sealer};
use crate::store::tables::server_secret::ServerSecretRow;
use crate::store::tables::{Blob, Moment};
use crate::store::{Actor, Store, tables};

/// What the key is called among the server's secrets.
const NAME: &str = "vapid";
const ACTOR: Actor = Actor::System("web push");
/// For how long a signature counts; a day at most, by the standard.
const SIGNED_SECONDS: i64 = 12 * 3_600;

/// The key. Clones share it.
#[derive(Clone)]
pub struct Vapid {
    keys: Arc<EcdsaKeyPair>,
    public: Arc<str>,
}

impl std::fmt::Debug for Vapid {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Vapid").field(&self.public).finish()
    }
}

impl Vapid {
    /// The key of this server, which is made at the first start. One that does not open any more is
    /// made anew: browsers then have to ask again.
    pub async fn open(store: &Store, clock: &Clock, sealer: &Sealer) -> Result<Self, PushError> {
        let read = store.read(|conn| tables::server_secret::find(conn, NAME));
        if let Some(row) = read.await? {
            match sealer.open(row.id.0, &row.sealed) {
                Ok(private) => return Self::new(&private),
                Err(error) => tracing::warn!(%error, "browsers have to ask for messages anew"),
            }
        }
        let private = random()?;
        let made = Self::new(&private)?;
        let id = Uuid::now_v7();
        let row = ServerSecretRow {
            id: Blob(id),
            name: NAME.to_owned(),
            sealed: sealer.seal(id, &private)?,
            created_at: Moment(clock.now()),
        };
        let put = store.change(&ACTOR, move |conn| tables::server_secret::put(conn, &row));
        put.await?;
        Ok(made)
    }

    fn new(private: &[u8]) -> Result<Self, PushError> {
        let damaged = PushError::Sealed(SealedError::Damaged);
        let key = PrivateKey::from_private_key(&ECDH_P256, private);
        let Some(public) = key.ok().and_then(|key| key.compute_public_key().ok()) else {
            return Err(damaged);
        };
        let keys = EcdsaKeyPair::from_private_key_and_public_key(
            &ECDSA_P256_SHA256_FIXED_SIGNING,
            private,
            public.as_ref(),
        );
        let keys = keys.map_err(|_| damaged)?;
        Ok(Self {
            public: URL_SAFE_NO_PAD.encode(keys.public_key()).into(),
            keys: Arc::new(keys),
        })
    }

    /// One that is made now and kept nowhere.
    #[cfg(test)]
    pub(super) fn made() -> Self {
        Self::new(&random().unwrap()).unwrap()
    }

    /// The public key, in Base64 for addresses.
    pub(super) fn public_key(&self) -> &str {
        &self.public
    }

    /// Who sends, for the push service at `audience`: the header `Authorization`. `subject` is whom it
    /// asks when something is wrong. `None` when the system gives no random bytes.
    pub(super) fn authorization(
        &self,
        audience: &str,
        subject: &str,
        now: UnixMs,
    ) -> Option<String> {
        let expires = now.0.div_euclid(1_000) + SIGNED_SECONDS;
        let claims = json!({ "aud": audience, "exp": expires, "sub": subject });
        let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let header = json!({ "typ": "JWT", "alg": "ES256" });
        let signed = format!("{}.{}", part(&header), part(&claims));
        let signature = self
            .keys
            .sign(&SystemRandom::new(), signed.as_bytes())
            .ok()?;
        let signature = URL_SAFE_NO_PAD.encode(signature);
        Some(format!("vapid t={signed}.{signature}, k={}", self.public))
    }
}

fn random() -> Result<Vec<u8>, PushError> {
    let none = PushError::Sealed(SealedError::NoRandom);
    let Ok(key) = PrivateKey::generate(&ECDH_P256) else {
        return Err(none);
    };
    let bytes: Result<EcPrivateKeyBin<'_>, _> = key.as_be_bytes();
    bytes.map(|bytes| bytes.as_ref().to_vec()).map_err(|_| none)
}
