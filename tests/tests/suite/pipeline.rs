//! This machine's own readings, from the collector to status, query, export and the live connection.

use serde_json::{Value, json};
use tests::api::Api;
use tests::live::Live;
use tests::server::TestServer;
use tests::wait;

crate::on_both!(
    readings_are_those_of_this_machine,
    every_second_is_stored_once_and_can_be_asked_for,
    samples_arrive_live_and_monitoring_can_be_stopped,
    the_infrastructure_endpoints_answer_in_their_envelope,
);

/// The id of the server that watches itself, once it has sent a sample with rates.
async fn local_server(api: &Api) -> String {
    wait::until("the first whole sample", async || {
        let servers = api.get("/api/v1/servers").await?.expect(200)?;
        let local = &servers["items"][0];
        let id = local["id"].as_str().unwrap_or_default().to_owned();
        let latest = api.get(&format!("/api/v1/servers/{id}/metrics")).await?;
        let sample = latest.json();
        let cpu = find(&sample, "cpu")["percent"].as_f64();
        Ok(cpu.is_some().then_some(id))
    })
    .await
    .unwrap()
}

/// The sample itself, whether or not it stands under `sample`.
fn find<'a>(answer: &'a Value, part: &str) -> &'a Value {
    match answer.get("sample") {
        Some(sample) => &sample[part],
        None => &answer[part],
    }
}

async fn readings_are_those_of_this_machine() {
    let server = TestServer::builder().start().await.unwrap();
    let api = server.login("admin").await.unwrap();
    let id = local_server(&api).await;
    let path = format!("/api/v1/servers/{id}/metrics");
    let latest = api.get(&path).await.unwrap().expect(200).unwrap();

    let meminfo = std::fs::read_to_string("/proc/meminfo").unwrap();
    let total_kib: f64 = meminfo.split_whitespace().nth(1).unwrap().parse().unwrap();
    let total = find(&latest, "memory")["total_bytes"].as_f64().unwrap();
    assert!((total / 1024.0 - total_kib).abs() < 2.0, "{total}");
    let cores = find(&latest, "cpu")["cores_percent"]
        .as_array()
        .unwrap()
        .len();
    assert_eq!(cores, std::thread::available_parallelism().unwrap().get());
    assert!(find(&latest, "load")["one"].is_number());
    assert!(find(&latest, "uptime_seconds").as_f64().unwrap() > 0.0);

    let status = api
        .get("/api/v1/status/realtime")
        .await
        .unwrap()
        .expect(200)
        .unwrap();
    let row = &status["items"][0];
    assert_eq!(
        (&row["server_id"], &row["status"]),
        (&json!(id), &json!("up"))
    );
    assert!(
        row["health_score"].is_number() && row["cpu_percent"].is_number(),
        "{row}"
    );

    let processes = wait::until("processes", async || {
        let answer = api.get(&format!("/api/v1/servers/{id}/processes")).await?;
        let list = answer.json()["items"]
            .as_array()
            .cloned()
            .unwrap_or_default();
        Ok((!list.is_empty()).then_some(list))
    })
    .await
    .unwrap();
    assert!(
        processes
            .iter()
            .all(|it| it["pid"].is_number() && it["name"].is_string())
    );
}

async fn every_second_is_stored_once_and_can_be_asked_for() {
    let server = TestServer::builder().start().await.unwrap();
    let api = server.login("admin").await.unwrap();
    let id = local_server(&api).await;
    let raw = format!("/api/v1/metrics/query?server={id}&metric=host_memory_usage_percent&from=0");
    let points = wait::until("five seconds", async || {
        let answer = api.get(&raw).await?.expect(200)?;
        let points = answer["series"][0]["points"]
            .as_array()
            .cloned()
            .unwrap_or_default();
        Ok((points.len() >= 5).then_some(points))
    })
    .await
    .unwrap();
    let times: Vec<_> = points.iter().map(|it| it[0].as_i64().unwrap()).collect();
    for pair in times.windows(2) {
        assert!((500..2_500).contains(&(pair[1] - pair[0])), "{times:?}");
    }

    let (first, last) = (times[0], times[times.len() - 1] + 1);
    for (agg, expected) in [("count", Some(times.len())), ("max", None), ("p95", None)] {
        let step = 3600;
        // All hours since the first sample's: from the epoch on they would be too many.
        let from = first - first % (step * 1000);
        let path = format!(
            "/api/v1/metrics/query?server={id}&metric=host_memory_usage_percent&from={from}&to={last}&step={step}&agg={agg}"
        );
        let answer = api.get(&path).await.unwrap().expect(200).unwrap();
        let points = answer["series"][0]["points"].as_array().unwrap();
        let values: Vec<f64> = points.iter().filter_map(|it| it[1].as_f64()).collect();
        assert!(
            points
                .iter()
                .all(|it| it[0].as_i64().unwrap() % (step * 1000) == 0)
        );
        if let Some(expected) = expected {
            let expected = f64::from(u32::try_from(expected).unwrap());
            assert!(
                (values.iter().sum::<f64>() - expected).abs() < f64::EPSILON,
                "{agg}: {values:?}"
            );
        } else {
            assert!(
                values.iter().all(|it| (0.0..=100.0).contains(it)),
                "{agg}: {values:?}"
            );
        }
    }

    let export = format!(
        "/api/v1/metrics/export?format=csv&server={id}&metric=host_memory_usage_percent&from={first}&to={last}"
    );
    let answer = api.get(&export).await.unwrap();
    assert!(
        answer.header("content-type").starts_with("text/csv"),
        "{answer:?}"
    );
    let mut reader = csv::Reader::from_reader(answer.text.as_bytes());
    assert_eq!(reader.records().map(Result::unwrap).count(), times.len());
}

