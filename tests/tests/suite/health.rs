//! The health score is what the settings make of readings and alerts, wherever it is told.

use std::collections::BTreeMap;

use serde_json::json;
use tests::server::TestServer;
use tests::wait;

/// Nothing costs anything but memory, and that only above one percent.
const SETTINGS: [(&str, f64); 6] = [
    ("cpu_weight", 0.0),
    ("memory_weight", 0.5),
    ("disk_weight", 0.0),
    ("warning_cost", 0.0),
    ("critical_cost", 0.0),
    ("memory_comfort_percent", 1.0),
];

/// What that much used memory costs by these settings.
fn points(memory_percent: Option<f64>) -> f64 {
    0.5 * (memory_percent.unwrap() - 1.0).max(0.0)
}

fn assert_near(found: Option<f64>, expected: f64) {
    let is_near = found.is_some_and(|found| (found - expected).abs() < 1e-6);
    assert!(is_near, "{found:?} is not {expected}");
}

#[tokio::test]
async fn settings_weigh_the_score_wherever_it_is_told() {
    let mut builder = TestServer::builder();
    for (name, value) in SETTINGS {
        let variable = format!("WATCHPOST_HEALTH__{}", name.to_uppercase());
        builder = builder.with_env(&variable, &value.to_string());
    }
    let server = builder.start().await.unwrap();
    let api = server.login("admin").await.unwrap();

    let root = api.get("/api/v1").await.unwrap().expect(200).unwrap();
    for (name, value) in SETTINGS.into_iter().chain([("disk_comfort_percent", 0.0)]) {
        assert_eq!(root["health"][name], json!(value), "{name}: {root}");
    }

    let line = wait::until("a score", async || {
        let list = api.get("/api/v1/status/realtime").await?.expect(200)?;
        let line = list["items"][0].clone();
        Ok(line["cpu_percent"].is_number().then_some(line))
    })
    .await
    .unwrap();
    let lost = points(line["memory_percent"].as_f64());
    assert_near(line["health_score"].as_f64(), 100.0 - lost);

    let id = line["server_id"].as_str().unwrap();
    let path = format!("/api/v1/status/server/{id}");
    let detail = api.get(&path).await.unwrap().expect(200).unwrap();
    let lost = points(detail["memory_percent"].as_f64());
    for (term, expected) in [
        ("score", 100.0 - lost),
        ("memory", lost),
        ("cpu", 0.0),
        ("alerts", 0.0),
    ] {
        assert_near(detail["health"][term].as_f64(), expected);
    }

    let stored = async |metric: &str| {
        let path = format!("/api/v1/metrics/query?server={id}&metric={metric}&from=0");
        let answer = api.get(&path).await?.expect(200)?;
        let points = answer["series"][0]["points"].as_array();
        let points = points.into_iter().flatten();
        let by_time = points.map(|point| (point[0].as_i64(), point[1].as_f64()));
        anyhow::Ok(by_time.collect::<BTreeMap<_, _>>())
    };
    let scores = wait::until("a stored score", async || {
        let scores = stored("host_health_score").await?;
        Ok((!scores.is_empty()).then_some(scores))
    })
    .await
    .unwrap();
    let memory = stored("host_memory_usage_percent").await.unwrap();
    for (at, score) in scores {
        assert_near(score, 100.0 - points(memory[&at]));
    }
}
