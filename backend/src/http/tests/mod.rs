//! The layers around every route and the handlers of access, called without a socket.

mod basic;
mod catalogue;
mod login;
mod people;
mod stage;

use actix_web::http::Method;
use actix_web::test::{TestRequest, init_service};
use actix_web::web;
use serde_json::Value;

use super::application;
use crate::clock::Clock;
use stage::{app, ask, request};

#[actix_web::test]
async fn errors_come_in_the_order_of_the_api() {
    let dir = tempfile::tempdir().unwrap();
    let app = app(&dir, Clock::system()).await;
    let service = init_service(application(web::Data::new(app.clone()))).await;
    for (method, path, token, status, kind) in [
        (Method::GET, "/api/v1", "", 200, ""),
        (Method::GET, "/api/v1/", "", 200, ""),
        (Method::GET, "/health/live/", "", 200, ""),
        (Method::GET, "/health/ready", "", 200, ""),
        (Method::GET, "/api/docs/index.html", "", 200, ""),
        (Method::GET, "/api/docs/", "", 307, ""),
        (Method::GET, "/api/v1/nothing", "", 404, "not-found"),
        (Method::POST, "/api/v1/roles", "", 405, "method-not-allowed"),
        (Method::GET, "/api/v1/roles", "", 401, "unauthorized"),
        (Method::GET, "/api/v1/roles/", "", 401, "unauthorized"),
        (Method::GET, "/api/v1/roles", "x.y.z", 401, "unauthorized"),
        (Method::GET, "/api/v1/users/x", "", 401, "unauthorized"),
    ] {
        let request = request(&method, path, token, &Value::Null).to_request();
        let answer = ask(&service, request).await;
        assert_eq!(answer.status, status, "{method} {path}");
        assert_eq!(answer.header("x-content-type-options"), Some("nosniff"));
        assert_eq!(answer.header("allow").is_some(), status == 405);
        assert_eq!(answer.header("www-authenticate").is_some(), status == 401);
        if status >= 400 {
            let kind_of_body = answer.header("content-type");
            assert_eq!(kind_of_body, Some("application/problem+json"));
            let id = answer.header("x-request-id").unwrap();
            let problem: common::problem::Problem =
                serde_json::from_value(answer.body.clone()).unwrap();
            assert!(problem.is(kind), "{method} {path}: {problem:?}");
            assert_eq!((problem.status, problem.request_id.as_str()), (status, id));
        }
    }
    app.stop().await;
}

#[actix_web::test]
async fn the_description_is_openapi_with_a_permission_on_each_operation() {
    let dir = tempfile::tempdir().unwrap();
    let app = app(&dir, Clock::system()).await;
    let service = init_service(application(web::Data::new(app.clone()))).await;
    let request = TestRequest::with_uri("/api/v1/openapi.json").to_request();
    let document = ask(&service, request).await.body;
    assert!(document["openapi"].as_str().unwrap().starts_with("3.1"));
    let change = &document["paths"]["/api/v1/users/{id}"]["patch"];
    assert_eq!(change["x-permission"], "users.write");
    for status in [
        "400", "401", "403", "404", "409", "412", "413", "415", "422",
    ] {
        let answer = &change["responses"][status];
        assert!(
            answer["content"]["application/problem+json"].is_object(),
            "{status}"
        );
    }
    app.stop().await;
}
