//! Prometheus's query API: its own tool and what Grafana asks, unchanged, against the real server.

use reqwest::{Method, header};
use serde_json::{Value, json};
use tests::api::{Answer, Api};
use tests::peer::Peer;
use tests::server::{PASSWORD, TestServer};
use tests::wait;

crate::on_both!(
    grafanas_usual_requests_are_answered,
    what_cannot_be_answered_is_said_in_prometheus_shape,
);

const PROM: &str = "/api/v1/prom/api/v1";
const PROMTOOL: &str = "usr/bin/promtool";
const FORM: &str = "application/x-www-form-urlencoded";

fn form(parameters: &[(&str, &str)]) -> String {
    let mut text = url::form_urlencoded::Serializer::new(String::new());
    text.extend_pairs(parameters);
    text.finish()
}

async fn get(api: &Api, path: &str, parameters: &[(&str, &str)]) -> Answer {
    let path = format!("{PROM}/{path}?{}", form(parameters));
    api.get(&path).await.unwrap()
}

async fn post(api: &Api, path: &str, parameters: &[(&str, &str)]) -> Answer {
    let request = api.request(Method::POST, &format!("{PROM}/{path}"));
    let request = request
        .header(header::CONTENT_TYPE, FORM)
        .body(form(parameters));
    api.send(request).await.unwrap()
}

fn data(answer: Answer) -> Value {
    let json = answer.expect(200).unwrap();
    assert_eq!(json["status"], "success", "{json}");
    json["data"].clone()
}

/// A server with samples of its host and two pushed series; its administrator and the host's name.
async fn filled(server: &TestServer) -> (Api, String) {
    let admin = server.login("admin").await.unwrap();
    let pushed = "queue_length{queue=\"mail\"} 3\nqueue_length{queue=\"print\"} 0.1\n";
    let push = admin.request(Method::POST, "/api/v1/metrics/custom");
    let push = push.header(header::CONTENT_TYPE, "text/plain").body(pushed);
    admin.send(push).await.unwrap().expect(200).unwrap();
    wait::until("two samples of the host", async || {
        let parameters = [("query", "count_over_time(node_load1[1m]) > 1")];
        let found = data(get(&admin, "query", &parameters).await);
        Ok((found["result"] != json!([])).then_some(()))
    })
    .await
    .unwrap();
    let host = admin.get("/api/v1/servers").await.unwrap().json();
    let host = host["items"][0]["name"].as_str().unwrap().to_owned();
    (admin, host)
}

#[tokio::test]
async fn promtool_works_unchanged() {
    let server = TestServer::builder().start().await.unwrap();
    let (admin, host) = filled(&server).await;
    let (_, made) = crate::keys::with_key(&admin, &["metrics.read"]).await;
    let key = made["secret"].as_str().unwrap();
    // Debian's promtool takes name and password from the address alone.
    let address = server.base().replace("http://", "");
    let as_person = format!(
        "http://admin:{}@{address}/api/v1/prom",
        PASSWORD.replace(' ', "%20")
    );
    let as_key = format!("http://script:{key}@{address}/api/v1/prom");
    let now = std::time::SystemTime::UNIX_EPOCH
        .elapsed()
        .unwrap()
        .as_secs();
    let (start, end) = (
        format!("--start={}", now - 60),
        format!("--end={}", now + 60),
    );
    let of_host = format!("instance=\"{host}\"");
    for (arguments, expected) in [
        (
            vec!["instant", &as_person, "queue_length{queue=\"mail\"}"],
            vec!["queue_length{", &of_host, "=> 3 @["],
        ),
        (
            vec!["instant", &as_key, "sum(queue_length) by (instance)"],
            vec![&of_host, "=> 3.1 @["],
        ),
        (vec!["instant", &as_key, "1/0"], vec!["scalar: +Inf @["]),
        (
            vec!["range", &start, &end, "--step=1s", &as_key, "node_load1"],
            vec!["node_load1{", "job=\"node\"} =>\n", " @["],
        ),
        (
            vec!["series", "--match=queue_length", &as_key],
            vec!["queue_length\"", "queue=\"print\"}"],
        ),
        (vec!["labels", &as_key, "queue"], vec!["mail\n", "print\n"]),
        (
            vec!["labels", &as_person, "__name__"],
            vec!["node_load1\n", "queue_length\n"],
        ),
    ] {
        let told: Vec<String> = ["query"]
            .iter()
            .chain(&arguments)
            .map(ToString::to_string)
            .collect();
        let called = told.join(" ");
        let run = tokio::task::spawn_blocking(move || {
            let arguments: Vec<&str> = told.iter().map(String::as_str).collect();
            Peer::feed(PROMTOOL, &arguments, "").unwrap()
        });
        let (code, said) = run.await.unwrap();
        assert_eq!(code, Some(0), "{called}: {said}");
        for part in expected {
            assert!(said.contains(part), "{called}: {part} is not in {said}");
        }
    }
}

