//! Refresh tokens that follow from each other: which are new, repeated, stolen; never the clock.
//!
//! A token is the session's id, a generation and a secret. The next secret is a keyed hash of the
//! one before, so a repeated request gets the same successor although only its hash is kept, and
//! an old token can be told from a forged one.

use common::ids::SessionId;
use common::time::UnixMs;
use uuid::Uuid;

use super::key::hmac;
use super::secret;

/// Within this the token before the newest still gets the same successor: two tabs, lost answers.
const GRACE_MS: i64 = 30_000;
/// How far back a token is recognised: a month of rotations every ten minutes is 4,320.
const RECOGNISED: i64 = 10_000;

/// A refresh token as its owner holds it.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct RefreshToken {
    pub(super) session: SessionId,
    pub(super) generation: i64,
    secret: [u8; 32],
}

/// What is kept about the newest token of a session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Kept {
    pub(super) generation: i64,
    pub(super) hash: [u8; 32],
    pub(super) rotated_at: UnixMs,
}

/// What a shown token turned out to be.
pub(super) enum Verdict {
    /// The newest: rotate to this one.
    Rotate(RefreshToken),
    /// The one before, just now: answer with its successor again.
    Again(RefreshToken),
    /// An old one, used by somebody who should not have it: end the session.
    Reused,
    /// None of this session.
    Foreign,
}

impl RefreshToken {
    /// The first token of a session.
    pub(super) fn first(session: SessionId) -> std::io::Result<Self> {
        Ok(Self {
            session,
            generation: 0,
            secret: secret::random()?,
        })
    }

    /// The form for the cookie.
    pub(super) fn to_text(&self) -> String {
        let mut bytes = self.session.0.as_bytes().to_vec();
        bytes.extend(self.generation.to_be_bytes());
        bytes.extend(self.secret);
        secret::to_text(&bytes)
    }

    /// Reads the form for the cookie; `None` when it is none.
    pub(super) fn from_text(text: &str) -> Option<Self> {
        let bytes = secret::from_text::<56>(text)?;
        Some(Self {
            session: SessionId(Uuid::from_slice(&bytes[..16]).ok()?),
            generation: i64::from_be_bytes(bytes[16..24].try_into().ok()?),
            secret: bytes[24..].try_into().ok()?,
        })
    }

    /// What is kept of this token.
    pub(super) fn kept(&self, rotated_at: UnixMs) -> Kept {
        Kept {
            generation: self.generation,
            hash: secret::hash(&self.secret),
            rotated_at,
        }
    }

    fn next(&self, key: &[u8; 32]) -> Self {
        let mut message = self.session.0.as_bytes().to_vec();
        message.extend(self.secret);
        Self {
            session: self.session,
            generation: self.generation + 1,
            secret: hmac(key, &message),
        }
    }
}

/// Judges a token that was shown against what is kept of its session.
pub(super) fn judge(shown: &RefreshToken, kept: &Kept, key: &[u8; 32], now: UnixMs) -> Verdict {
    let behind = kept.generation.saturating_sub(shown.generation);
    if shown.generation < 0 || !(0..=RECOGNISED).contains(&behind) {
        return Verdict::Foreign;
    }
    let newest = (0..behind).fold(shown.clone(), |token, _| token.next(key));
    if !secret::same(&secret::hash(&newest.secret), &kept.hash) {
        return Verdict::Foreign;
    }
    match behind {
        0 => Verdict::Rotate(newest.next(key)),
        1 if now.since_ms(kept.rotated_at) <= GRACE_MS => Verdict::Again(newest),
        _ => Verdict::Reused,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: [u8; 32] = [7; 32];
    const SESSION: SessionId = SessionId(Uuid::from_u128(1));
    const ROTATED: UnixMs = UnixMs(1_000_000);

    /// The tokens of a session, oldest first, and what is kept of the newest.
    fn chain(length: usize) -> (Vec<RefreshToken>, Kept) {
        let first = RefreshToken::first(SESSION).unwrap();
        let tokens: Vec<_> = std::iter::successors(Some(first), |token| Some(token.next(&KEY)))
            .take(length)
            .collect();
        let kept = tokens[length - 1].kept(ROTATED);
        (tokens, kept)
    }

    fn name(verdict: &Verdict) -> &'static str {
        match verdict {
            Verdict::Rotate(_) => "rotate",
            Verdict::Again(_) => "again",
            Verdict::Reused => "reused",
            Verdict::Foreign => "foreign",
        }
    }

    #[test]
    fn a_token_is_judged_by_its_age_and_its_place() {
        let (tokens, kept) = chain(4);
        for (index, after_ms, expected) in [
            (3, 0, "rotate"),
            (3, 86_400_000, "rotate"),
            (2, 0, "again"),
            (2, 30_000, "again"),
            (2, 30_001, "reused"),
            (1, 0, "reused"),
            (0, 0, "reused"),
        ] {
            let now = ROTATED.plus_ms(after_ms);
            let verdict = judge(&tokens[index], &kept, &KEY, now);
            assert_eq!(
                name(&verdict),
                expected,
                "token {index} after {after_ms} ms"
            );
        }
    }

    #[test]
    fn a_repeated_request_gets_the_same_successor() {
        let (tokens, kept) = chain(1);
        let Verdict::Rotate(next) = judge(&tokens[0], &kept, &KEY, ROTATED) else {
            panic!("not rotated");
        };
        let Verdict::Again(again) = judge(&tokens[0], &next.kept(ROTATED), &KEY, ROTATED) else {
            panic!("not repeated");
        };
        assert_eq!(next.to_text(), again.to_text());
    }

    #[test]
    fn forged_tokens_are_foreign() {
        let (tokens, kept) = chain(3);
        let newest = &tokens[2];
        let forged = |generation, secret| RefreshToken {
            session: SESSION,
            generation,
            secret,
        };
        for (what, token, key) in [
            ("another secret", forged(2, [0; 32]), KEY),
            ("an old generation", forged(0, newest.secret), KEY),
            ("a later generation", forged(3, newest.secret), KEY),
            ("a negative generation", forged(-1, newest.secret), KEY),
            ("the least generation", forged(i64::MIN, newest.secret), KEY),
            ("another key", tokens[1].clone(), [8; 32]),
        ] {
            assert_eq!(
                name(&judge(&token, &kept, &key, ROTATED)),
                "foreign",
                "{what}"
            );
        }
    }

    #[test]
    fn the_text_of_a_token_is_read_back() {
        let (tokens, _) = chain(2);
        for token in &tokens {
            let read = RefreshToken::from_text(&token.to_text()).unwrap();
            assert_eq!(read.to_text(), token.to_text());
        }
        for text in ["", "x", "AAAA", &"A".repeat(76)] {
            assert!(RefreshToken::from_text(text).is_none(), "{text}");
        }
    }
}
