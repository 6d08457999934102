//! What the dashboard's paths answer, on invented files; never on those that were built.

use actix_web::body::to_bytes;
use actix_web::http::header::{HeaderMap, HeaderName};
use actix_web::http::{Method, header};
use actix_web::test::TestRequest;
use actix_web::web::Bytes;

use super::files::File;
use super::{Place, answer, place_of};

const SCRIPT: &str = "start-a5816ac9b806561e.js";

fn file(name: &str) -> Option<File> {
    let known = [
        "index.html",
        "index.html.br",
        "index.html.gz",
        SCRIPT,
        "start-a5816ac9b806561e.js.gz",
        "icons/a.svg",
    ];
    known.contains(&name).then(|| File {
        content: Bytes::copy_from_slice(format!("<{name}>").as_bytes()),
        digest: "0123456789abcdef".to_owned(),
    })
}

struct Answer {
    status: u16,
    headers: HeaderMap,
    body: String,
}

impl Answer {
    fn header(&self, name: HeaderName) -> &str {
        self.headers
            .get(name)
            .map_or("", |value| value.to_str().unwrap())
    }
}

async fn ask(method: Method, path: &str, headers: &[(HeaderName, &str)]) -> Answer {
    let mut request = TestRequest::default().method(method).uri(path);
    for (name, value) in headers {
        request = request.insert_header((name.clone(), *value));
    }
    let answer = match answer(&request.to_http_request(), file) {
        Ok(answer) => answer,
        Err(problem) => problem.respond(""),
    };
    Answer {
        status: answer.status().as_u16(),
        headers: answer.headers().clone(),
        body: String::from_utf8(to_bytes(answer.into_body()).await.unwrap().to_vec()).unwrap(),
    }
}

#[test]
fn a_path_is_a_file_a_place_in_the_dashboard_or_nothing() {
    let cases = [
        ("", Place::Page),
        ("servers/0192/cpu", Place::Page),
        ("apis", Place::Page),
        ("index.html", Place::File),
        (SCRIPT, Place::File),
        ("../Cargo.toml", Place::File),
        ("index.html.br", Place::Nothing),
        ("api", Place::Nothing),
        ("api/v1/no/such/route", Place::Nothing),
    ];
    for (path, want) in cases {
        assert_eq!(place_of(path), want, "{path}");
    }
}

#[actix_web::test]
async fn the_smallest_form_that_the_client_takes_is_sent() {
    let cases = [
        ("/", "", "", "<index.html>"),
        ("/", "gzip", "gzip", "<index.html.gz>"),
        ("/alerts/rules", "gzip, br", "br", "<index.html.br>"),
        (
            "/start-a5816ac9b806561e.js",
            "gzip, br",
            "gzip",
            "<start-a5816ac9b806561e.js.gz>",
        ),
        ("/icons/a.svg", "gzip, br", "", "<icons/a.svg>"),
    ];
    for (path, accepted, encoding, body) in cases {
        let answer = ask(Method::GET, path, &[(header::ACCEPT_ENCODING, accepted)]).await;
        assert_eq!(answer.status, 200, "{path}");
        assert_eq!(
            answer.header(header::CONTENT_ENCODING),
            encoding,
            "{path} {accepted}"
        );
        assert_eq!(answer.header(header::VARY), "Accept-Encoding", "{path}");
        assert_eq!(answer.body, body, "{path} {accepted}");
    }
}

#[actix_web::test]
async fn names_with_a_digest_are_kept_and_the_page_is_asked_for_each_time() {
    let script = ask(Method::GET, "/start-a5816ac9b806561e.js", &[]).await;
    assert_eq!(
        script.header(header::CACHE_CONTROL),
        "public, max-age=31536000, immutable"
    );
    let page = ask(Method::GET, "/", &[]).await;
    assert_eq!(page.header(header::CACHE_CONTROL), "no-cache");
    let tag = page.header(header::ETAG);
    let again = ask(Method::GET, "/alerts", &[(header::IF_NONE_MATCH, tag)]).await;
    assert_eq!((again.status, again.body.as_str()), (304, ""));
    let other = ask(Method::GET, "/", &[(header::IF_NONE_MATCH, "W/\"other\"")]).await;
    assert_eq!(other.status, 200);
}

#[actix_web::test]
async fn every_answer_forbids_what_is_not_its_own() {
    for path in ["/", "/icons/a.svg"] {
        let answer = ask(Method::GET, path, &[]).await;
        let policy = answer.header(header::CONTENT_SECURITY_POLICY);
        assert!(
            policy.contains("script-src 'self' 'wasm-unsafe-eval';"),
            "{policy}"
        );
        assert!(policy.contains("frame-ancestors 'none'"), "{policy}");
        assert!(!policy.contains("unsafe-inline"), "{policy}");
    }
}

#[actix_web::test]
async fn only_reading_is_allowed_and_only_what_exists() {
    let cases = [
        (Method::HEAD, "/", 200),
        (Method::POST, "/alerts", 405),
        (Method::POST, "/api/v1/none", 404),
        (Method::GET, "/api/v1/none", 404),
        (Method::GET, "/none.js", 404),
        (Method::GET, "/index.html.br", 404),
    ];
    for (method, path, status) in cases {
        assert_eq!(
            ask(method.clone(), path, &[]).await.status,
            status,
            "{method} {path}"
        );
    }
}
