//! What is stored, by kind, and how it goes on: from the real files, after real samples.

use std::time::SystemTime;

use reqwest::Method;
use serde_json::{Value, json};
use tests::api::Api;
use tests::server::TestServer;
use tests::wait::until;

const HOUR_MS: i64 = 3_600_000;

/// Pushes a sample a second of some series over the last hours, an hour a push.
async fn push_hours(api: &Api, hours: i64) {
    let now = SystemTime::UNIX_EPOCH.elapsed().unwrap().as_millis();
    let now = i64::try_from(now).unwrap();
    for hour in (1..=hours).rev() {
        let start = now - hour * HOUR_MS;
        let samples: Vec<Value> = (0..HOUR_MS)
            .step_by(5_000)
            .flat_map(|ms| {
                (0..5).map(move |series| {
                    let value = f64::from(u32::try_from((ms / 1_000 * series) % 977).unwrap());
                    json!({"metric": "filling", "labels": {"n": series.to_string()},
                           "value": value, "at": start + ms})
                })
            })
            .collect();
        let push = json!({"samples": samples});
        let answer = api.post("/api/v1/metrics/custom", &push).await.unwrap();
        assert_eq!(answer.status, 200, "{}", answer.text);
    }
}

async fn storage(api: &Api) -> Value {
    let answer = api.get("/api/v1/database").await.unwrap();
    answer.expect(200).unwrap()
}

fn bytes(storage: &Value, kind: &str) -> u64 {
    let kinds = storage["kinds"].as_array().unwrap();
    let kind = kinds.iter().find(|it| it["kind"] == kind).unwrap();
    kind["bytes"].as_u64().unwrap()
}

async fn seal(api: &Api) {
    let jobs = api.get("/api/v1/jobs").await.unwrap().expect(200).unwrap();
    let jobs = jobs["items"].as_array().unwrap();
    let sealing = jobs.iter().find(|job| job["kind"] == "sealing").unwrap();
    let run = format!("/api/v1/jobs/{}/run", sealing["id"].as_str().unwrap());
    let asked = api.send(api.request(Method::POST, &run)).await.unwrap();
    assert_eq!(asked.status, 202, "{}", asked.text);
}

#[tokio::test]
async fn the_outlook_follows_from_what_is_stored() {
    let server = TestServer::builder().start().await.unwrap();
    let api = server.login("admin").await.unwrap();
    let fresh = storage(&api).await;
    assert_eq!(fresh["outlook"], json!({"state": "unknown"}), "{fresh}");
    assert_eq!(fresh["growth_bytes_per_day"], Value::Null);
    assert!(fresh["disk"]["available_bytes"].as_u64() < fresh["disk"]["total_bytes"].as_u64());

    push_hours(&api, 6).await;
    let known = until("sealed hours", async || {
        seal(&api).await;
        let found = storage(&api).await;
        Ok((found["outlook"]["state"] != "unknown").then_some(found))
    });
    let known = known.await.unwrap();
    let kinds = known["kinds"].as_array().unwrap();
    let sum: u64 = kinds.iter().map(|it| it["bytes"].as_u64().unwrap()).sum();
    assert_eq!(known["total_bytes"], sum, "{known}");
    for kind in ["samples", "aggregates", "series", "state"] {
        assert!(bytes(&known, kind) > 0, "{kind}: {known}");
    }
    assert_eq!(known["outlook"]["state"], "levels_off", "{known}");
    let growth = known["growth_bytes_per_day"].as_u64().unwrap();
    let mut adds = 0;
    for setting in known["retention"].as_array().unwrap() {
        let a_day = setting["bytes_per_day"].as_u64().unwrap();
        adds += a_day;
        let choices = setting["choices"].as_array().unwrap();
        let now = choices.iter().find(|it| it["days"] == setting["days"]);
        assert_eq!(now.unwrap()["saves_bytes"], 0, "{setting}");
        for choice in choices {
            let days = choice["days"].as_u64().unwrap();
            assert_eq!(choice["bytes"], a_day * days, "{setting}");
        }
    }
    assert_eq!(growth, adds);
}
