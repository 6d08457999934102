//! Access tokens: HS256 JWTs that name a session; never proof on their own that it is alive.

use common::ids::{SessionId, UserId};
use common::time::UnixMs;
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::AuthError;
use super::key::Key;

const ISSUER: &str = "watchpost";
const AUDIENCE: &str = "watchpost-api";
/// How far the clock may have been set back since a token was made, in seconds.
const LEEWAY_SECONDS: i64 = 5;

/// Signs and reads access tokens with one key.
pub(super) struct Tokens {
    header: Header,
    signing: EncodingKey,
    checking: DecodingKey,
    validation: Validation,
}

/// What a token says.
#[derive(Debug, Serialize, Deserialize)]
struct Claims {
    iss: String,
    aud: String,
    sub: Uuid,
    sid: Uuid,
    jti: Uuid,
    iat: i64,
    nbf: i64,
    exp: i64,
}

impl Tokens {
    pub(super) fn new(key: &Key) -> Self {
        let secret = key.derive(b"access token");
        let mut header = Header::new(Algorithm::HS256);
        header.kid = Some(key.id());
        let mut validation = Validation::new(Algorithm::HS256);
        validation.set_issuer(&[ISSUER]);
        validation.set_audience(&[AUDIENCE]);
        validation.set_required_spec_claims(&["iss", "aud", "sub", "exp", "nbf"]);
        // Times are compared below, against the server's own clock.
        validation.validate_exp = false;
        validation.validate_nbf = false;
        Self {
            header,
            signing: EncodingKey::from_secret(&secret),
            checking: DecodingKey::from_secret(&secret),
            validation,
        }
    }

    /// A token for `session` that is good for `seconds`.
    pub(super) fn issue(
        &self,
        (user, session): (UserId, SessionId),
        now: UnixMs,
        seconds: u32,
    ) -> Result<String, AuthError> {
        let now = now.0.div_euclid(1000);
        let claims = Claims {
            iss: ISSUER.to_owned(),
            aud: AUDIENCE.to_owned(),
            sub: user.0,
            sid: session.0,
            jti: Uuid::now_v7(),
            iat: now,
            nbf: now,
            exp: now + i64::from(seconds),
        };
        jsonwebtoken::encode(&self.header, &claims, &self.signing).map_err(AuthError::Signing)
    }

    /// The person and session that a token names, when it is ours and not over.
    pub(super) fn read(&self, token: &str, now: UnixMs) -> Result<(UserId, SessionId), AuthError> {
        let data = jsonwebtoken::decode::<Claims>(token, &self.checking, &self.validation)
            .map_err(|_| AuthError::TokenInvalid)?;
        if data.header.kid != self.header.kid {
            return Err(AuthError::TokenInvalid);
        }
        let (claims, now) = (data.claims, now.0.div_euclid(1000));
        if claims.nbf > now + LEEWAY_SECONDS {
            return Err(AuthError::TokenInvalid);
        }
        if claims.exp <= now {
            return Err(AuthError::TokenExpired);
        }
        Ok((UserId(claims.sub), SessionId(claims.sid)))
    }
}

#[cfg(test)]
mod tests {
    use base64::Engine;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;

    use super::*;

    const NOW: UnixMs = UnixMs(1_767_323_045_000);

    fn tokens(byte: u8) -> Tokens {
        Tokens::new(&Key::from_bytes([byte; 32]))
    }

    fn issued(by: &Tokens) -> String {
        let who = (UserId(Uuid::now_v7()), SessionId(Uuid::now_v7()));
        by.issue(who, NOW, 600).unwrap()
    }

    #[test]
    fn a_token_is_good_from_now_until_it_is_over() {
        let tokens = tokens(1);
        let token = issued(&tokens);
        for (after_seconds, good) in [
            (-60, false),
            (-5, true),
            (0, true),
            (599, true),
            (600, false),
        ] {
            let read = tokens.read(&token, NOW.plus_ms(after_seconds * 1000));
            assert_eq!(read.is_ok(), good, "{after_seconds} s");
        }
        assert!(matches!(
            tokens.read(&token, NOW.plus_ms(3_600_000)),
            Err(AuthError::TokenExpired)
        ));
    }

    #[test]
    fn forged_tokens_are_refused() {
        let tokens = tokens(1);
        let good = issued(&tokens);
        let mut parts: Vec<String> = good.split('.').map(str::to_owned).collect();
        let (header, claims, signature) = (parts.remove(0), parts.remove(0), parts.remove(0));
        let encode = |json: &str| URL_SAFE_NO_PAD.encode(json);
        let none = encode(r#"{"typ":"JWT","alg":"none"}"#);
        let other = encode(r#"{"typ":"JWT","alg":"HS512"}"#);
        for (what, forged) in [
            ("another key", issued(&self::tokens(2))),
            ("no signature", format!("{header}.{claims}.")),
            ("alg none", format!("{none}.{claims}.")),
            ("alg HS512", format!("{other}.{claims}.{signature}")),
            (
                "other claims",
                format!("{header}.{}.{signature}", encode("{}")),
            ),
            ("cut short", good[..good.len() - 2].to_owned()),
            ("no token", "Bearer".to_owned()),
            ("empty", String::new()),
        ] {
            let read = tokens.read(&forged, NOW);
            assert!(matches!(read, Err(AuthError::TokenInvalid)), "{what}");
        }
    }
}
