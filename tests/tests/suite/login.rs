//! Login, refresh, logout and first start, as `docs/api.md` promises them.

use reqwest::Method;
use serde_json::json;
use tests::api::Api;
use tests::server::{PASSWORD, TestServer};

#[tokio::test]
async fn the_generated_password_must_be_changed_first() {
    let server = TestServer::builder()
        .with_generated_password()
        .start()
        .await
        .unwrap();
    let log = server.log();
    let password = log
        .lines()
        .find_map(|line| line.split_once("password:"))
        .unwrap_or_else(|| panic!("no first password in:\n{log}"))
        .1
        .trim();
    let admin = Api::login(&server.base(), "admin", password).await.unwrap();
    let refused = admin
        .get("/api/v1/servers")
        .await
        .unwrap()
        .expect(403)
        .unwrap();
    let kind = refused["type"].as_str().unwrap();
    assert!(kind.ends_with("password-change-required"), "{kind}");

    let change = json!({"current_password": password, "new_password": PASSWORD});
    let changed = admin.post("/api/v1/auth/password", &change).await.unwrap();
    assert!(changed.status < 300, "{changed:?}");
    let admin = server.login("admin").await.unwrap();
    admin
        .get("/api/v1/servers")
        .await
        .unwrap()
        .expect(200)
        .unwrap();
    assert_eq!(
        server.log().matches(password).count(),
        1,
        "the password is printed once"
    );
}

#[tokio::test]
async fn a_session_is_refreshed_and_ended() {
    let server = TestServer::builder().start().await.unwrap();
    let admin = server.login("admin").await.unwrap();
    let refreshed = admin
        .send(admin.request(Method::POST, "/api/v1/auth/refresh"))
        .await
        .unwrap()
        .expect(200)
        .unwrap();
    let again = admin
        .clone()
        .with_token(refreshed["access_token"].as_str().unwrap());
    let me = again
        .get("/api/v1/auth/me")
        .await
        .unwrap()
        .expect(200)
        .unwrap();
    assert_eq!(me["username"], "admin");
    assert!(
        me["permissions"]
            .as_array()
            .unwrap()
            .contains(&json!("users.write"))
    );

    let logout = again.send(again.request(Method::POST, "/api/v1/auth/logout"));
    assert!(logout.await.unwrap().status < 300);
    again
        .get("/api/v1/auth/me")
        .await
        .unwrap()
        .expect(401)
        .unwrap();
    let refresh = again.send(again.request(Method::POST, "/api/v1/auth/refresh"));
    refresh.await.unwrap().expect(401).unwrap();
}

#[tokio::test]
async fn login_refuses_alike_and_slows_down() {
    let server = TestServer::builder().start().await.unwrap();
    let nobody = server.anonymous().unwrap();
    let wrong = nobody.try_login("admin", "not the password").await.unwrap();
    let unknown = nobody
        .try_login("nobody-here", "not the password")
        .await
        .unwrap();
    assert_eq!((wrong.status, unknown.status), (401, 401));
    assert_eq!(wrong.json()["detail"], unknown.json()["detail"]);
    for attempt in 0..50 {
        let answer = nobody.try_login("admin", "not the password").await.unwrap();
        if answer.status == 429 {
            assert!(!answer.header("retry-after").is_empty());
            return;
        }
        assert_eq!(answer.status, 401, "attempt {attempt}");
    }
    panic!("50 wrong passwords were never slowed down");
}

#[tokio::test]
async fn another_origin_cannot_log_in_or_refresh() {
    let server = TestServer::builder().start().await.unwrap();
    let admin = server.login("admin").await.unwrap();
    let body = json!({"username": "admin", "password": PASSWORD});
    for path in [
        "/api/v1/auth/login",
        "/api/v1/auth/refresh",
        "/api/v1/auth/logout",
    ] {
        let request = admin
            .request(Method::POST, path)
            .header("Origin", "https://evil.example");
        let answer = admin.send(request.json(&body)).await.unwrap();
        assert_eq!(answer.status, 403, "{path}: {answer:?}");
    }
    admin
        .get("/api/v1/auth/me")
        .await
        .unwrap()
        .expect(200)
        .unwrap();
}

#[tokio::test]
async fn settings_and_sessions_are_ones_own() {
    let server = TestServer::builder()
        .with_user("viewer")
        .start()
        .await
        .unwrap();
    let viewer = server.login("viewer").await.unwrap();
    let path = "/api/v1/auth/me/settings";
    let mut settings = viewer.get(path).await.unwrap().expect(200).unwrap();
    settings["theme"] = json!("dark");
    settings["time_zone"] = json!("Europe/Zurich");
    let saved = viewer.call(Method::PUT, path, &settings).await.unwrap();
    assert!(saved.status < 300, "{saved:?}");
    let again = server.login("viewer").await.unwrap();
    let kept = again.get(path).await.unwrap().expect(200).unwrap();
    assert_eq!(
        (&kept["theme"], &kept["time_zone"]),
        (&json!("dark"), &json!("Europe/Zurich"))
    );

    let sessions = again
        .get("/api/v1/auth/sessions")
        .await
        .unwrap()
        .expect(200)
        .unwrap();
    let items = sessions["items"].as_array().unwrap();
    assert_eq!(items.len(), 2, "{sessions}");
    let other = items.iter().find(|it| it["current"] == false).unwrap();
    let path = format!("/api/v1/auth/sessions/{}", other["id"].as_str().unwrap());
    let revoked = again
        .send(again.request(Method::DELETE, &path))
        .await
        .unwrap();
    assert!(revoked.status < 300, "{revoked:?}");
    viewer
        .get("/api/v1/auth/me")
        .await
        .unwrap()
        .expect(401)
        .unwrap();
}
