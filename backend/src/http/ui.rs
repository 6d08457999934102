//! Serves the dashboard that is built into the binary; never an API route, never a file of this machine.

mod encoding;
mod files;

use std::sync::OnceLock;

use actix_web::http::header::{self, HeaderValue};
use actix_web::http::{Method, StatusCode};
use actix_web::{HttpRequest, HttpResponse, web};

use self::encoding::Encoding;
use self::files::File;
use super::problem::Problem;

const PAGE: &str = "index.html";
const FOREVER: &str = "public, max-age=31536000, immutable";
const ASK_EACH_TIME: &str = "no-cache";

/// Constant, as the page has neither inline script nor inline style. Pictures that need the token of
/// the page come by its own requests, as blobs.
const CONTENT_SECURITY_POLICY: &str = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; \
     style-src 'self'; img-src 'self' blob:; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

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
) -> Result<HttpResponse, Problem> {
    let path = request.path().trim_matches('/');
    let (name, whole) = match place_of(path) {
        Place::Nothing => return Err(nothing_there()),
        Place::File => (path, file(path).ok_or_else(nothing_there)?),
        Place::Page => (PAGE, file(PAGE).ok_or_else(not_built)?),
    };
    if [Method::GET, Method::HEAD].contains(request.method()) {
        Ok(serve(request, name, whole, &file))
    } else {
        let readable = HeaderValue::from_static("GET, HEAD");
        let detail = "This path can only be read.";
        Err(Problem::new(StatusCode::METHOD_NOT_ALLOWED, detail).header(header::ALLOW, readable))
    }
}

/// What a path can be without looking at the files.
#[derive(Debug, PartialEq, Eq)]
enum Place {
    /// A file, as its name has an extension.
    File,
    /// A place within the dashboard, which its page shows.
    Page,
    /// An API path that no route has, or a compressed form under its own name.
    Nothing,
}

fn place_of(path: &str) -> Place {
    let last = path.rsplit('/').next().unwrap_or_default();
    if path == "api" || path.starts_with("api/") || Encoding::packed(path) {
        Place::Nothing
    } else if last.contains('.') {
        Place::File
    } else {
        Place::Page
    }
}

fn nothing_there() -> Problem {
    Problem::new(StatusCode::NOT_FOUND, "There is nothing under this path.")
}

fn not_built() -> Problem {
    let detail = "This server was built without its dashboard. Build it with `cargo xtask build`.";
    Problem::new(StatusCode::NOT_IMPLEMENTED, detail)
}

fn serve(
    request: &HttpRequest,
    name: &str,
    whole: File,
    file: impl Fn(&str) -> Option<File>,
) -> HttpResponse {
    let mut answer = HttpResponse::Ok();
    answer.insert_header((header::CONTENT_SECURITY_POLICY, CONTENT_SECURITY_POLICY));
    answer.insert_header((header::CROSS_ORIGIN_OPENER_POLICY, "same-origin"));
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

#[cfg(test)]
mod tests;
