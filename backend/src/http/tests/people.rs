//! People, own sessions and preferences, through the handlers.

use actix_web::http::{Method, header};
use actix_web::test::init_service;
use actix_web::web;
use serde_json::{Value, json};

use super::super::application;
use super::stage::{PASSWORD, app, ask, login, request};
use crate::auth::SocketCredential;
use crate::clock::Clock;

const USERS: &str = "/api/v1/users";

#[actix_web::test]
async fn a_changed_role_and_a_disabled_login_count_at_once() {
    let dir = tempfile::tempdir().unwrap();
    let app = app(&dir, Clock::system()).await;
    let service = init_service(application(web::Data::new(app.clone()))).await;
    let admin = ask(&service, login("admin", PASSWORD).to_request()).await;
    let admin = admin.text("access_token");
    let call = |method: Method, path: &str, token: &str, body: Value| {
        request(&method, path, token, &body).to_request()
    };
    let new = json!({ "username": "Ann", "role": "operator", "password": "ann's long password" });
    let added = ask(&service, call(Method::POST, USERS, &admin, new.clone())).await;
    assert_eq!(
        (added.status, added.text("username")),
        (201, "ann".to_owned())
    );
    let path = format!("{USERS}/{}", added.text("id"));
    assert_eq!(added.header("location"), Some(path.as_str()));
    let taken = ask(&service, call(Method::POST, USERS, &admin, new)).await;
    assert_eq!(
        (taken.status, taken.body["errors"][0]["field"].as_str()),
        (422, Some("username"))
    );

    let ann = ask(&service, login("ann", "ann's long password").to_request()).await;
    let ann = ann.text("access_token");
    let people = |token: &str| call(Method::GET, "/api/v1/people", token, Value::Null);
    assert_eq!(ask(&service, people(&ann)).await.status, 200);
    let users = call(Method::GET, USERS, &ann, Value::Null);
    assert_eq!(ask(&service, users).await.status, 403);

    let stale = request(&Method::PATCH, &path, &admin, &json!({ "role": "viewer" }));
    let stale = stale
        .insert_header((header::IF_MATCH, "\"7\""))
        .to_request();
    assert_eq!(ask(&service, stale).await.status, 412);
    let viewer = call(Method::PATCH, &path, &admin, json!({ "role": "viewer" }));
    let changed = ask(&service, viewer).await;
    assert_eq!(
        (changed.status, changed.header("etag")),
        (200, Some("\"2\""))
    );
    assert_eq!(ask(&service, people(&ann)).await.status, 403);

    let disabled = call(Method::PATCH, &path, &admin, json!({ "disabled": true }));
    assert_eq!(ask(&service, disabled).await.status, 200);
    assert_eq!(ask(&service, people(&ann)).await.status, 401);
    let refused = ask(&service, login("ann", "ann's long password").to_request()).await;
    assert_eq!(refused.status, 401);
    let removed = call(Method::DELETE, &path, &admin, Value::Null);
    assert_eq!(ask(&service, removed).await.status, 204);
    let gone = call(Method::GET, &path, &admin, Value::Null);
    assert_eq!(ask(&service, gone).await.status, 404);
    app.stop().await;
}

#[actix_web::test]
async fn the_last_administrator_stays() {
    let dir = tempfile::tempdir().unwrap();
    let app = app(&dir, Clock::system()).await;
    let service = init_service(application(web::Data::new(app.clone()))).await;
    let admin = ask(&service, login("admin", PASSWORD).to_request()).await;
    let path = format!("{USERS}/{}", admin.body["user"]["id"].as_str().unwrap());
    let token = admin.text("access_token");
    for (method, body) in [
        (Method::PATCH, json!({ "role": "manager" })),
        (Method::PATCH, json!({ "disabled": true })),
        (Method::DELETE, Value::Null),
    ] {
        let request = request(&method, &path, &token, &body).to_request();
        let answer = ask(&service, request).await;
        assert_eq!(answer.status, 409, "{body}");
        assert!(answer.text("type").ends_with("last-admin"));
    }
    app.stop().await;
}

#[actix_web::test]
async fn own_sessions_preferences_and_tickets() {
    let dir = tempfile::tempdir().unwrap();
    let app = app(&dir, Clock::system()).await;
    let service = init_service(application(web::Data::new(app.clone()))).await;
    let here = ask(&service, login("admin", PASSWORD).to_request()).await;
    let there = ask(&service, login("admin", PASSWORD).to_request()).await;
    let (here, there) = (here.text("access_token"), there.text("access_token"));
    let call =
        |method: Method, path: &str, body: Value| request(&method, path, &here, &body).to_request();

    let settings = "/api/v1/auth/me/settings";
    let chosen = json!({
        "theme": "dark", "time_zone": "Europe/Berlin", "units": "decimal", "start_page": "alerts"
    });
    let usual = ask(&service, call(Method::GET, settings, Value::Null)).await;
    assert_eq!(usual.body["theme"], "system");
    let kept = ask(&service, call(Method::PUT, settings, chosen.clone())).await;
    assert_eq!((kept.status, &kept.body), (200, &chosen));
    let read = ask(&service, call(Method::GET, settings, Value::Null)).await;
    assert_eq!(read.body, chosen);
    for (body, field) in [
        (json!({ "theme": "pink" }), "theme"),
        (json!({ "time_zone": "not a zone" }), "time_zone"),
        (json!({ "colour": 1 }), "colour"),
    ] {
        let refused = ask(&service, call(Method::PUT, settings, body)).await;
        assert_eq!(refused.status, 422);
        assert_eq!(refused.body["errors"][0]["field"], field, "{refused:?}");
    }

    let issued = ask(
        &service,
        call(Method::POST, "/api/v1/auth/ws-ticket", Value::Null),
    )
    .await;
    let ticket = issued.text("ticket");
    let open = || {
        app.auth
            .authenticate_socket(SocketCredential::Ticket(&ticket))
    };
    let session = open().unwrap().session().unwrap();
    assert!(open().is_err());
    assert!(
        app.auth
            .authenticate_socket(SocketCredential::Token(&here))
            .is_ok()
    );

    let sessions = ask(
        &service,
        call(Method::GET, "/api/v1/auth/sessions", Value::Null),
    )
    .await;
    let items = sessions.body["items"].as_array().unwrap();
    assert_eq!(items.len(), 2);
    let current: Vec<_> = items.iter().filter(|s| s["current"] == true).collect();
    assert_eq!(current[0]["id"], session.to_string());
    let other = items.iter().find(|s| s["current"] == false).unwrap();
    let path = format!("/api/v1/auth/sessions/{}", other["id"].as_str().unwrap());
    assert_eq!(
        ask(&service, call(Method::DELETE, &path, Value::Null))
            .await
            .status,
        204
    );
    assert_eq!(
        ask(&service, call(Method::DELETE, &path, Value::Null))
            .await
            .status,
        404
    );
    assert!(
        app.auth
            .authenticate_socket(SocketCredential::Token(&there))
            .is_err()
    );
    app.stop().await;
}
