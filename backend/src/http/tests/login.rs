//! Login, refresh, logout and the own password, as a browser uses them.

use std::time::Duration;

use actix_web::http::{Method, header};
use actix_web::test::{TestRequest, init_service};
use actix_web::web;
use common::time::UnixMs;
use serde_json::{Value, json};

use super::super::application;
use super::stage::{PASSWORD, app, ask, login, request, with_cookie};
use crate::app::App;
use crate::clock::Clock;
use crate::config::Config;

const NOW: UnixMs = UnixMs(1_767_323_045_000);
const LOGOUT: &str = "/api/v1/auth/logout";
const ME: &str = "/api/v1/auth/me";
const REFRESH: &str = "/api/v1/auth/refresh";

#[actix_web::test]
async fn a_login_opens_a_session_that_refreshes_and_ends() {
    let (dir, clock) = (tempfile::tempdir().unwrap(), Clock::fixed(NOW));
    let app = app(&dir, clock.clone()).await;
    let service = init_service(application(web::Data::new(app.clone()))).await;
    let me = |token: &str| request(&Method::GET, ME, token, &Value::Null).to_request();

    let first = ask(&service, login("Admin", PASSWORD).to_request()).await;
    assert_eq!(first.status, 200, "{first:?}");
    let cookie = first.header("set-cookie").unwrap();
    for part in [
        "HttpOnly",
        "SameSite=Strict",
        "Path=/api/v1/auth",
        "Max-Age=2592000",
    ] {
        assert!(cookie.contains(part), "{cookie}");
    }
    assert_eq!(first.body["expires_in"], 600);
    assert_eq!(first.body["user"]["must_change_password"], false);
    let token = first.text("access_token");
    assert_eq!(ask(&service, me(&token)).await.body["username"], "admin");

    clock.advance(Duration::from_mins(11));
    assert_eq!(ask(&service, me(&token)).await.status, 401);
    let unmarked = TestRequest::post()
        .uri(REFRESH)
        .insert_header((header::COOKIE, first.cookie()));
    assert_eq!(ask(&service, unmarked.to_request()).await.status, 403);
    let bare = TestRequest::post()
        .uri(REFRESH)
        .insert_header(("x-requested-with", "watchpost"));
    assert_eq!(ask(&service, bare.to_request()).await.status, 401);
    let second = ask(&service, with_cookie(REFRESH, &first.cookie()).to_request()).await;
    assert_eq!(second.status, 200, "{second:?}");
    let token = second.text("access_token");
    assert_eq!(ask(&service, me(&token)).await.status, 200);
    let again = ask(&service, with_cookie(REFRESH, &first.cookie()).to_request()).await;
    assert_eq!(again.cookie(), second.cookie());

    let out = ask(&service, with_cookie(LOGOUT, &second.cookie()).to_request()).await;
    assert_eq!(out.status, 204);
    assert_eq!(ask(&service, me(&token)).await.status, 401);
    let late = ask(
        &service,
        with_cookie(REFRESH, &second.cookie()).to_request(),
    )
    .await;
    assert_eq!(late.status, 401);
    app.stop().await;
}

#[actix_web::test]
async fn a_stolen_refresh_token_ends_the_session_for_good() {
    let (dir, clock) = (tempfile::tempdir().unwrap(), Clock::fixed(NOW));
    let app = app(&dir, clock.clone()).await;
    let changes = app.auth.changes();
    let stolen = {
        let service = init_service(application(web::Data::new(app.clone()))).await;
        let first = ask(&service, login("admin", PASSWORD).to_request()).await;
        let second = ask(&service, with_cookie(REFRESH, &first.cookie()).to_request()).await;
        clock.advance(Duration::from_mins(1));
        let token = second.text("access_token");
        let me = || request(&Method::GET, ME, &token, &Value::Null).to_request();
        assert_eq!(ask(&service, me()).await.status, 200);
        let reused = ask(&service, with_cookie(REFRESH, &first.cookie()).to_request()).await;
        assert_eq!(reused.status, 401);
        assert_eq!(ask(&service, me()).await.status, 401);
        second.cookie()
    };
    assert!(changes.has_changed().unwrap());
    app.stop().await;

    let config = Config {
        data_dir: dir.path().to_owned(),
        ..Config::default()
    };
    let app = App::build(config, clock).await.unwrap();
    let service = init_service(application(web::Data::new(app.clone()))).await;
    let after = ask(&service, with_cookie(REFRESH, &stolen).to_request()).await;
    assert_eq!(after.status, 401);
    app.stop().await;
}

#[actix_web::test]
async fn guessing_is_answered_alike_and_then_slowed_down() {
    let (dir, clock) = (tempfile::tempdir().unwrap(), Clock::fixed(NOW));
    let app = app(&dir, clock.clone()).await;
    let service = init_service(application(web::Data::new(app.clone()))).await;
    for username in ["admin", "nobody", "nobody", "nobody", "nobody", "nobody"] {
        let answer = ask(&service, login(username, "wrong").to_request()).await;
        assert_eq!(answer.status, 401, "{username}");
        assert_eq!(
            answer.body["detail"],
            "The user name or the password is wrong."
        );
    }
    let slowed = ask(&service, login("nobody", "wrong").to_request()).await;
    assert_eq!(
        (slowed.status, slowed.header("retry-after")),
        (429, Some("1"))
    );
    assert_eq!(
        ask(&service, login("admin", PASSWORD).to_request())
            .await
            .status,
        200
    );
    clock.advance(Duration::from_secs(1));
    let waited = ask(&service, login("nobody", "wrong").to_request()).await;
    assert_eq!(waited.status, 401);
    let foreign = login("admin", PASSWORD).insert_header((header::ORIGIN, "http://evil.example"));
    assert_eq!(ask(&service, foreign.to_request()).await.status, 403);
    app.stop().await;
}

#[actix_web::test]
async fn a_generated_password_opens_nothing_until_it_is_changed() {
    let (dir, clock) = (tempfile::tempdir().unwrap(), Clock::fixed(NOW));
    let config = Config {
        data_dir: dir.path().to_owned(),
        ..Config::default()
    };
    let app = App::build(config, clock).await.unwrap();
    let generated = app.auth.first_start(None).await.unwrap().unwrap().password;
    let service = init_service(application(web::Data::new(app.clone()))).await;
    let entered = ask(&service, login("admin", &generated).to_request()).await;
    let token = entered.text("access_token");
    let call = |method: Method, path: &str, body: Value| {
        request(&method, path, &token, &body).to_request()
    };
    let roles = || call(Method::GET, "/api/v1/roles", Value::Null);
    let refused = ask(&service, roles()).await;
    assert_eq!(refused.status, 403);
    assert!(refused.text("type").ends_with("password-change-required"));
    assert_eq!(
        ask(&service, call(Method::GET, ME, Value::Null))
            .await
            .status,
        200
    );
    for (current, new, status, field) in [
        ("wrong", PASSWORD, 422, "current_password"),
        (generated.as_str(), "short", 422, "new_password"),
        (&generated, &generated, 422, "new_password"),
        (&generated, PASSWORD, 204, ""),
    ] {
        let body = json!({ "current_password": current, "new_password": new });
        let answer = ask(&service, call(Method::POST, "/api/v1/auth/password", body)).await;
        assert_eq!(answer.status, status, "{answer:?}");
        let named = answer.body["errors"][0]["field"].as_str();
        assert_eq!(named.unwrap_or_default(), field);
    }
    assert_eq!(ask(&service, roles()).await.status, 200);
    assert!(app.auth.first_start(None).await.unwrap().is_none());
    app.stop().await;
}
