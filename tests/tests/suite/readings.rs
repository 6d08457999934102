//! Stored metrics leave in every form: several answers at once, lists of series, files.

use std::time::SystemTime;

use serde_json::{Value, json};
use tests::api::Api;
use tests::server::TestServer;

crate::on_both!(
    labels_are_compared_in_four_ways,
    an_export_is_chosen_by_match,
    several_questions_are_answered_in_their_order,
    series_are_listed_by_match,
    metrics_are_listed_by_name,
    an_export_for_prometheus_can_be_pushed_again,
);

const EXPORT: &str = "/api/v1/metrics/export?metric=backlog&from=0";

fn now_ms() -> u64 {
    let now = SystemTime::UNIX_EPOCH.elapsed().unwrap().as_millis();
    u64::try_from(now).unwrap()
}

async fn push(api: &Api, text: String) {
    let request = api.request(reqwest::Method::POST, "/api/v1/metrics/custom");
    let request = request.header("Content-Type", "text/plain").body(text);
    api.send(request).await.unwrap().expect(200).unwrap();
}

async fn with_backlog() -> (TestServer, Api, u64) {
    let server = TestServer::builder().start().await.unwrap();
    let admin = server.login("admin").await.unwrap();
    let at = now_ms() - 120_000;
    let lines = format!(
        "backlog{{queue=\"mail\"}} 1 {at}\nbacklog{{queue=\"mail\"}} 2.5 {}\nbacklog{{queue=\"a\\\"b\"}} 3 {at}\n",
        at + 1_000
    );
    push(&admin, lines).await;
    (server, admin, at)
}

async fn several_questions_are_answered_in_their_order() {
    let (_server, admin, at) = with_backlog().await;
    let ask = async |queries: Value| {
        let body = json!({ "queries": queries });
        admin.post("/api/v1/metrics/query", &body).await.unwrap()
    };
    let answer = ask(json!([
        {"metric": "backlog", "labels": {"queue": "mail"}, "from": at},
        {"metric": "no_such_metric", "from": at},
        {"metric": "backlog", "from": at - at % 60_000, "step": 60, "agg": "max"},
    ]));
    let answer = answer.await.expect(200).unwrap();
    let results = answer["results"].as_array().unwrap();
    assert_eq!(results.len(), 3);
    assert_eq!(
        results[0]["series"][0]["points"],
        json!([[at, 1.0], [at + 1_000, 2.5]])
    );
    assert_eq!(results[1]["series"], json!([]));
    assert_eq!(results[2]["series"].as_array().unwrap().len(), 2);
    let refused =
        ask(json!([{"metric": "backlog", "from": at}, {"metric": "backlog", "from": at, "to": 1}]));
    let refused = refused.await.expect(422).unwrap();
    assert_eq!(refused["errors"][0]["field"], "queries[1].from");
}

async fn series_are_listed_by_match() {
    let (_server, admin, _) = with_backlog().await;
    let servers = admin
        .get("/api/v1/servers")
        .await
        .unwrap()
        .expect(200)
        .unwrap();
    let local = &servers["items"][0];
    let list = async |matches: &[&str]| {
        let pairs: Vec<_> = matches.iter().map(|text| ("match[]", *text)).collect();
        let query = form(&pairs);
        admin
            .get(&format!("/api/v1/metrics/series?{query}"))
            .await
            .unwrap()
    };
    let named = format!("backlog{{server={:?}}}", local["name"].as_str().unwrap());
    for (matches, count) in [
        (vec!["backlog"], 2),
        (vec!["backlog{queue=\"mail\"}"], 1),
        (vec!["backlog", "backlog{queue=\"mail\"}"], 2),
        (vec!["backlog{queue=\"a\\\"b\"}", "no_such_metric"], 1),
        (vec![named.as_str()], 2),
        (vec!["backlog{server=\"elsewhere\"}"], 0),
        (vec!["backlog{server!=\"elsewhere\"}"], 2),
        (vec!["{queue=\"mail\"}"], 1),
        (vec!["{__name__=~\"back.*\"}"], 2),
        (vec!["backlog{queue=~\"m.*|x\"}"], 1),
        (vec!["backlog{queue!~\"m.*\",other=\"\"}"], 1),
        (vec!["backlog{queue!=\"mail\"}"], 1),
    ] {
        let listed = list(&matches).await.expect(200).unwrap();
        let items = listed["items"].as_array().unwrap();
        assert_eq!(items.len(), count, "{matches:?}: {listed}");
        for item in items {
            assert_eq!(
                (&item["server_id"], &item["server"]),
                (&local["id"], &local["name"])
            );
            assert_eq!(item["metric"], "backlog");
            assert!(item["labels"]["queue"].is_string());
        }
    }
    for wrong in [
        vec![],
        vec!["{queue=~\".*\"}"],
        vec!["backlog{queue=~\"m(\"}"],
        vec!["backlog{queue=}"],
    ] {
        let refused = list(&wrong).await.expect(422).unwrap();
        assert_eq!(refused["errors"][0]["field"], "match[]", "{wrong:?}");
    }
}