async fn samples_arrive_live_and_monitoring_can_be_stopped() {
    let server = TestServer::builder()
        .with_user("operator")
        .start()
        .await
        .unwrap();
    let api = server.login("operator").await.unwrap();
    let id = local_server(&api).await;
    let mut live = Live::authenticated(&server.base(), api.token())
        .await
        .unwrap();
    live.subscribe(&format!("server:{id}")).await.unwrap();
    let snapshot = live.until("sample").await.unwrap();
    assert_eq!(snapshot["snapshot"], true);
    let sample = live.until("sample").await.unwrap();
    assert_eq!(
        (&sample["server"], &sample["snapshot"]),
        (&json!(id), &json!(false))
    );
    assert!(sample["sample"]["cpu"]["percent"].is_number());
    live.subscribe("fleet").await.unwrap();
    let fleet = live.until("fleet").await.unwrap();
    assert_eq!(fleet["items"][0]["server_id"], json!(id));

    let stop = format!("/api/v1/servers/{id}/monitor/stop");
    let stopped = api
        .send(api.request(reqwest::Method::POST, &stop))
        .await
        .unwrap();
    assert!(stopped.status < 300, "{stopped:?}");
    let is = async |wanted: &str| {
        wait::until(wanted, async || {
            let status = api
                .get(&format!("/api/v1/status/server/{id}"))
                .await?
                .expect(200)?;
            Ok((status["status"] == wanted).then_some(()))
        })
        .await
        .unwrap();
    };
    is("paused").await;
    let start = format!("/api/v1/servers/{id}/monitor/start");
    api.send(api.request(reqwest::Method::POST, &start))
        .await
        .unwrap();
    is("up").await;
}

async fn the_infrastructure_endpoints_answer_in_their_envelope() {
    let server = TestServer::builder().start().await.unwrap();
    let api = server.login("admin").await.unwrap();
    local_server(&api).await;
    for (name, fields) in [
        (
            "system",
            vec!["cpu", "memory", "disk", "network", "uptime_seconds"],
        ),
        (
            "process",
            vec![
                "pid",
                "name",
                "cpu_percent",
                "memory_mb",
                "threads",
                "file_descriptors",
            ],
        ),
        (
            "platform",
            vec!["system", "hostname", "kernel", "arch", "version"],
        ),
        (
            "summary?time_window=1",
            vec!["time_window_minutes", "cpu", "memory", "disk"],
        ),
        (
            "health",
            vec!["status", "warnings", "critical", "thresholds"],
        ),
        (
            "report",
            vec![
                "platform",
                "system",
                "process",
                "threshold_check",
                "health_score",
            ],
        ),
    ] {
        let path = format!("/api/v1/observability/infrastructure/{name}");
        let answer = api.get(&path).await.unwrap().expect(200).unwrap();
        assert_eq!(answer["status"], "success", "{name}");
        for field in fields {
            assert!(
                !answer["data"][field].is_null(),
                "{name}: {field} in {answer}"
            );
        }
    }
    let pid = api
        .get("/api/v1/observability/infrastructure/process")
        .await
        .unwrap();
    assert_eq!(pid.json()["data"]["pid"], json!(server.pid().unwrap()));
    for window in ["0", "61", "x"] {
        let path = format!("/api/v1/observability/infrastructure/summary?time_window={window}");
        api.get(&path).await.unwrap().expect(422).unwrap();
    }
}
