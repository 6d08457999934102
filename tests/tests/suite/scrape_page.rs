//! `/metrics` is what Prometheus's own tools take for a page of metrics: lint and a real scrape.

use std::time::Duration;

use reqwest::Method;
use serde_json::Value;
use tests::api::{Answer, Api};
use tests::peer::Peer;
use tests::server::{PASSWORD, TestServer};
use tests::wait;

crate::on_both!(what_is_wanted_is_on_the_page);

const PROMTOOL: &str = "usr/bin/promtool";
const OPEN_METRICS: &str = "application/openmetrics-text; version=1.0.0";

async fn page(api: &Api, query: &str, accept: &str) -> Answer {
    let request = api.request(Method::GET, &format!("/metrics{query}"));
    api.send(request.header("accept", accept)).await.unwrap()
}

/// The page once the host has been read.
async fn filled(api: &Api, accept: &str) -> String {
    let filled = wait::until("values of the host", async || {
        let answer = page(api, "", accept).await;
        assert_eq!(answer.status, 200, "{answer:?}");
        Ok(answer.text.contains("\nnode_load1{").then_some(answer.text))
    });
    filled.await.unwrap()
}

#[tokio::test]
async fn promtool_finds_nothing_but_the_node_exporters_own_names() {
    let server = TestServer::builder().start().await.unwrap();
    let admin = server.login("admin").await.unwrap();
    let text = filled(&admin, "text/plain").await;
    let (_, said) = Peer::feed(PROMTOOL, &["check", "metrics"], &text).unwrap();
    let of_ours: Vec<_> = said
        .lines()
        .filter(|line| !line.starts_with("node_"))
        .collect();
    assert_eq!(of_ours, [] as [&str; 0]);
    let own = "?match[]={__name__=~\"(watchpost|process)_.%2B\",instance=\"\"}";
    let own = page(&admin, own, "*/*").await;
    assert_eq!(
        own.header("content-type"),
        "text/plain; version=0.0.4; charset=utf-8"
    );
    let (code, said) = Peer::feed(PROMTOOL, &["check", "metrics"], &own.text).unwrap();
    assert_eq!((code, said.as_str()), (Some(0), ""), "{}", own.text);
    for name in [
        "process_cpu_seconds_total ",
        "process_resident_memory_bytes ",
        "process_virtual_memory_bytes ",
        "process_start_time_seconds ",
        "process_open_fds ",
        "process_max_fds ",
        "process_threads ",
        "watchpost_build_info{",
        "watchpost_http_requests_total{method=\"GET\",route=\"/metrics\",status=\"2xx\"} ",
        "watchpost_http_request_duration_seconds_bucket{le=\"+Inf\",method=\"GET\",route=\"/metrics\"} ",
        "watchpost_database_bytes{database=\"metrics\"} ",
        "watchpost_database_waiting_changes{database=\"state\"} ",
        "watchpost_lost_samples_total{reason=\"not_stored\"} 0",
        "watchpost_samples_waiting_for_rules ",
        "watchpost_stored_series ",
        "watchpost_running_queries 1",
        "watchpost_live_clients 0",
        "watchpost_firing_alerts 0",
        "watchpost_servers 1",
        "watchpost_healthy{part=\"database\"} 1",
        "watchpost_job_healthy{name=\"Sealing\"} 1",
    ] {
        let is_there = own.text.lines().any(|line| line.starts_with(name));
        // Jobs run when they are due; a query is counted while this page's own is over.
        let may_miss = name.contains("_job_") || name.contains("running_queries");
        assert!(is_there || may_miss, "{name} is not in {}", own.text);
    }
}

