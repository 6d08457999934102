//! The cookie with the refresh token; never what the token means.

use actix_web::HttpRequest;
use actix_web::cookie::time::Duration;
use actix_web::cookie::{Cookie, SameSite};

use crate::config::Config;

const NAME: &str = "watchpost_refresh";
/// Browsers send it to login, refresh and logout only.
const PATH: &str = "/api/v1/auth";

/// The cookie that carries `token` for so many seconds.
pub(super) fn with_token(config: &Config, token: String, seconds: i64) -> Cookie<'static> {
    let public_url = config.server.public_url.as_deref();
    Cookie::build(NAME, token)
        .path(PATH)
        .http_only(true)
        .same_site(SameSite::Strict)
        .secure(public_url.is_some_and(|url| url.starts_with("https:")))
        .max_age(Duration::seconds(seconds))
        .finish()
}

/// The cookie that takes it away again.
pub(super) fn removal(config: &Config) -> Cookie<'static> {
    with_token(config, String::new(), 0)
}

/// The refresh token of a request; `None` without a cookie.
pub(super) fn token(request: &HttpRequest) -> Option<String> {
    let cookie = request.cookie(NAME)?;
    Some(cookie.value().to_owned()).filter(|token| !token.is_empty())
}