async fn labels_are_compared_in_four_ways() {
    let (_server, admin, at) = with_backlog().await;
    let ask = async |labels: &str| {
        let from = at.to_string();
        let query = form(&[("metric", "backlog"), ("from", &from), ("labels", labels)]);
        let path = format!("/api/v1/metrics/query?{query}");
        admin.get(&path).await.unwrap()
    };
    for (labels, count) in [
        ("queue=mail", 1),
        ("queue!=mail", 1),
        ("queue=~m.*|a.b", 2),
        ("queue=~ma", 0),
        ("queue!~m.*", 1),
        ("queue=", 0),
        ("other=,queue=~\"[a-z]{4,4}\"", 1),
    ] {
        let answer = ask(labels).await.expect(200).unwrap();
        assert_eq!(
            answer["series"].as_array().unwrap().len(),
            count,
            "{labels}"
        );
        let body = json!({"queries": [{"metric": "backlog", "from": at, "labels": labels}]});
        let several = admin.post("/api/v1/metrics/query", &body).await.unwrap();
        let several = several.expect(200).unwrap();
        assert_eq!(several["results"][0], answer, "{labels}");
    }
    for (labels, said) in [
        ("queue=~m(", "unclosed group at its character 2"),
        ("queue", "character 6: none of"),
        ("queue=~(a{1000}){1000}", "too large"),
    ] {
        let refused = ask(labels).await.expect(422).unwrap();
        assert_eq!(refused["errors"][0]["field"], "labels", "{refused}");
        let message = refused["errors"][0]["message"].as_str().unwrap();
        assert!(message.contains(said), "{labels}: {message}");
    }
    let body = json!({"queries": [{"metric": "backlog", "from": at, "labels": "queue=~m("}]});
    let refused = admin.post("/api/v1/metrics/query", &body).await.unwrap();
    let refused = refused.expect(422).unwrap();
    assert_eq!(refused["errors"][0]["field"], "queries[0].labels");
}

async fn an_export_is_chosen_by_match() {
    let (_server, admin, at) = with_backlog().await;
    push(&admin, format!("frontlog 4 {at}\n")).await;
    let export = async |pairs: &[(&str, &str)]| {
        let path = format!("/api/v1/metrics/export?from=0&{}", form(pairs));
        admin.get(&path).await.unwrap()
    };
    let both = "{__name__=~\"(back|front)log\"}";
    let file = export(&[("match[]", both), ("match[]", "frontlog")]).await;
    assert_eq!(file.text.lines().count(), 5, "{file:?}");
    assert!(
        file.header("content-disposition")
            .contains("watchpost-metrics-")
    );
    for (pairs, field) in [
        (&[][..], "metric"),
        (&[("match[]", both), ("metric", "backlog")], "match[]"),
        (&[("match[]", "{a=~\"(\"}")], "match[]"),
        (&[("metric", "backlog"), ("labels", "a=~(")], "labels"),
    ] {
        let refused = export(pairs).await.expect(422).unwrap();
        assert_eq!(refused["errors"][0]["field"], field, "{pairs:?}");
    }
}

async fn metrics_are_listed_by_name() {
    let (_server, admin, _) = with_backlog().await;
    let list = async |query: &str| {
        let path = format!("/api/v1/metrics/names{query}");
        admin.get(&path).await.unwrap()
    };
    let listed = list("").await.expect(200).unwrap();
    let series_of = |metric: &str| {
        let mut items = listed["items"].as_array().unwrap().iter();
        let found = items.find(|item| item["metric"] == metric);
        found.map(|item| item["series"].clone())
    };
    assert_eq!(series_of("backlog"), Some(json!(2)));
    assert_eq!(series_of("no_such_metric"), None);
    let unknown = "?server=00000000-0000-7000-8000-000000000001";
    list(unknown).await.expect(404).unwrap();
}

fn form(pairs: &[(&str, &str)]) -> String {
    url::form_urlencoded::Serializer::new(String::new())
        .extend_pairs(pairs)
        .finish()
}

async fn an_export_for_prometheus_can_be_pushed_again() {
    let (_server, admin, at) = with_backlog().await;
    let export = format!("{EXPORT}&format=prometheus");
    let file = admin.get(&export).await.unwrap();
    assert!(
        file.header("content-type").starts_with("text/plain"),
        "{file:?}"
    );
    assert!(
        file.header("content-disposition").contains(".prom"),
        "{file:?}"
    );
    let lines: Vec<_> = file.text.lines().collect();
    assert_eq!(lines.len(), 3, "{file:?}");
    assert!(
        lines.iter().all(|line| line.contains("instance=\"")),
        "{file:?}"
    );
    assert!(
        lines
            .iter()
            .any(|line| line.ends_with(&format!(" 2.5 {}", at + 1_000)))
    );
    let other = TestServer::builder().start().await.unwrap();
    let other_admin = other.login("admin").await.unwrap();
    push(&other_admin, file.text).await;
    let again = other_admin
        .get(&format!("{EXPORT}&format=json"))
        .await
        .unwrap();
    let again = again.expect(200).unwrap();
    let series = again["series"].as_array().unwrap();
    assert_eq!(series.len(), 2, "{again}");
    assert!(
        series
            .iter()
            .all(|one| one["labels"]["exported_instance"].is_string())
    );
    let nothing = "/api/v1/metrics/export?metric=nothing&from=0&format=prometheus";
    let nothing = admin.get(nothing).await.unwrap();
    assert_eq!((nothing.status, nothing.text.as_str()), (200, ""));
}
