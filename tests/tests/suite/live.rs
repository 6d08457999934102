//! The live connection under bad manners: each gets its close code or its error, and harms nobody.

use serde_json::json;
use tests::live::{Live, Received};
use tests::server::TestServer;

#[tokio::test]
async fn it_greets_and_wants_a_credential() {
    let server = TestServer::builder().start().await.unwrap();
    let mut live = Live::connect(&server.base()).await.unwrap();
    let welcome = live.until("welcome").await.unwrap();
    assert_eq!(welcome["protocol"], 1);
    assert!(
        welcome["build"].is_string() && welcome["server_time"].is_string(),
        "{welcome}"
    );
    assert_eq!(
        live.until_closed().await.unwrap(),
        Some(4401),
        "5 s without a credential"
    );

    for token in ["", "nonsense"] {
        let mut live = Live::connect(&server.base()).await.unwrap();
        live.send(&json!({"type": "authenticate", "token": token}))
            .await
            .unwrap();
        assert_eq!(live.until_closed().await.unwrap(), Some(4401), "{token:?}");
    }
}

#[tokio::test]
async fn a_ticket_is_used_once() {
    let server = TestServer::builder().start().await.unwrap();
    let api = server.login("admin").await.unwrap();
    let answer = api
        .post("/api/v1/auth/ws-ticket", &json!({}))
        .await
        .unwrap();
    assert!(answer.status < 300, "{answer:?}");
    let ticket = json!({"type": "authenticate", "ticket": answer.json()["ticket"]});
    let mut live = Live::connect(&server.base()).await.unwrap();
    live.send(&ticket).await.unwrap();
    live.until("authenticated").await.unwrap();
    let mut again = Live::connect(&server.base()).await.unwrap();
    again.send(&ticket).await.unwrap();
    assert_eq!(again.until_closed().await.unwrap(), Some(4401));
}

#[tokio::test]
async fn unknown_messages_are_answered_and_the_connection_stays() {
    let server = TestServer::builder().start().await.unwrap();
    let api = server.login("admin").await.unwrap();
    let mut live = Live::authenticated(&server.base(), api.token())
        .await
        .unwrap();
    for text in [
        "no json",
        r#"{"type":"dance"}"#,
        r#"{"type":"subscribe","topic":"everything"}"#,
        r#"{"type":"subscribe","topic":"server:018f0000-0000-7000-8000-000000000000"}"#,
    ] {
        live.send_text(text.to_owned()).await.unwrap();
        let error = live.until("error").await.unwrap();
        assert!(error["problem"]["title"].is_string(), "{text}: {error}");
    }
    live.send(&json!({"type": "ping", "nonce": 7}))
        .await
        .unwrap();
    assert_eq!(live.until("pong").await.unwrap()["nonce"], 7);
}

#[tokio::test]
async fn a_huge_frame_closes_its_own_connection_only() {
    let server = TestServer::builder().start().await.unwrap();
    let api = server.login("admin").await.unwrap();
    let mut rude = Live::authenticated(&server.base(), api.token())
        .await
        .unwrap();
    let mut polite = Live::authenticated(&server.base(), api.token())
        .await
        .unwrap();
    // The server may close before it has read the whole frame.
    rude.send_text("x".repeat(1024 * 1024)).await.ok();
    let closed = rude.until_closed().await.unwrap();
    assert!(matches!(closed, Some(1009) | None), "{closed:?}");
    polite.send(&json!({"type": "ping"})).await.unwrap();
    polite.until("pong").await.unwrap();
}

#[tokio::test]
async fn a_revoked_session_is_closed() {
    let server = TestServer::builder().start().await.unwrap();
    let api = server.login("admin").await.unwrap();
    let mut live = Live::authenticated(&server.base(), api.token())
        .await
        .unwrap();
    live.subscribe("fleet").await.unwrap();
    let logout = api.request(reqwest::Method::POST, "/api/v1/auth/logout");
    api.send(logout).await.unwrap();
    assert_eq!(live.until_closed().await.unwrap(), Some(4403));
}

#[tokio::test]
async fn a_viewer_sees_the_same_but_acts_on_nothing() {
    let server = TestServer::builder()
        .with_user("viewer")
        .start()
        .await
        .unwrap();
    let api = server.login("viewer").await.unwrap();
    let mut live = Live::authenticated(&server.base(), api.token())
        .await
        .unwrap();
    for topic in ["fleet", "alerts", "inbox"] {
        live.subscribe(topic).await.unwrap();
    }
    assert!(matches!(live.next().await.unwrap(), Received::Message(_)));
}
