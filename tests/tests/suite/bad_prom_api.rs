//! What cannot be answered of Prometheus's query API, and how that is said.

use reqwest::{Method, header};
use serde_json::json;
use tests::api::Answer;
use tests::server::TestServer;

use super::prom_api::{FORM, PROM, filled, get};

crate::on_both!(what_cannot_be_answered_is_said_in_prometheus_shape,);

async fn what_cannot_be_answered_is_said_in_prometheus_shape() {
    let server = TestServer::builder()
        .with_env("WATCHPOST_QUERY__MAX_SERIES", "50")
        .start()
        .await
        .unwrap();
    let (admin, _) = filled(&server).await;
    for (path, parameters, status, kind, part) in [
        (
            "query",
            vec![],
            400,
            "bad_data",
            "invalid parameter \"query\": ",
        ),
        (
            "query",
            vec![("query", "rate(up)")],
            400,
            "bad_data",
            "parse error: ",
        ),
        (
            "query",
            vec![("query", "1"), ("time", "soon")],
            400,
            "bad_data",
            "cannot parse \"soon\" to a valid timestamp",
        ),
        (
            "query",
            vec![("query", "1"), ("timeout", "x")],
            400,
            "bad_data",
            "invalid parameter \"timeout\"",
        ),
        (
            "query",
            vec![("query", "1"), ("limit", "-1")],
            400,
            "bad_data",
            "limit must be non-negative",
        ),
        (
            "query",
            vec![("query", "1"), ("lookback_delta", "x")],
            400,
            "bad_data",
            "error parsing lookback delta duration",
        ),
        (
            "query",
            vec![("query", "{__name__=~\".+\"}")],
            422,
            "execution",
            "series match, more than 50",
        ),
        (
            "query",
            vec![("query", "node_load1"), ("timeout", "0")],
            503,
            "timeout",
            "query timed out in expression evaluation",
        ),
        (
            "query_range",
            vec![("query", "1"), ("start", "0"), ("end", "9"), ("step", "0")],
            400,
            "bad_data",
            "zero or negative query resolution step",
        ),
        (
            "query_range",
            vec![
                ("query", "1"),
                ("start", "0"),
                ("end", "99999"),
                ("step", "1"),
            ],
            400,
            "bad_data",
            "11,000 points",
        ),
        (
            "query_range",
            vec![
                ("query", "\"a\""),
                ("start", "0"),
                ("end", "9"),
                ("step", "1"),
            ],
            400,
            "bad_data",
            "invalid expression type",
        ),
        (
            "series",
            vec![],
            400,
            "bad_data",
            "no match[] parameter provided",
        ),
        (
            "series",
            vec![("match[]", "up{")],
            400,
            "bad_data",
            "parse error",
        ),
        (
            "series",
            vec![("match[]", "rate(up[5m])")],
            400,
            "bad_data",
            "selector",
        ),
        (
            "labels",
            vec![("start", "x")],
            400,
            "bad_data",
            "invalid time value for 'start'",
        ),
        (
            "metadata",
            vec![("limit", "x")],
            400,
            "bad_data",
            "limit must be a number",
        ),
        (
            "format_query",
            vec![("query", "1 +")],
            400,
            "bad_data",
            "parse error",
        ),
        (
            "nothing",
            vec![],
            404,
            "not_found",
            "nothing under this path",
        ),
    ] {
        let answer = get(&admin, path, &parameters).await;
        check(
            &answer,
            (status, kind, part),
            &format!("{path} {parameters:?}"),
        );
    }
    let posted = async |kind: &str, body: String| {
        let request = admin.request(Method::POST, &format!("{PROM}/query"));
        let request = request.header(header::CONTENT_TYPE, kind).body(body);
        admin.send(request).await.unwrap()
    };
    let answer = posted("application/json", "{\"query\":\"1\"}".to_owned()).await;
    check(&answer, (415, "bad_data", FORM), "a JSON body");
    let answer = posted(FORM, "query=".to_owned() + &"1%2B".repeat(600_000)).await;
    check(&answer, (413, "bad_data", "1 MiB"), "a large body");
    let nobody = server.anonymous().unwrap();
    let answer = get(&nobody, "query", &[("query", "1")]).await;
    check(&answer, (401, "unauthorized", ""), "nobody");
    let (writer, _) = crate::keys::with_key(&admin, &["metrics.write"]).await;
    let answer = get(&writer, "query", &[("query", "1")]).await;
    check(
        &answer,
        (403, "forbidden", "scope"),
        "a key without the scope",
    );
    let answer = admin
        .send(admin.request(Method::DELETE, &format!("{PROM}/query")))
        .await;
    check(
        &answer.unwrap(),
        (405, "bad_data", "only"),
        "another method",
    );
}

fn check(answer: &Answer, (status, kind, part): (u16, &str, &str), place: &str) {
    let json = answer.json();
    assert_eq!(answer.status, status, "{place}: {answer:?}");
    assert_eq!(answer.header("content-type"), "application/json", "{place}");
    assert_eq!(
        (&json["status"], &json["errorType"]),
        (&json!("error"), &json!(kind)),
        "{place}"
    );
    let said = json["error"].as_str().unwrap_or_default();
    assert!(said.contains(part), "{place}: {part} is not in {said}");
}
