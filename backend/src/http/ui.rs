//! Serves the dashboard that is built into the binary; never an API route, never a file of this machine.

mod encoding;
mod files;

use std::sync::OnceLock;

use actix_web::error::{ErrorMethodNotAllowed, ErrorNotFound, ErrorServiceUnavailable};
use actix_web::http::header::{self, HeaderName, HeaderValue};
use actix_web::http::{Method, StatusCode};
use actix_web::{HttpRequest, HttpResponse, HttpResponseBuilder, web};

use self::encoding::Encoding;
use self::files::File;

const PAGE: &str = "index.html";
const FOREVER: &str = "public, max-age=31536000, immutable";
const ASK_EACH_TIME: &str = "no-cache";

/// Constant, as the page has neither inline script nor inline style.
const CONTENT_SECURITY_POLICY: &str = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; \
     style-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

/// Headers of every answer of the dashboard.
const SECURITY: [(HeaderName, &str); 4] = [
    (header::CONTENT_SECURITY_POLICY, CONTENT_SECURITY_POLICY),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "same-origin"),
    (header::CROSS_ORIGIN_OPENER_POLICY, "same-origin"),
];

/// Answers every path that no route has: the dashboard's files, its page for the paths within it,
/// and a 404 for what is under `/api` or looks like a file.
pub fn configure(routes: &mut web::ServiceConfig) {
    routes.default_service(web::to(async |request: HttpRequest| {
        answer(&request, files::embedded)
    }));
}

/// Names the dashboard in this binary: 16 hexadecimal digits of its page's digest, or `none` when it
/// was built without one. A page that sees another one than its own reloads itself.
pub fn build_id() -> &'static str {
    static ID: OnceLock<String> = OnceLock::new();
    ID.get_or_init(|| files::embedded(PAGE).map_or_else(|| "none".to_owned(), |page| page.digest))
}

fn answer(
    request: &HttpRequest,
    file: impl Fn(&str) -> Option<File>,
) -> Result<HttpResponse, actix_web::Error> {
    let path = request.path().trim_matches('/');
    let name = name_of(path, |name| file(name).is_some())
        .ok_or_else(|| ErrorNotFound("There is nothing under this path."))?;
    if ![Method::GET, Method::HEAD].contains(request.method()) {
        return Err(ErrorMethodNotAllowed("This path can only be read."));
    }
    let whole = file(name).ok_or_else(|| {
        ErrorServiceUnavailable("The dashboard is not part of this build: run `cargo xtask build`.")
    })?;
    Ok(serve(request, name, whole, &file))
}

/// The file that answers a path: itself, or the page for a path within the dashboard; `None` when
/// neither does.
fn name_of(path: &str, exists: impl Fn(&str) -> bool) -> Option<&str> {
    let is_api = path == "api" || path.starts_with("api/");
    let last = path.rsplit('/').next().unwrap_or_default();
    if is_api || Encoding::packed(path) {
        None
    } else if !path.is_empty() && exists(path) {
        Some(path)
    } else if last.contains('.') {
        None
    } else {
        Some(PAGE)
    }
}

fn serve(
    request: &HttpRequest,
    name: &str,
    whole: File,
    file: impl Fn(&str) -> Option<File>,
) -> HttpResponse {
    let mut answer = secured(StatusCode::OK);
    answer.insert_header((header::VARY, "Accept-Encoding"));
    if files::name_has_digest(name) {
        answer.insert_header((header::CACHE_CONTROL, FOREVER));
    } else {
        // Weak: the same for each encoding.
        let tag = format!("W/\"{}\"", whole.digest);
        let seen = request.headers().get_all(header::IF_NONE_MATCH);
        let unchanged = seen
            .filter_map(|tags| tags.to_str().ok())
            .any(|tags| tags.contains(&tag));
        answer.insert_header((header::CACHE_CONTROL, ASK_EACH_TIME));
        answer.insert_header((header::ETAG, tag));
        if unchanged {
            return answer.status(StatusCode::NOT_MODIFIED).finish();
        }
    }
    answer.insert_header((header::CONTENT_TYPE, files::content_type(name)));
    let accepted = request.headers().get(header::ACCEPT_ENCODING);
    let accepted = accepted
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    for encoding in Encoding::accepted(accepted) {
        if let Some(packed) = file(&encoding.file(name)) {
            answer.insert_header((header::CONTENT_ENCODING, encoding.name()));
            return answer.body(packed.content);
        }
    }
    answer.body(whole.content)
}

fn secured(status: StatusCode) -> HttpResponseBuilder {
    let mut answer = HttpResponse::build(status);
    for (name, value) in SECURITY {
        answer.insert_header((name, HeaderValue::from_static(value)));
    }
    answer
}

#[cfg(test)]
mod tests;
