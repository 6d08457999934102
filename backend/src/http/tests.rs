//! The layers around every route, called without a socket.

use actix_web::body::to_bytes;
use actix_web::http::{Method, header};
use actix_web::test::{TestRequest, call_service, init_service};
use actix_web::web;

use super::application;
use crate::app::App;
use crate::clock::Clock;
use crate::config::Config;

/// The parts of a server in a directory of its own.
async fn app(dir: &tempfile::TempDir) -> web::Data<App> {
    let config = Config {
        data_dir: dir.path().to_owned(),
        ..Config::default()
    };
    web::Data::new(App::build(config, Clock::system()).await.unwrap())
}

#[actix_web::test]
async fn errors_come_in_the_order_of_the_api() {
    let dir = tempfile::tempdir().unwrap();
    let app = app(&dir).await;
    let service = init_service(application(app.clone())).await;
    for (method, path, token, status, kind) in [
        (Method::GET, "/api/v1", None, 200, ""),
        (Method::GET, "/api/v1/", None, 200, ""),
        (Method::GET, "/health/live/", None, 200, ""),
        (Method::GET, "/health/ready", None, 200, ""),
        (Method::GET, "/api/v1/nothing", None, 404, "not-found"),
        (
            Method::POST,
            "/api/v1/roles",
            None,
            405,
            "method-not-allowed",
        ),
        (Method::GET, "/api/v1/roles", None, 401, "unauthorized"),
        (Method::GET, "/api/v1/roles/", None, 401, "unauthorized"),
        (
            Method::GET,
            "/api/v1/roles",
            Some("Bearer x.y.z"),
            401,
            "unauthorized",
        ),
        (
            Method::GET,
            "/api/v1/roles",
            Some("Basic eDp5"),
            401,
            "unauthorized",
        ),
    ] {
        let mut request = TestRequest::with_uri(path).method(method.clone());
        if let Some(token) = token {
            request = request.insert_header((header::AUTHORIZATION, token));
        }
        let answer = call_service(&service, request.to_request()).await;
        assert_eq!(answer.status().as_u16(), status, "{method} {path}");
        let header = |name: &str| {
            let value = answer.headers().get(name);
            value.map(|value| value.to_str().unwrap().to_owned())
        };
        let id = header("x-request-id").unwrap();
        assert_eq!(header("x-content-type-options").as_deref(), Some("nosniff"));
        assert_eq!(header("allow").is_some(), status == 405);
        assert_eq!(header("www-authenticate").is_some(), status == 401);
        if status >= 400 {
            let content_type = header("content-type");
            assert_eq!(content_type.as_deref(), Some("application/problem+json"));
            let body = to_bytes(answer.into_body()).await.ok().unwrap();
            let problem: common::problem::Problem = serde_json::from_slice(&body).unwrap();
            assert!(problem.is(kind), "{method} {path}: {problem:?}");
            assert_eq!((problem.status, problem.request_id), (status, id));
        }
    }
    app.get_ref().clone().stop().await;
}

#[actix_web::test]
async fn the_description_is_openapi_with_a_permission_on_each_operation() {
    let dir = tempfile::tempdir().unwrap();
    let app = app(&dir).await;
    let service = init_service(application(app.clone())).await;
    let request = TestRequest::with_uri("/api/v1/openapi.json").to_request();
    let document: serde_json::Value =
        actix_web::test::call_and_read_body_json(&service, request).await;
    assert!(document["openapi"].as_str().unwrap().starts_with("3.1"));
    let roles = &document["paths"]["/api/v1/roles"]["get"];
    assert_eq!(roles["x-permission"], "self");
    assert!(roles["responses"]["401"].is_object());
    app.get_ref().clone().stop().await;
}
