//! Signature version 4 of Amazon's services for one small request; never a session or a stream.
//!
//! By <https://docs.aws.amazon.com/IAM/latest/UserGuide/create-signed-request.html>.

use common::time::UnixMs;
use sha2::{Digest, Sha256};
use url::{Position, Url};

use super::request::with_header;
use super::sign::{hex, hmac};
use crate::egress::Request;
use crate::egress::header::{AUTHORIZATION, CONTENT_TYPE, HeaderName};

const DATE: HeaderName = HeaderName::from_static("x-amz-date");

/// Who asks, and whom.
#[derive(Clone, Copy)]
pub(super) struct Credentials<'a> {
    pub(super) key_id: &'a str,
    pub(super) secret: &'a str,
    pub(super) region: &'a str,
    pub(super) service: &'a str,
}

/// The request with its date and signature. It has a content type and no query.
pub(super) fn sign(request: Request, with: Credentials<'_>, now: UnixMs) -> Request {
    let time = basic_time(now);
    let scope = scope(with, &time);
    let content_type = request
        .headers
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    let canonical = format!(
        "{}\n{}\n\ncontent-type:{content_type}\nhost:{}\nx-amz-date:{time}\n\n{SIGNED}\n{}",
        request.method,
        request.url.path(),
        host(&request.url),
        hex(&Sha256::digest(&request.body)),
    );
    let digest = hex(&Sha256::digest(canonical.as_bytes()));
    let text = format!("AWS4-HMAC-SHA256\n{time}\n{scope}\n{digest}");
    let signature = hex(&hmac(&key(with, &time), text.as_bytes()));
    let authorization = format!(
        "AWS4-HMAC-SHA256 Credential={}/{scope}, SignedHeaders={SIGNED}, Signature={signature}",
        with.key_id
    );
    let request = with_header(request, DATE, &time);
    with_header(request, AUTHORIZATION, &authorization)
}

const SIGNED: &str = "content-type;host;x-amz-date";

fn scope(with: Credentials<'_>, time: &str) -> String {
    let (
        date,
        Credentials {
            region, service, ..
        },
    ) = (day(time), with);
    format!("{date}/{region}/{service}/aws4_request")
}

fn key(with: Credentials<'_>, time: &str) -> [u8; 32] {
    let secret = format!("AWS4{}", with.secret);
    [with.region, with.service, "aws4_request"].iter().fold(
        hmac(secret.as_bytes(), day(time).as_bytes()),
        |key, part| hmac(&key, part.as_bytes()),
    )
}

/// `20150830T123600Z`.
fn basic_time(now: UnixMs) -> String {
    let text = now.to_string();
    let seconds = text.get(..19).unwrap_or(&text);
    format!("{}Z", seconds.replace(['-', ':'], ""))
}

fn day(time: &str) -> &str {
    time.get(..8).unwrap_or(time)
}

fn host(url: &Url) -> &str {
    &url[Position::BeforeHost..Position::AfterPort]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_key_is_derived_as_the_documentation_shows() {
        // "Examples of how to derive a signing key", Amazon's documentation of signature version 4.
        let with = Credentials {
            key_id: "AKIDEXAMPLE",
            secret: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
            region: "us-east-1",
            service: "iam",
        };
        assert_eq!(
            hex(&key(with, "20150830T123600Z")),
            "c4afb1cc5771d871763a393e44b703571b55cc28424d1a5e86da6ed3c154a4b9"
        );
    }

    #[test]
    fn a_request_is_signed_as_in_the_published_suite() {
        // `post-x-www-form-urlencoded` of Amazon's test suite of signature version 4.
        let with = Credentials {
            key_id: "AKIDEXAMPLE",
            secret: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
            region: "us-east-1",
            service: "service",
        };
        let url = "https://example.amazonaws.com/".parse().unwrap();
        let request = super::super::request::form(url, &[("Param1", "value1")]);
        let now = UnixMs::parse("2015-08-30T12:36:00Z").unwrap();
        let signed = sign(request, with, now);
        assert_eq!(
            signed.headers[AUTHORIZATION],
            "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, \
             SignedHeaders=content-type;host;x-amz-date, \
             Signature=ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a"
        );
    }

    #[test]
    fn a_time_has_no_dashes() {
        let at = UnixMs::parse("2015-08-30T12:36:00.250Z").unwrap();
        assert_eq!(basic_time(at), "20150830T123600Z");
    }
}
