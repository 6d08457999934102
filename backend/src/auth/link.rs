//! Links that act without a login: what one opens, until when, and a code that only this server makes; pure, never the act.
//!
//! A link is one act on one object. Whoever has it may do that, as one may read a letter that one
//! holds: so it says nothing else, ends by itself, and stands in the query of an address, which no log
//! has.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use common::ids::DeliveryId;
use common::time::UnixMs;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use uuid::Uuid;

const VERSION: u8 = 1;
/// What a link does; it stands in the token, so that a link of the one kind never does the other.
const ACKNOWLEDGE: u8 = 1;
const UNSUBSCRIBE: u8 = 2;
const CODE_BYTES: usize = 32;

/// The right to take the alerts that a delivery told of: one message, to one channel, of one step. It
/// comes out of a link alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MayTake(DeliveryId);

impl MayTake {
    /// The delivery.
    pub fn delivery(self) -> DeliveryId {
        self.0
    }
}

/// The right to end that a person is told by a channel: the two of a delivery. It comes out of a link
/// alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MayUnsubscribe(DeliveryId);

impl MayUnsubscribe {
    /// The delivery.
    pub fn delivery(self) -> DeliveryId {
        self.0
    }
}

/// Why a link opens nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum LinkFault {
    /// It is none of this server's.
    #[error("the link is not one of this server's")]
    Unknown,
    /// Its time is over.
    #[error("the link is too old")]
    Over,
}

/// Makes and reads links.
pub struct LinkKey([u8; 32]);

impl std::fmt::Debug for LinkKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("***")
    }
}

impl LinkKey {
    /// One of these secret bytes.
    pub fn new(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The token by which the alerts of a delivery may be taken until then, in letters that need no
    /// escape in an address.
    pub fn acknowledge(&self, delivery: DeliveryId, until: UnixMs) -> String {
        self.token(ACKNOWLEDGE, delivery, until)
    }

    /// The token by which the person of a delivery leaves its channel until then.
    pub fn unsubscribe(&self, delivery: DeliveryId, until: UnixMs) -> String {
        self.token(UNSUBSCRIBE, delivery, until)
    }

    /// The right that a token gives at `now` to take alerts.
    pub fn may_take(&self, token: &str, now: UnixMs) -> Result<MayTake, LinkFault> {
        self.open(ACKNOWLEDGE, token, now).map(MayTake)
    }

    /// The right that a token gives at `now` to leave a channel.
    pub fn may_unsubscribe(&self, token: &str, now: UnixMs) -> Result<MayUnsubscribe, LinkFault> {
        self.open(UNSUBSCRIBE, token, now).map(MayUnsubscribe)
    }

    fn token(&self, act: u8, delivery: DeliveryId, until: UnixMs) -> String {
        let mut bytes = vec![VERSION, act];
        bytes.extend(delivery.0.as_bytes());
        bytes.extend(until.0.to_be_bytes());
        let code = self.code(&bytes).map(|mac| mac.finalize().into_bytes());
        bytes.extend(code.into_iter().flatten());
        URL_SAFE_NO_PAD.encode(bytes)
    }

    /// The delivery that a token of that act opens at `now`.
    fn open(&self, act: u8, token: &str, now: UnixMs) -> Result<DeliveryId, LinkFault> {
        let bytes = URL_SAFE_NO_PAD.decode(token);
        let bytes = bytes.map_err(|_| LinkFault::Unknown)?;
        let (said, code) = bytes
            .split_last_chunk::<CODE_BYTES>()
            .ok_or(LinkFault::Unknown)?;
        let mac = self.code(said).ok_or(LinkFault::Unknown)?;
        // It takes the same time whatever is wrong.
        mac.verify_slice(code).map_err(|_| LinkFault::Unknown)?;
        let (said, until) = said.split_last_chunk().ok_or(LinkFault::Unknown)?;
        if UnixMs(i64::from_be_bytes(*until)) <= now {
            return Err(LinkFault::Over);
        }
        match said.split_first_chunk() {
            Some((&[VERSION, opens], id)) if opens == act => {
                let id = Uuid::from_slice(id).map_err(|_| LinkFault::Unknown)?;
                Ok(DeliveryId(id))
            }
            _ => Err(LinkFault::Unknown),
        }
    }

    /// Every length of key is taken: there always is one.
    fn code(&self, said: &[u8]) -> Option<Hmac<Sha256>> {
        let mac = Hmac::<Sha256>::new_from_slice(&self.0).ok()?;
        Some(mac.chain_update(said))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DELIVERY: DeliveryId = DeliveryId(Uuid::from_u128(7));
    const NOW: UnixMs = UnixMs(1_790_000_000_000);

    #[test]
    fn a_link_opens_its_delivery_until_its_time_is_over() {
        let key = LinkKey::new([1; 32]);
        let token = key.acknowledge(DELIVERY, NOW.plus_ms(1));
        assert_eq!(key.may_take(&token, NOW), Ok(MayTake(DELIVERY)));
        assert_eq!(key.may_take(&token, NOW.plus_ms(1)), Err(LinkFault::Over));
        let of_others = LinkKey::new([2; 32]).may_take(&token, NOW);
        assert_eq!(of_others, Err(LinkFault::Unknown));
        assert_ne!(
            token,
            key.acknowledge(DeliveryId(Uuid::nil()), NOW.plus_ms(1))
        );
    }

    #[test]
    fn a_link_of_the_one_kind_never_does_the_other() {
        let (key, until) = (LinkKey::new([1; 32]), NOW.plus_ms(1));
        let (take, leave) = (
            key.acknowledge(DELIVERY, until),
            key.unsubscribe(DELIVERY, until),
        );
        let left = key.may_unsubscribe(&leave, NOW);
        assert_eq!(left, Ok(MayUnsubscribe(DELIVERY)));
        assert_eq!(key.may_unsubscribe(&leave, until), Err(LinkFault::Over));
        assert_eq!(key.may_take(&leave, NOW), Err(LinkFault::Unknown));
        assert_eq!(key.may_unsubscribe(&take, NOW), Err(LinkFault::Unknown));
    }

    #[test]
    fn no_flipped_bit_and_no_cut_opens() {
        let key = LinkKey::new([1; 32]);
        let token = key.acknowledge(DELIVERY, NOW.plus_ms(1));
        let bytes = URL_SAFE_NO_PAD.decode(&token).unwrap();
        for at in 0..bytes.len() {
            let mut flipped = bytes.clone();
            flipped[at] ^= 1;
            for bytes in [&flipped[..], &bytes[..at]] {
                let token = URL_SAFE_NO_PAD.encode(bytes);
                let opened = key.may_take(&token, NOW);
                assert_eq!(opened, Err(LinkFault::Unknown), "byte {at}");
                let opened = key.may_unsubscribe(&token, NOW);
                assert_eq!(opened, Err(LinkFault::Unknown), "byte {at}");
            }
        }
        for token in ["", "?", "AA", "not a token"] {
            let opened = key.may_take(token, NOW);
            assert_eq!(opened, Err(LinkFault::Unknown), "{token}");
        }
    }
}
