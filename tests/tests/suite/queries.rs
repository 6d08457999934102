//! Questions about stored metrics: charts keep peaks, limits hold, and nobody's work goes on.

use std::fmt::Write;
use std::time::SystemTime;

use serde_json::{Value, json};
use tests::api::Api;
use tests::server::{Builder, TestServer};
use tests::wait;

/// Milliseconds since the epoch, on a whole second, some time ago.
fn ago_ms(seconds: u64) -> u64 {
    let now = SystemTime::UNIX_EPOCH.elapsed().unwrap().as_secs();
    (now - seconds) * 1_000
}

/// A server with samples of `depth`, one a second from `from` on: 1, and 99 at each of `peaks`.
async fn with_depth(builder: Builder, from: u64, count: u64, peaks: &[u64]) -> (TestServer, Api) {
    let server = builder.start().await.unwrap();
    let admin = server.login("admin").await.unwrap();
    let mut text = String::new();
    for second in 0..count {
        let value = if peaks.contains(&second) { 99 } else { 1 };
        writeln!(
            text,
            "depth{{queue=\"a\"}} {value} {}",
            from + second * 1_000
        )
        .unwrap();
    }
    writeln!(text, "depth{{queue=\"b\"}} 7 {from}").unwrap();
    let request = admin.request(reqwest::Method::POST, "/api/v1/metrics/custom");
    let request = request.header("Content-Type", "text/plain").body(text);
    admin.send(request).await.unwrap().expect(200).unwrap();
    (server, admin)
}

#[tokio::test]
async fn a_chart_keeps_the_peak_of_a_second() {
    let from = ago_ms(4_000);
    let (_server, admin) = with_depth(TestServer::builder(), from, 3_000, &[1_234]).await;
    let to = from + 3_000_000;
    let ask = async |rest: &str| {
        let path = format!("/api/v1/metrics/query?metric=depth&from={from}&to={to}&{rest}");
        admin.get(&path).await.unwrap()
    };
    for width in [10, 100, 4_000] {
        let answer = ask(&format!("labels=queue=a&width={width}")).await;
        let answer = answer.expect(200).unwrap();
        let points = answer["series"][0]["points"].as_array().unwrap();
        assert!(points.contains(&json!([from + 1_234_000, 99.0])), "{width}");
        assert!(points.len() <= 2 * width, "{width}: {}", points.len());
    }
    let sum = ask("width=4000&sum=true").await.expect(200).unwrap();
    let series = sum["series"].as_array().unwrap();
    assert_eq!((series.len(), &series[0]["labels"]), (1, &json!({})));
    assert_eq!(series[0]["points"][0], json!([from, 8.0]));
    for (wrong, field) in [
        ("width=0", "width"),
        ("width=4001", "width"),
        ("width=wide", "width"),
        ("width=100&step=60", "width"),
        ("sum=true", "width"),
        ("sum=true&step=60", "width"),
    ] {
        let refused = ask(wrong).await.expect(422).unwrap();
        assert_eq!(refused["errors"][0]["field"], field, "{wrong}: {refused}");
    }
    let query = json!({"metric": "depth", "from": from, "width": 10, "step": 60});
    let body = json!({ "queries": [query] });
    let refused = admin.post("/api/v1/metrics/query", &body).await.unwrap();
    let refused = refused.expect(422).unwrap();
    assert_eq!(refused["errors"][0]["field"], "queries[0].width");
}

#[tokio::test]
async fn what_goes_too_far_is_refused_with_a_figure() {
    let builder = TestServer::builder()
        .with_env("WATCHPOST_QUERY__MAX_SAMPLES", "1000")
        .with_env("WATCHPOST_QUERY__MAX_SERIES", "1");
    let from = ago_ms(4_000);
    let (_server, admin) = with_depth(builder, from, 1_200, &[]).await;
    let ask = async |rest: &str| {
        let path = format!("/api/v1/metrics/query?metric=depth&from={from}&{rest}");
        admin.get(&path).await.unwrap()
    };
    let refused = ask("labels=queue=a&step=60").await.expect(422).unwrap();
    let error = &refused["errors"][0];
    assert_eq!(error["field"], "from");
    let message = error["message"].as_str().unwrap();
    assert!(message.starts_with("about 1200 samples"), "{message}");
    assert!(message.contains("more than 1000"), "{message}");
    let narrow = format!("labels=queue=a&step=60&to={}", from + 300_000);
    ask(&narrow).await.expect(200).unwrap();
    let refused = ask("step=60").await.expect(422).unwrap();
    assert_eq!(refused["errors"][0]["field"], "metric");
}

#[tokio::test]
async fn a_query_ends_when_its_client_has_gone() {
    let from = ago_ms(30_000);
    let (_server, admin) = with_depth(TestServer::builder(), from, 20_000, &[]).await;
    let queries = async || {
        let health = admin.get("/health").await?.expect(200)?;
        Ok::<Value, anyhow::Error>(health["queries"].clone())
    };
    let query = json!({"metric": "depth", "from": from, "step": 60, "agg": "p95"});
    let body = json!({ "queries": vec![query; 50] });
    let asking = admin.post("/api/v1/metrics/query", &body);
    let running = wait::until("a query to run", async || {
        Ok((queries().await?["running"] != 0).then_some(()))
    });
    tokio::select! {
        biased;
        running = running => running.unwrap(),
        answer = asking => panic!("answered before it was seen to run: {}", answer.unwrap().status),
    }
    // The select has dropped the request, and with it the connection.
    let ended = wait::until("the query to be given up", async || {
        let counts = queries().await?;
        let has_ended = counts["running"] == 0 && counts["abandoned"] == 1;
        Ok(has_ended.then_some(counts))
    });
    assert_eq!(ended.await.unwrap()["timed_out"], 0);
}