async fn grafanas_usual_requests_are_answered() {
    let server = TestServer::builder()
        .with_user("viewer")
        .start()
        .await
        .unwrap();
    let (_, host) = filled(&server).await;
    let viewer = server.login("viewer").await.unwrap();
    let now = std::time::SystemTime::UNIX_EPOCH
        .elapsed()
        .unwrap()
        .as_secs();
    let (start, end) = ((now - 300).to_string(), (now + 60).to_string());
    let near = [("start", start.as_str()), ("end", end.as_str())];
    let with = |more: &[(&'static str, &'static str)]| -> Vec<(&str, &str)> {
        near.iter().chain(more).copied().collect()
    };

    let built = data(get(&viewer, "status/buildinfo", &[]).await);
    assert_eq!(built["version"], "3.0.0");
    for answer in [
        post(&viewer, "query", &[("query", "1+1"), ("time", "1.5")]).await,
        get(
            &viewer,
            "query",
            &[("query", "1+1"), ("time", "1970-01-01T00:00:01.5Z")],
        )
        .await,
    ] {
        let found = data(answer);
        assert_eq!(found, json!({"resultType": "scalar", "result": [1.5, "2"]}));
    }
    let asked = with(&[("query", "queue_length"), ("step", "15")]);
    for answer in [
        post(&viewer, "query_range", &asked).await,
        get(&viewer, "query_range", &asked).await,
    ] {
        let found = data(answer);
        assert_eq!(found["resultType"], "matrix");
        let mail = &found["result"][0];
        let labels = json!({"__name__": "queue_length", "instance": host, "queue": "mail"});
        assert_eq!(mail["metric"], labels);
        assert_eq!(mail["values"][0][1], "3");
    }
    for (path, more, expected) in [
        (
            "labels",
            vec![("match[]", "queue_length")],
            json!(["__name__", "instance", "queue"]),
        ),
        (
            "labels",
            vec![("match[]", "queue_length"), ("limit", "2")],
            json!(["__name__", "instance"]),
        ),
        (
            "label/queue/values",
            vec![("match[]", "queue_length")],
            json!(["mail", "print"]),
        ),
        (
            "label/queue/values",
            vec![("match[]", "node_load1")],
            json!([]),
        ),
        (
            "label/job/values",
            vec![("match[]", "node_load1")],
            json!(["node"]),
        ),
        ("label/nothing/values", vec![], json!([])),
        (
            "label/__name__/values",
            vec![("match[]", "{__name__=~\"queue.*\"}")],
            json!(["queue_length"]),
        ),
        (
            "series",
            vec![("match[]", "queue_length{queue=\"mail\"}")],
            json!([{"__name__": "queue_length", "instance": host, "queue": "mail"}]),
        ),
        ("series", vec![("match[]", "nothing")], json!([])),
    ] {
        let found = data(get(&viewer, path, &with(&more)).await);
        assert_eq!(found, expected, "{path} {more:?}");
        if !path.contains('/') {
            let found = data(post(&viewer, path, &with(&more)).await);
            assert_eq!(found, expected, "{path} {more:?} by form");
        }
    }
    let by_server = format!("queue_length{{server=\"{host}\"}}");
    let found = data(get(&viewer, "query", &[("query", &by_server)]).await);
    assert_eq!(found["result"].as_array().unwrap().len(), 2);
    assert!(!found.to_string().contains("\"server\""), "{found}");
    let told = data(get(&viewer, "metadata", &[("metric", "node_load1")]).await);
    assert_eq!(told["node_load1"][0]["type"], "gauge");
    assert_eq!(told.as_object().unwrap().len(), 1);
    let told = data(get(&viewer, "metadata", &[("limit", "3")]).await);
    assert_eq!(told.as_object().unwrap().len(), 3);
    let laid_out = data(post(&viewer, "format_query", &[("query", "sum by(a)(up)+1")]).await);
    assert_eq!(laid_out, "sum by (a) (up) + 1");
    let limited = get(
        &viewer,
        "query",
        &[("query", "queue_length"), ("limit", "1"), ("stats", "all")],
    )
    .await;
    let limited = limited.expect(200).unwrap();
    assert_eq!(limited["data"]["result"].as_array().unwrap().len(), 1);
    assert_eq!(
        limited["warnings"],
        json!(["results truncated due to limit"])
    );
    let samples = &limited["data"]["stats"]["samples"]["totalQueryableSamples"];
    assert!(samples.as_u64().is_some_and(|it| it > 0), "{limited}");
}

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
