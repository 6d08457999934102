//! A full disk refuses changes with a reason and loses nothing: reading goes on, health says so, and
//! writing goes on by itself once there is room.
//!
//! The room is that of the server's files, which the harness limits while it runs: every write
//! beyond fails as on a full disk, on every machine and without rights to mount one.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::time::SystemTime;

use reqwest::Method;
use serde_json::Value;
use tests::api::{Answer, Api};
use tests::server::TestServer;
use tests::wait;

use crate::jobs;
use crate::keys::with_key;

const HOUR_MS: u64 = 3_600_000;
/// Less than a commit with its log needs, and more than the log lines of a test.
const ROOM: u64 = 96 * 1024;

/// The start of an hour that is over for long.
fn old_hour() -> u64 {
    let now = SystemTime::UNIX_EPOCH.elapsed().unwrap();
    (u64::try_from(now.as_millis()).unwrap() / HOUR_MS - 3) * HOUR_MS
}

type Samples = BTreeMap<u64, f64>;

async fn push(api: &Api, samples: &Samples) -> Answer {
    let mut text = String::new();
    for (at, value) in samples {
        writeln!(text, "full {value} {at}").unwrap();
    }
    let request = api.request(Method::POST, "/api/v1/metrics/custom");
    let request = request.header("Content-Type", "text/plain").body(text);
    api.send(request).await.unwrap()
}

async fn stored(api: &Api, hour: u64) -> Samples {
    let to = hour + HOUR_MS;
    let path = format!("/api/v1/metrics/query?metric=full&from={hour}&to={to}");
    let answer = api.get(&path).await.unwrap().expect(200).unwrap();
    let points = answer["series"][0]["points"].as_array().unwrap().clone();
    let point = |point: &Value| (point[0].as_u64().unwrap(), point[1].as_f64().unwrap());
    points.iter().map(point).collect()
}

/// Waits until health says this of the databases.
async fn database_is(admin: &Api, status: &str) {
    wait::until(status, async || {
        let health = admin.get("/health").await?;
        let is = health.json()["checks"]["database"] == status;
        Ok(is.then_some(()))
    })
    .await
    .unwrap();
}

#[tokio::test]
async fn a_full_disk_refuses_with_a_reason_and_writing_goes_on_when_there_is_room() {
    let builder = TestServer::builder().with_disk_that_fills();
    let mut server = builder.start().await.unwrap();
    let admin = server.login("admin").await.unwrap();
    let (script, _) = with_key(&admin, &["metrics.write", "metrics.read"]).await;
    let hour = old_hour();
    let mut acknowledged: Samples = (0..600).map(|n| (hour + n * 1_000, 0.5)).collect();
    push(&script, &acknowledged).await.expect(200).unwrap();

    for round in 0..3_u32 {
        server.limit_files(Some(ROOM)).unwrap();
        let mut next = hour;
        let refused = wait::until("a push to be refused", async || {
            next += 1_000;
            let batch: Samples = (0..200).map(|n| (next + n, f64::from(round))).collect();
            let answer = push(&script, &batch).await;
            if answer.status == 200 {
                acknowledged.extend(batch);
                return Ok(None);
            }
            Ok(Some(answer))
        })
        .await
        .unwrap();
        let problem = refused.expect(503).unwrap();
        let said = problem["detail"].as_str().unwrap();
        assert!(said.contains("disk"), "{problem}");
        database_is(&admin, "failing").await;
        let again = push(&script, &Samples::from([(hour, 1.0)])).await;
        let problem = again.expect(503).unwrap();
        let said = problem["detail"].as_str().unwrap();
        assert!(said.contains("disk"), "{problem}");
        assert!(stored(&script, hour).await == acknowledged, "round {round}");
        let person = serde_json::json!({"username": "late", "role": "viewer", "password": "x"});
        let refused = admin.post("/api/v1/users", &person).await.unwrap();
        assert_ne!(refused.status, 500, "{refused:?}");

        if round == 2 {
            server.kill().unwrap();
            server.start().await.unwrap();
        } else {
            server.limit_files(None).unwrap();
        }
        database_is(&admin, "ok").await;
        assert!(stored(&script, hour).await == acknowledged, "round {round}");
        let after = Samples::from([(hour + 3_000_000, f64::from(round))]);
        push(&script, &after).await.expect(200).unwrap();
        acknowledged.extend(after);
    }
    assert!(!server.log().contains("cannot be read"), "{}", server.log());
}

#[tokio::test]
async fn what_cannot_be_packed_for_want_of_room_is_packed_later() {
    let builder = TestServer::builder().with_disk_that_fills();
    let server = builder.start().await.unwrap();
    let admin = server.login("admin").await.unwrap();
    let (script, _) = with_key(&admin, &["metrics.write", "metrics.read"]).await;
    let hour = old_hour();
    // Noise: its packs are larger than the room that is left.
    let noise = |n: u64| {
        f64::from_bits(0x3FF0_0000_0000_0000 | n.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 12)
    };
    let samples: Samples = (0..3_600).map(|n| (hour + n * 1_000, noise(n))).collect();
    push(&script, &samples).await.expect(200).unwrap();
    server.limit_files(Some(ROOM)).unwrap();
    wait::until("packing to fail", async || {
        let has_failed = server.log().contains("samples cannot be packed");
        Ok(has_failed.then_some(()))
    })
    .await
    .unwrap();
    assert!(stored(&script, hour).await == samples, "while it is full");
    server.limit_files(None).unwrap();
    database_is(&admin, "ok").await;
    jobs::seal(&admin).await;
    assert!(stored(&script, hour).await == samples, "after it was full");
    let integrity = jobs::run(&admin, "integrity").await;
    assert_eq!(integrity["outcome"], "done", "{integrity}");
}
