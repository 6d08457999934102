//! API keys are worth their scopes within their person's role, until they expire or that person goes.

use reqwest::Method;
use serde_json::{Value, json};
use tests::api::Api;
use tests::server::TestServer;

crate::on_both!(
    a_key_opens_its_scopes_and_nothing_of_its_persons_own,
    a_key_goes_with_its_person_and_never_beyond_the_role,
    keys_are_checked_when_they_are_made_and_end_in_time,
);

const KEYS: &str = "/api/v1/api-keys";

/// Makes a key and gives a caller that uses it, with the answer.
pub(crate) async fn with_key(api: &Api, scopes: &[&str]) -> (Api, Value) {
    let new = json!({"name": "script", "scopes": scopes});
    let made = api.post(KEYS, &new).await.unwrap().expect(201).unwrap();
    let secret = made["secret"].as_str().unwrap().to_owned();
    (api.clone().with_token(secret), made)
}

async fn status(api: &Api, method: Method, path: &str) -> u16 {
    let request = api.request(method, path);
    api.send(request).await.unwrap().status
}

fn path_of(made: &Value) -> String {
    format!("{KEYS}/{}", made["id"].as_str().unwrap())
}

const QUERY: &str = "/api/v1/metrics/query?metric=host_load_per_core&from=0";

async fn a_key_opens_its_scopes_and_nothing_of_its_persons_own() {
    let mut server = TestServer::builder().start().await.unwrap();
    let admin = server.login("admin").await.unwrap();
    let (script, made) = with_key(&admin, &["metrics.read"]).await;
    let secret = made["secret"].as_str().unwrap();
    let prefix = made["prefix"].as_str().unwrap();
    assert!(prefix.len() > 3 && secret.starts_with(prefix) && prefix.starts_with("wp_"));
    for (method, path, expected) in [
        (Method::GET, QUERY, 200),
        (Method::GET, "/api/v1/servers", 403),
        (Method::GET, "/api/v1/users", 403),
        (Method::GET, "/api/v1/auth/me", 403),
        (Method::GET, "/api/v1/auth/sessions", 403),
        (Method::POST, "/api/v1/auth/ws-ticket", 403),
        (Method::POST, "/api/v1/auth/password", 403),
        (Method::GET, "/api/v1/roles", 403),
        (Method::GET, KEYS, 403),
        (Method::POST, KEYS, 403),
    ] {
        let found = status(&script, method.clone(), path).await;
        assert_eq!(found, expected, "{method} {path}");
    }
    let mut live = tests::live::Live::authenticated(&server.base(), secret).await;
    assert!(
        live.is_err(),
        "a key opens no WebSocket: {:?}",
        live.as_mut().ok()
    );

    let listed = admin.get(KEYS).await.unwrap();
    assert!(!listed.text.contains(secret), "told again: {}", listed.text);
    let listed = listed.expect(200).unwrap();
    let entry = &listed["items"][0];
    assert_eq!(
        (&entry["id"], &entry["prefix"]),
        (&made["id"], &made["prefix"])
    );
    assert_eq!(entry["scopes"], json!(["metrics.read"]));
    assert!(entry["last_used_at"].is_string(), "{entry}");
    assert!(!server.log().contains(secret));

    assert_eq!(server.stop().unwrap(), Some(0));
    server.start().await.unwrap();
    let admin = server.login("admin").await.unwrap();
    let kept = admin.get(KEYS).await.unwrap().expect(200).unwrap();
    assert_eq!(kept["items"][0], *entry, "its last use is kept");

    let removed = status(&admin, Method::DELETE, &path_of(&made)).await;
    assert_eq!(removed, 204);
    assert_eq!(status(&script, Method::GET, QUERY).await, 401);
    let again = status(&admin, Method::DELETE, &path_of(&made)).await;
    assert_eq!(again, 404);
}

