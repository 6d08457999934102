//! Prometheus's query API: its own tool and what Grafana asks, unchanged, against the real server.

use std::io::Read;

use flate2::read::GzDecoder;
use reqwest::{Method, header};
use serde_json::{Value, json};
use tests::api::{Answer, Api};
use tests::peer::Peer;
use tests::server::{PASSWORD, TestServer};
use tests::wait;

crate::on_both!(grafanas_usual_requests_are_answered,);

pub(super) const PROM: &str = "/api/v1/prom/api/v1";
const PROMTOOL: &str = "usr/bin/promtool";
pub(super) const FORM: &str = "application/x-www-form-urlencoded";

pub(super) fn form(parameters: &[(&str, &str)]) -> String {
    let mut text = url::form_urlencoded::Serializer::new(String::new());
    text.extend_pairs(parameters);
    text.finish()
}

pub(super) async fn get(api: &Api, path: &str, parameters: &[(&str, &str)]) -> Answer {
    let path = format!("{PROM}/{path}?{}", form(parameters));
    api.get(&path).await.unwrap()
}

pub(super) async fn post(api: &Api, path: &str, parameters: &[(&str, &str)]) -> Answer {
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
pub(super) async fn filled(server: &TestServer) -> (Api, String) {
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
    for path in ["labels", "label/queue/values", "series"] {
        let long_ago = [("match[]", "queue_length"), ("start", "0"), ("end", "9e8")];
        let found = data(get(&viewer, path, &long_ago).await);
        assert_eq!(found, json!([]), "{path} of another time");
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

#[tokio::test]
async fn answers_are_packed_for_who_can_unpack_them() {
    let server = TestServer::builder().start().await.unwrap();
    let (admin, _) = filled(&server).await;
    let path = format!(
        "{PROM}/query?{}",
        form(&[("query", "queue_length"), ("time", "2000000000")])
    );
    let plain = admin.get(&path).await.unwrap();
    assert_eq!(plain.header("content-encoding"), "");
    let asked = |path: &str| {
        let request = admin.request(Method::GET, path);
        request.header(header::ACCEPT_ENCODING, "gzip").send()
    };
    let answer = asked(&path).await.unwrap();
    assert_eq!(answer.headers()[header::CONTENT_ENCODING], "gzip");
    assert_eq!(
        answer.headers()[header::CONTENT_TYPE],
        plain.header("content-type")
    );
    let packed = answer.bytes().await.unwrap();
    let mut text = String::new();
    GzDecoder::new(&packed[..])
        .read_to_string(&mut text)
        .unwrap();
    assert_eq!(text, plain.text);
    // Errors are short, and come as they are.
    let answer = asked(&format!("{PROM}/query?query=(")).await.unwrap();
    assert_eq!(answer.status(), 400);
    assert!(!answer.headers().contains_key(header::CONTENT_ENCODING));
    assert!(answer.text().await.unwrap().contains("bad_data"));
}