#[tokio::test]
async fn prometheus_scrapes_both_formats() {
    let server = TestServer::builder().start().await.unwrap();
    let admin = server.login("admin").await.unwrap();
    let open = filled(&admin, OPEN_METRICS).await;
    assert!(open.ends_with("# EOF\n"), "{open}");
    assert!(open.contains("# TYPE node_cpu_seconds counter\n"), "{open}");
    assert!(
        open.contains("# UNIT process_cpu_seconds seconds\n"),
        "{open}"
    );
    let address = server.base().replace("http://", "");
    let peer = tokio::task::spawn_blocking(move || {
        Peer::start("usr/bin/prometheus", |own, directory| {
            let file = directory.join("prometheus.yml");
            let text = format!(
                "scrape_configs:\n- job_name: watchpost\n  honor_labels: true\n  scrape_interval: 1s\n  \
                 basic_auth: {{username: admin, password: {PASSWORD}}}\n  \
                 static_configs: [{{targets: ['{address}']}}]\n"
            );
            std::fs::write(&file, text).unwrap();
            vec![
                format!("--config.file={}", file.display()),
                format!("--web.listen-address={own}"),
                format!("--storage.tsdb.path={}", directory.join("data").display()),
            ]
        })
    });
    let peer = peer.await.unwrap().unwrap();
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let ask = async |query: &str| -> anyhow::Result<Value> {
        let base = format!("http://{}/api/v1/query", peer.address);
        let url = url::Url::parse_with_params(&base, [("query", query)])?;
        Ok(client.get(url).send().await?.json().await?)
    };
    for query in [
        "up{job=\"watchpost\"} == 1",
        "node_load1{job=\"node\"}",
        "rate(process_cpu_seconds_total{job=\"node\"}[30s]) > 0",
        "process_resident_memory_bytes{job=\"watchpost\"} > 0",
        "watchpost_http_requests_total{route=\"/metrics\"} > 1",
        "histogram_quantile(0.5, watchpost_http_request_duration_seconds_bucket{route=\"/metrics\"}) > 0",
    ] {
        let arrives = wait::until_within(query, Duration::from_mins(1), async || {
            let answer = ask(query).await?;
            let found = answer["data"]["result"]
                .as_array()
                .is_some_and(|it| !it.is_empty());
            Ok(found.then_some(()))
        });
        arrives.await.unwrap();
    }
}

async fn what_is_wanted_is_on_the_page() {
    let server = TestServer::builder()
        .with_user("viewer")
        .start()
        .await
        .unwrap();
    let admin = server.login("admin").await.unwrap();
    let pushed = "queue_length{queue=\"mail\",instance=\"x\"} 3\njobs_done_total 5\n";
    let push = admin.request(Method::POST, "/api/v1/metrics/custom");
    let push = push.header("content-type", "text/plain").body(pushed);
    admin.send(push).await.unwrap().expect(200).unwrap();
    filled(&admin, "*/*").await;
    let viewer = server.login("viewer").await.unwrap();
    let host = admin.get("/api/v1/servers").await.unwrap().json();
    let host = host["items"][0]["name"].as_str().unwrap().to_owned();
    let queue =
        format!("queue_length{{exported_instance=\"x\",instance=\"{host}\",queue=\"mail\"}} 3 ");
    let load = format!("node_load1{{instance=\"{host}\",job=\"node\"}} ");
    let threads = "process_threads ".to_owned();
    for (query, wanted, unwanted) in [
        ("?match[]=node_load1", vec![&load], vec![&queue, &threads]),
        (
            "?match[]=queue_length&match[]=process_threads",
            vec![&queue, &threads],
            vec![&load],
        ),
        (
            "?match[]={job=\"node\"}",
            vec![&load],
            vec![&queue, &threads],
        ),
        ("?match[]={queue=~\"m.%2B\"}", vec![&queue], vec![&load]),
        (
            "?match[]={__name__=~\"node_load.\",job=\"other\"}",
            vec![],
            vec![&load, &queue, &threads],
        ),
        ("?match[]=up", vec![], vec![&load, &queue, &threads]),
    ] {
        let answer = page(&viewer, query, "*/*").await;
        assert_eq!(answer.status, 200, "{query}: {answer:?}");
        let has = |line: &String| answer.text.lines().any(|it| it.starts_with(line));
        assert!(wanted.into_iter().all(has), "{query}: {}", answer.text);
        assert!(!unwanted.into_iter().any(has), "{query}: {}", answer.text);
    }
    let of_server = format!("?match[]={{server=\"{host}\"}}");
    let answer = page(&viewer, &of_server, OPEN_METRICS).await;
    assert!(answer.text.contains(&load), "{}", answer.text);
    assert!(!answer.text.contains("\nprocess_threads ") && !answer.text.contains("server="));
    assert!(
        answer
            .text
            .contains("# TYPE jobs_done counter\njobs_done_total{")
    );
    for wrong in [
        "?match[]=",
        "?match[]=up{",
        "?match[]={a=~\"(\"}",
        "?match[]=rate(up[5m])",
    ] {
        let refused = page(&viewer, wrong, "*/*").await;
        assert_eq!(refused.status, 422, "{wrong}");
    }
    let nobody = server.anonymous().unwrap();
    assert_eq!(page(&nobody, "", "*/*").await.status, 401);
}
