//! What tests of handlers need: the parts of a server, requests and answers, without a socket.

use actix_web::body::{MessageBody, to_bytes};
use actix_web::dev::{Service, ServiceResponse};
use actix_web::http::{Method, header};
use actix_web::test::{TestRequest, call_service};
use serde_json::{Value, json};

use crate::app::App;
use crate::clock::Clock;
use crate::config::Config;

/// The first administrator's password.
pub(super) const PASSWORD: &str = "correct horse battery";

/// The parts of a server in `dir`, with the administrator `admin`.
pub(super) async fn app(dir: &tempfile::TempDir, clock: Clock) -> App {
    let config = Config {
        data_dir: dir.path().to_owned(),
        ..Config::default()
    };
    let app = App::build(config, clock).await.unwrap();
    let first = app.auth.first_start(Some(PASSWORD)).await.unwrap();
    assert!(first.is_none());
    app
}

/// An answer as a client sees it.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) headers: header::HeaderMap,
    pub(super) body: Value,
}

impl Answer {
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        Some(self.headers.get(name)?.to_str().unwrap())
    }

    /// The pair of name and value in the login's cookie.
    pub(super) fn cookie(&self) -> String {
        let cookie = self.header("set-cookie").unwrap();
        cookie.split(';').next().unwrap().to_owned()
    }

    pub(super) fn text(&self, field: &str) -> String {
        self.body[field].as_str().unwrap_or_default().to_owned()
    }
}

/// A request with a JSON body, unless that is null, and an access token, unless that is empty.
pub(super) fn request(method: &Method, path: &str, token: &str, body: &Value) -> TestRequest {
    let mut request = TestRequest::with_uri(path).method(method.clone());
    if !token.is_empty() {
        request = request.insert_header((header::AUTHORIZATION, format!("Bearer {token}")));
    }
    if !body.is_null() {
        request = request.set_json(body);
    }
    request
}

/// A request with a login's cookie, as the dashboard sends it.
pub(super) fn with_cookie(path: &str, cookie: &str) -> TestRequest {
    TestRequest::post()
        .uri(path)
        .insert_header((header::COOKIE, cookie))
        .insert_header(("x-requested-with", "watchpost"))
}

/// The request of a login.
pub(super) fn login(username: &str, password: &str) -> TestRequest {
    let body = json!({ "username": username, "password": password });
    request(&Method::POST, "/api/v1/auth/login", "", &body)
}

/// Calls the server.
pub(super) async fn ask<S, R, B>(service: &S, request: R) -> Answer
where
    S: Service<R, Response = ServiceResponse<B>, Error = actix_web::Error>,
    B: MessageBody,
{
    let answer = call_service(service, request).await;
    let (status, headers) = (answer.status().as_u16(), answer.headers().clone());
    let body = to_bytes(answer.into_body()).await.ok().unwrap();
    Answer {
        status,
        headers,
        body: serde_json::from_slice(&body).unwrap_or_default(),
    }
}
