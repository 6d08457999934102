//! Name and password with each request: where they count, what they open, how they end.

use std::time::Duration;

use actix_web::http::{Method, header};
use actix_web::test::{TestRequest, init_service};
use actix_web::web;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use common::time::UnixMs;
use serde_json::{Value, json};

use super::super::application;
use super::stage::{PASSWORD, app, ask, login, request};
use crate::clock::Clock;

const PAGE: &str = "/metrics";

fn basic(path: &str, name: &str, password: &str) -> TestRequest {
    let pair = STANDARD.encode(format!("{name}:{password}"));
    let request = TestRequest::with_uri(path);
    request.insert_header((header::AUTHORIZATION, format!("Basic {pair}")))
}

/// A server with a service around it.
macro_rules! stage {
    ($app:ident, $service:ident, $clock:expr) => {
        let dir = tempfile::tempdir().unwrap();
        let $app = app(&dir, $clock).await;
        let $service = init_service(application(web::Data::new($app.clone()))).await;
    };
}

#[actix_web::test]
async fn it_counts_where_prometheus_is_spoken_alone() {
    stage!(app, service, Clock::system());
    for (path, name, password, status) in [
        (PAGE, "admin", PASSWORD, 200),
        (PAGE, " Admin ", PASSWORD, 200),
        (PAGE, "admin", "wrong", 401),
        (PAGE, "nobody", PASSWORD, 401),
        (PAGE, "", "", 401),
        ("/api/v1/servers", "admin", PASSWORD, 401),
        ("/api/v1/metrics/catalog", "admin", PASSWORD, 401),
        ("/api/v1/auth/me", "admin", PASSWORD, 401),
    ] {
        let answer = ask(&service, basic(path, name, password).to_request()).await;
        assert_eq!(answer.status, status, "{path} {name}");
    }
    for (given, challenges) in [
        (None, vec!["Bearer", "Basic"]),
        (Some("Basic !"), vec!["Bearer", "Basic"]),
        (Some("Basic YQ=="), vec!["Bearer", "Basic"]),
        (Some("Bearer x.y.z"), vec!["Bearer"]),
    ] {
        let mut request = TestRequest::with_uri(PAGE);
        if let Some(given) = given {
            request = request.insert_header((header::AUTHORIZATION, given));
        }
        let answer = ask(&service, request.to_request()).await;
        let told = answer.headers.get_all(header::WWW_AUTHENTICATE);
        let schemes = told.map(|it| it.to_str().unwrap().split(' ').next().unwrap());
        let schemes: Vec<_> = schemes.collect();
        assert_eq!((answer.status, schemes), (401, challenges), "{given:?}");
    }
    app.stop().await;
}

#[actix_web::test]
async fn a_right_password_is_forgotten_with_whatever_changes() {
    stage!(app, service, Clock::system());
    let admin = ask(&service, login("admin", PASSWORD).to_request()).await;
    let admin = admin.text("access_token");
    let new = json!({ "username": "ann", "role": "viewer", "password": "ann's long password" });
    let call = |method: Method, path: &str, body: Value| {
        request(&method, path, &admin, &body).to_request()
    };
    let added = ask(&service, call(Method::POST, "/api/v1/users", new)).await;
    let ann = format!("/api/v1/users/{}", added.text("id"));
    let read = |password: &str| basic(PAGE, "ann", password).to_request();
    for (change, old, new) in [
        (json!({}), 200, 401),
        (json!({ "disabled": true }), 401, 401),
        (json!({ "disabled": false }), 200, 401),
        (json!({ "role": "operator" }), 200, 401),
        (json!({ "password": "another long one" }), 401, 200),
    ] {
        let changed = ask(&service, call(Method::PATCH, &ann, change.clone())).await;
        assert_eq!(changed.status, 200, "{change}");
        let found = ask(&service, read("ann's long password")).await.status;
        assert_eq!(found, old, "{change}");
        let found = ask(&service, read("another long one")).await.status;
        assert_eq!(found, new, "{change}");
    }
    let removed = ask(&service, call(Method::DELETE, &ann, Value::Null)).await;
    assert_eq!(removed.status, 204);
    assert_eq!(ask(&service, read("another long one")).await.status, 401);
    app.stop().await;
}

#[actix_web::test]
async fn an_api_key_stands_in_the_place_of_a_password() {
    stage!(app, service, Clock::system());
    let admin = ask(&service, login("admin", PASSWORD).to_request()).await;
    let admin = admin.text("access_token");
    for (scope, status) in [("metrics.read", 200), ("metrics.write", 403)] {
        let new = json!({ "name": "script", "scopes": [scope] });
        let made = request(&Method::POST, "/api/v1/api-keys", &admin, &new).to_request();
        let made = ask(&service, made).await;
        let secret = made.text("secret");
        for name in ["", "anything", "admin"] {
            let answer = ask(&service, basic(PAGE, name, &secret).to_request()).await;
            assert_eq!(answer.status, status, "{scope} {name:?}");
        }
        let path = format!("/api/v1/api-keys/{}", made.text("id"));
        let remove = request(&Method::DELETE, &path, &admin, &Value::Null).to_request();
        assert_eq!(ask(&service, remove).await.status, 204);
        let answer = ask(&service, basic(PAGE, "x", &secret).to_request()).await;
        assert_eq!(answer.status, 401, "{scope}");
    }
    app.stop().await;
}

#[actix_web::test]
async fn guessing_is_slowed_down_as_at_the_login() {
    let clock = Clock::fixed(UnixMs(1_767_323_045_000));
    stage!(app, service, clock);
    let read = |password: &str| basic(PAGE, "admin", password).to_request();
    for attempt in 0..5 {
        assert_eq!(ask(&service, read("wrong")).await.status, 401, "{attempt}");
    }
    let refused = ask(&service, read(PASSWORD)).await;
    assert_eq!(refused.status, 429);
    assert!(refused.header("retry-after").is_some());
    let login = ask(&service, login("admin", PASSWORD).to_request()).await;
    assert_eq!(login.status, 429, "one count for both");
    app.clock.advance(Duration::from_secs(2));
    assert_eq!(ask(&service, read(PASSWORD)).await.status, 200);
    app.stop().await;
}

#[actix_web::test]
async fn a_generated_password_has_to_be_changed_first() {
    let dir = tempfile::tempdir().unwrap();
    let config = crate::config::Config {
        data_dir: dir.path().to_owned(),
        ..crate::config::Config::default()
    };
    let app = crate::app::App::build(config, Clock::system())
        .await
        .unwrap();
    let first = app.auth.first_start(None).await.unwrap().unwrap();
    let service = init_service(application(web::Data::new(app.clone()))).await;
    let request = basic(PAGE, first.username, &first.password).to_request();
    let answer = ask(&service, request).await;
    assert_eq!(answer.status, 403);
    assert!(answer.text("type").ends_with("password-change-required"));
    app.stop().await;
}

#[actix_web::test]
async fn the_settings_open_the_page_to_everybody() {
    let dir = tempfile::tempdir().unwrap();
    let mut config = crate::config::Config {
        data_dir: dir.path().to_owned(),
        ..crate::config::Config::default()
    };
    config.metrics.public = true;
    let app = crate::app::App::build(config, Clock::system())
        .await
        .unwrap();
    let service = init_service(application(web::Data::new(app.clone()))).await;
    for request in [
        TestRequest::with_uri(PAGE),
        basic(PAGE, "nobody", "wrong"),
        TestRequest::with_uri("/metrics?match[]=process_threads"),
    ] {
        assert_eq!(ask(&service, request.to_request()).await.status, 200);
    }
    app.stop().await;
}