async fn a_key_goes_with_its_person_and_never_beyond_the_role() {
    let mut server = TestServer::builder()
        .with_user("manager")
        .with_user("viewer")
        .start()
        .await
        .unwrap();
    let viewer = server.login("viewer").await.unwrap();
    let beyond = json!({"name": "script", "scopes": ["metrics.read", "metrics.write"]});
    viewer
        .post(KEYS, &beyond)
        .await
        .unwrap()
        .expect(403)
        .unwrap();

    let manager = server.login("manager").await.unwrap();
    let (script, made) = with_key(&manager, &["metrics.write", "metrics.read"]).await;
    assert_eq!(status(&script, Method::GET, QUERY).await, 200);
    assert_eq!(status(&viewer, Method::DELETE, &path_of(&made)).await, 404);

    server.kill().unwrap();
    server.start().await.unwrap();
    assert_eq!(
        status(&script, Method::GET, QUERY).await,
        200,
        "after kill -9"
    );

    let admin = server.login("admin").await.unwrap();
    let all = admin.get(&format!("{KEYS}?all=true")).await.unwrap();
    let all = all.expect(200).unwrap();
    let entry = &all["items"][0];
    assert_eq!(
        (&entry["id"], &entry["username"]),
        (&made["id"], &json!("manager"))
    );
    let own = admin.get(KEYS).await.unwrap().expect(200).unwrap();
    assert_eq!(own["items"], json!([]));
    let manager = server.login("manager").await.unwrap();
    let others = format!("{KEYS}?all=true");
    assert_eq!(status(&manager, Method::GET, &others).await, 403);

    let person = format!("/api/v1/users/{}", made["user_id"].as_str().unwrap());
    for (change, expected) in [
        (json!({"disabled": true}), 401),
        (json!({"disabled": false}), 200),
    ] {
        let patch = admin.call(Method::PATCH, &person, &change).await.unwrap();
        patch.expect(200).unwrap();
        let found = status(&script, Method::GET, QUERY).await;
        assert_eq!(found, expected, "{change}");
    }
    assert_eq!(status(&admin, Method::DELETE, &person).await, 204);
    assert_eq!(status(&script, Method::GET, QUERY).await, 401, "removed");
}

async fn keys_are_checked_when_they_are_made_and_end_in_time() {
    let server = TestServer::builder().start().await.unwrap();
    let admin = server.login("admin").await.unwrap();
    for (new, field) in [
        (json!({"scopes": ["metrics.read"]}), "name"),
        (json!({"name": " ", "scopes": ["metrics.read"]}), "name"),
        (json!({"name": "a\nb", "scopes": ["metrics.read"]}), "name"),
        (json!({"name": "a", "scopes": []}), "scopes"),
        (json!({"name": "a", "scopes": ["users.write"]}), "scopes[0]"),
        (
            json!({"name": "a", "scopes": ["metrics.read"], "expires_at": 1}),
            "expires_at",
        ),
        (
            json!({"name": "a", "scopes": ["metrics.read"], "x": 1}),
            "x",
        ),
    ] {
        let refused = admin.post(KEYS, &new).await.unwrap();
        let refused = refused.expect(422).unwrap();
        assert_eq!(refused["errors"][0]["field"], field, "{new}: {refused}");
    }
    let soon =
        std::time::SystemTime::UNIX_EPOCH.elapsed().unwrap() + std::time::Duration::from_secs(2);
    let soon = u64::try_from(soon.as_millis()).unwrap();
    let new = json!({"name": "short", "scopes": ["metrics.read"], "expires_at": soon});
    let made = admin.post(KEYS, &new).await.unwrap().expect(201).unwrap();
    let script = admin.clone().with_token(made["secret"].as_str().unwrap());
    tests::wait::until("the key to expire", async || {
        let found = status(&script, Method::GET, QUERY).await;
        assert!(found == 200 || found == 401, "{found}");
        Ok((found == 401).then_some(()))
    })
    .await
    .unwrap();
    for forged in ["wp_", "wp_AAAA", &format!("wp_{}", "A".repeat(43))] {
        let forger = admin.clone().with_token(forged);
        assert_eq!(status(&forger, Method::GET, QUERY).await, 401, "{forged}");
    }
}
