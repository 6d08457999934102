//! What an answer of a provider means for the message; pure, never what happens next.

use std::time::Duration;

use crate::egress::header::{DATE, RETRY_AFTER};
use crate::egress::{Answer, StatusCode};

/// How an attempt went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::notify) enum Verdict {
    /// The provider has the message.
    Delivered,
    /// It may go better later; not before that long, when the provider said so.
    Later(Option<Duration>),
    /// It will not go better.
    Refused,
    /// The receiver wants nothing any more.
    Gone,
}

/// What most providers mean: 2xx is taken, 408, 425, 429 and 5xx pass, 410 is the end of the
/// channel, and all else is wrong with the message or the configuration.
pub(super) fn by_status(answer: &Answer) -> Verdict {
    match answer.status {
        status if status.is_success() => Verdict::Delivered,
        StatusCode::GONE => Verdict::Gone,
        StatusCode::REQUEST_TIMEOUT | StatusCode::TOO_EARLY | StatusCode::TOO_MANY_REQUESTS => {
            Verdict::Later(retry_after(answer))
        }
        status if status.is_server_error() => Verdict::Later(retry_after(answer)),
        _ => Verdict::Refused,
    }
}

/// The header `Retry-After`: seconds, or a moment of the provider's own clock.
fn retry_after(answer: &Answer) -> Option<Duration> {
    let text = |name| answer.headers.get(name)?.to_str().ok();
    let after = text(RETRY_AFTER)?.trim();
    if let Ok(seconds) = after.parse() {
        return Duration::try_from_secs_f64(seconds).ok();
    }
    let moment = httpdate::parse_http_date(after).ok()?;
    let now = httpdate::parse_http_date(text(DATE)?).ok()?;
    moment.duration_since(now).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::egress::header::{HeaderMap, HeaderName};

    #[test]
    fn a_status_says_what_to_do() {
        let later = |seconds| Verdict::Later(Some(Duration::from_secs(seconds)));
        let now = ("date", "Sun, 06 Nov 1994 08:49:37 GMT");
        for (status, headers, expected) in [
            (200, &[][..], Verdict::Delivered),
            (204, &[], Verdict::Delivered),
            (301, &[], Verdict::Refused),
            (400, &[], Verdict::Refused),
            (404, &[("retry-after", "5")], Verdict::Refused),
            (408, &[], Verdict::Later(None)),
            (410, &[], Verdict::Gone),
            (425, &[], Verdict::Later(None)),
            (429, &[("retry-after", "7")], later(7)),
            (429, &[("retry-after", "soon")], Verdict::Later(None)),
            (429, &[("retry-after", "-1")], Verdict::Later(None)),
            (
                429,
                &[("retry-after", "Sun, 06 Nov 1994 08:50:07 GMT"), now],
                later(30),
            ),
            (500, &[], Verdict::Later(None)),
            (503, &[("retry-after", "120")], later(120)),
        ] {
            let headers: HeaderMap = headers
                .iter()
                .map(|(name, value)| (HeaderName::from_static(name), value.parse().unwrap()))
                .collect();
            let answer = Answer {
                status: StatusCode::from_u16(status).unwrap(),
                headers: headers.clone(),
                body: bytes::Bytes::new(),
            };
            assert_eq!(by_status(&answer), expected, "{status} {headers:?}");
        }
    }
}
