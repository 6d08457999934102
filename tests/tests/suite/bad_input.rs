//! Bad input gets the status and the message that the API promises, and a request id to find it in the log.

use reqwest::Method;
use serde_json::{Value, json};
use tests::api::{Answer, Api};
use tests::server::TestServer;

/// A request that must be refused, and how.
struct Case {
    what: &'static str,
    method: Method,
    path: &'static str,
    content_type: &'static str,
    body: String,
    status: u16,
    /// The field that the answer names; empty when it names none.
    field: &'static str,
}

fn case(
    what: &'static str,
    path: &'static str,
    body: &Value,
    status: u16,
    field: &'static str,
) -> Case {
    Case {
        what,
        method: Method::POST,
        path,
        content_type: "application/json",
        body: body.to_string(),
        status,
        field,
    }
}

fn raw(what: &'static str, content_type: &'static str, body: String, status: u16) -> Case {
    Case {
        content_type,
        body,
        ..case(what, "/api/v1/alerts/rules", &Value::Null, status, "")
    }
}

fn get(what: &'static str, path: &'static str, status: u16) -> Case {
    Case {
        method: Method::GET,
        ..case(what, path, &Value::Null, status, "")
    }
}

fn rule(change: impl FnOnce(&mut Value)) -> Value {
    let mut rule = json!({
        "name": "Busy", "metric": "host_cpu_usage_percent", "comparison": ">=", "warning": 70.0,
    });
    change(&mut rule);
    rule
}

fn cases() -> Vec<Case> {
    let rules = "/api/v1/alerts/rules";
    let users = "/api/v1/users";
    vec![
        raw("not JSON", "application/json", "{\"name\": ".into(), 400),
        raw("no JSON type", "text/csv", "name".into(), 415),
        raw(
            "too much",
            "application/json",
            format!("\"{}\"", "x".repeat(1_100_000)),
            413,
        ),
        case("missing field", rules, &json!({"name": "Busy"}), 422, ""),
        case(
            "unknown field",
            rules,
            &rule(|it| it["colour"] = json!("red")),
            422,
            "colour",
        ),
        case(
            "wrong type",
            rules,
            &rule(|it| it["warning"] = json!("high")),
            422,
            "warning",
        ),
        case(
            "wrong word",
            rules,
            &rule(|it| it["comparison"] = json!("=>")),
            422,
            "comparison",
        ),
        case(
            "negative time",
            rules,
            &rule(|it| it["for_seconds"] = json!(-1)),
            422,
            "for_seconds",
        ),
        case(
            "no threshold",
            rules,
            &rule(|it| it["warning"] = Value::Null),
            422,
            "warning",
        ),
        case(
            "thresholds crossed",
            rules,
            &rule(|it| it["critical"] = json!(10.0)),
            422,
            "critical",
        ),
        case(
            "empty name",
            rules,
            &rule(|it| it["name"] = json!(" ")),
            422,
            "name",
        ),
        case(
            "bad role",
            users,
            &json!({"username": "eve", "role": "root", "password": "long enough to use"}),
            422,
            "role",
        ),
        case(
            "short password",
            users,
            &json!({"username": "eve", "role": "viewer", "password": "short"}),
            422,
            "password",
        ),
        case(
            "bad name",
            users,
            &json!({"username": "e ve\n", "role": "viewer", "password": "long enough to use"}),
            422,
            "username",
        ),
        get("no such path", "/api/v1/no/such/path", 404),
        get("id that is none", "/api/v1/servers/not-an-id", 404),
        get(
            "unknown id",
            "/api/v1/servers/018f0000-0000-7000-8000-000000000000",
            404,
        ),
        get("query without metric", "/api/v1/metrics/query?from=0", 422),
        get(
            "query without from",
            "/api/v1/metrics/query?metric=node_load1",
            422,
        ),
        get(
            "query of no time",
            "/api/v1/metrics/query?metric=node_load1&from=yesterday",
            422,
        ),
        get(
            "too many points",
            "/api/v1/metrics/query?metric=node_load1&from=0&step=1",
            422,
        ),
        get("bad limit", "/api/v1/alerts/history?limit=many", 422),
        Case {
            method: Method::DELETE,
            ..get("wrong method", "/api/v1/roles", 405)
        },
    ]
}

async fn answer(api: &Api, case: &Case) -> Answer {
    let mut request = api.request(case.method.clone(), case.path);
    if case.method == Method::POST {
        request = request
            .header("Content-Type", case.content_type)
            .body(case.body.clone());
    }
    api.send(request).await.unwrap()
}

#[tokio::test]
async fn bad_requests_are_refused_with_a_reason() {
    let server = TestServer::builder().start().await.unwrap();
    let admin = server.login("admin").await.unwrap();
    for case in cases() {
        let answer = answer(&admin, &case).await;
        let problem = answer.json();
        assert_eq!(answer.status, case.status, "{}: {answer:?}", case.what);
        assert!(
            answer
                .header("content-type")
                .starts_with("application/problem+json"),
            "{}: {answer:?}",
            case.what
        );
        assert_eq!(problem["status"], case.status, "{}", case.what);
        let id = problem["request_id"].as_str().unwrap();
        assert!(!id.is_empty(), "{}", case.what);
        assert!(server.log().contains(id), "{}: not in the log", case.what);
        if !case.field.is_empty() {
            let errors = problem["errors"].as_array().unwrap();
            let named = errors.iter().any(|error| error["field"] == case.field);
            assert!(named, "{}: {problem}", case.what);
        }
    }
}

#[tokio::test]
async fn bad_tokens_are_refused() {
    let server = TestServer::builder().start().await.unwrap();
    let admin = server.login("admin").await.unwrap();
    let parts: Vec<_> = admin.token().split('.').collect();
    let unsigned = format!("eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0.{}.", parts[1]);
    let resigned = format!("{}.{}.{}", parts[0], parts[1], "A".repeat(parts[2].len()));
    for token in ["", "x", "a.b.c", &unsigned, &resigned] {
        let forger = admin.clone().with_token(token);
        forger
            .get("/api/v1/servers")
            .await
            .unwrap()
            .expect(401)
            .unwrap();
    }
}

#[tokio::test]
async fn an_access_token_expires() {
    let server = TestServer::builder()
        .with_env("WATCHPOST_AUTH__ACCESS_TOKEN_SECONDS", "1")
        .start()
        .await
        .unwrap();
    let admin = server.login("admin").await.unwrap();
    tests::wait::until("the token to expire", async || {
        let status = admin.get("/api/v1/servers").await?.status;
        Ok((status == 401).then_some(()))
    })
    .await
    .unwrap();
}
