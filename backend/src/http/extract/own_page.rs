//! Keeps other sites' pages away from login and from the refresh cookie; never who asks.

use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::http::{StatusCode, header};
use actix_web::{FromRequest, HttpRequest, web};

use crate::app::App;
use crate::http::problem::Problem;

const MARK: &str = "x-requested-with";
const MARK_VALUE: &str = "watchpost";

/// The request comes from a page of this server, or from no page at all.
#[derive(Debug)]
pub struct OwnOrigin;

/// As [`OwnOrigin`], and it carries the header that no other site's page can add by itself.
#[derive(Debug)]
pub struct OwnPage;

impl FromRequest for OwnOrigin {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(if has_own_origin(request) {
            Ok(Self)
        } else {
            Err(Problem::new(
                StatusCode::FORBIDDEN,
                "This comes from a page of another site.",
            ))
        })
    }
}

impl FromRequest for OwnPage {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let mark = request.headers().get(MARK);
        if mark.is_none_or(|value| value != MARK_VALUE) {
            return ready(Err(Problem::new(
                StatusCode::FORBIDDEN,
                "The header X-Requested-With: watchpost is missing.",
            )));
        }
        let origin = OwnOrigin::from_request(request, payload).into_inner();
        ready(origin.map(|OwnOrigin| Self))
    }
}

fn has_own_origin(request: &HttpRequest) -> bool {
    let text = |name| {
        let value: Option<&header::HeaderValue> = request.headers().get(name);
        value.map(|value| value.to_str().unwrap_or_default())
    };
    let public_url = request
        .app_data::<web::Data<App>>()
        .and_then(|app| app.config.server.public_url.as_deref());
    match text(header::ORIGIN) {
        None => true,
        Some(origin) => is_own(origin, public_url, text(header::HOST)),
    }
}

/// Compares an `Origin` with the public address, or, while none is configured, with the `Host`.
fn is_own(origin: &str, public_url: Option<&str>, host: Option<&str>) -> bool {
    let after_scheme = |url: &str| url.split_once("://").map(|(_, rest)| rest.to_owned());
    match (public_url, host) {
        (Some(url), _) => {
            let path_starts = url
                .match_indices('/')
                .nth(2)
                .map_or(url.len(), |(at, _)| at);
            origin.eq_ignore_ascii_case(&url[..path_starts])
        }
        (None, Some(host)) => {
            after_scheme(origin).is_some_and(|authority| authority.eq_ignore_ascii_case(host))
        }
        (None, None) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::is_own;

    #[test]
    fn only_the_own_origin_passes() {
        let public = Some("https://watch.example.org/");
        for (origin, public_url, host, own) in [
            ("https://watch.example.org", public, None, true),
            ("https://Watch.example.org", public, None, true),
            ("http://watch.example.org", public, None, false),
            ("https://watch.example.org.evil", public, None, false),
            ("https://watch.example.org:444", public, None, false),
            ("null", public, None, false),
            ("http://localhost:8080", None, Some("localhost:8080"), true),
            ("http://localhost:9090", None, Some("localhost:8080"), false),
            ("http://evil", None, Some("localhost:8080"), false),
            ("null", None, Some("localhost:8080"), false),
            ("http://localhost", None, None, false),
        ] {
            assert_eq!(is_own(origin, public_url, host), own, "{origin} {host:?}");
        }
    }
}
