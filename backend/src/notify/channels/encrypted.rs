//! A message that only one browser reads (RFC 8291); never who sends it.

use aws_lc_rs::aead::{AES_128_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use aws_lc_rs::agreement::{self, ECDH_P256, PrivateKey, UnparsedPublicKey};

use super::sign::hmac;
use crate::notify::browser::Browser;

/// The size of a record: all there is.
const RECORD: u32 = 4_096;
/// What of it a message may fill.
const MOST_BYTES: usize = 3_900;

/// Why a message was not encrypted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(super) enum Unfit {
    /// It does not fit into one record.
    #[error("the message is too long for a push service")]
    TooLong,
    /// A key is none.
    #[error("a key of the channel or of the browser cannot be used")]
    Key,
}

/// Encrypts with keys that are used once.
pub(super) fn seal(text: &[u8], browser: &Browser) -> Result<Vec<u8>, Unfit> {
    let mut salt = [0; 16];
    getrandom::fill(&mut salt).map_err(|_| Unfit::Key)?;
    let own = PrivateKey::generate(&ECDH_P256).map_err(|_| Unfit::Key)?;
    seal_with(text, browser, salt, &own)
}

fn seal_with(
    text: &[u8],
    browser: &Browser,
    salt: [u8; 16],
    own: &PrivateKey,
) -> Result<Vec<u8>, Unfit> {
    if text.len() > MOST_BYTES {
        return Err(Unfit::TooLong);
    }
    let public = own.compute_public_key().map_err(|_| Unfit::Key)?;
    let peer = UnparsedPublicKey::new(&ECDH_P256, &browser.p256dh);
    let shared = agreement::agree(own, peer, Unfit::Key, |secret| {
        let info = [b"WebPush: info\0", &browser.p256dh[..], public.as_ref()].concat();
        Ok(expand(&hmac(&browser.auth, secret), &info))
    })?;
    let secret = hmac(&salt, &shared);
    let key = expand(&secret, b"Content-Encoding: aes128gcm\0");
    let nonce = expand(&secret, b"Content-Encoding: nonce\0");
    let key = UnboundKey::new(&AES_128_GCM, &key[..16]).map_err(|_| Unfit::Key)?;
    let nonce = Nonce::try_assume_unique_for_key(&nonce[..12]).map_err(|_| Unfit::Key)?;
    // 2 marks the last record.
    let mut record = [text, &[2]].concat();
    LessSafeKey::new(key)
        .seal_in_place_append_tag(nonce, Aad::empty(), &mut record)
        .map_err(|_| Unfit::Key)?;
    let mut body = salt.to_vec();
    body.extend(RECORD.to_be_bytes());
    body.push(u8::try_from(public.as_ref().len()).map_err(|_| Unfit::Key)?);
    body.extend(public.as_ref());
    body.extend(record);
    Ok(body)
}

/// The first block of HKDF's second half: no more is needed here.
fn expand(secret: &[u8; 32], info: &[u8]) -> [u8; 32] {
    hmac(secret, &[info, &[1]].concat())
}

#[cfg(test)]
mod tests {
    use base64::Engine;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;
    use common::ids::PushSubscriptionId;
    use uuid::Uuid;

    use super::*;

    #[test]
    fn the_example_of_the_standard_comes_out() {
        // RFC 8291, section 5 and appendix A.
        let bytes = |text: &str| URL_SAFE_NO_PAD.decode(text).unwrap();
        let browser = Browser {
            id: PushSubscriptionId(Uuid::nil()),
            endpoint: "https://push.example.net/push/1".parse().unwrap(),
            p256dh: bytes(
                "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4",
            ),
            auth: bytes("BTBZMqHH6r4Tts7J_aSIgg"),
        };
        let own = bytes("yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw");
        let own = PrivateKey::from_private_key(&ECDH_P256, &own).unwrap();
        let salt = bytes("DGv6ra1nlYgDCS1FRnbzlw").try_into().unwrap();
        let text = b"When I grow up, I want to be a watermelon";
        let sealed = seal_with(text, &browser, salt, &own).unwrap();
        assert_eq!(
            URL_SAFE_NO_PAD.encode(sealed),
            "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6T\
             lzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a\
             -fN"
        );
    }
}
