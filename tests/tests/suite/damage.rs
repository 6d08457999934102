//! Damaged bytes in the file of a running installation: skipped, shown by health, all else answered.

use std::fmt::Write;
use std::time::SystemTime;

use reqwest::Method;
use tests::api::Api;
use tests::server::TestServer;

use crate::jobs;

const HOUR_MS: u64 = 3_600_000;
/// A number whose bytes stand for nothing else in the file.
const MARKER: f64 = 2_718_281.828_1;

async fn points(api: &Api, metric: &str, hour: u64) -> usize {
    let to = hour + HOUR_MS;
    let path = format!("/api/v1/metrics/query?metric={metric}&from={hour}&to={to}");
    let answer = api.get(&path).await.unwrap().expect(200).unwrap();
    let series = answer["series"].as_array().unwrap();
    let of_one = |one: &serde_json::Value| one["points"].as_array().map_or(0, Vec::len);
    series.iter().map(of_one).sum()
}

#[tokio::test]
async fn a_flipped_bit_in_the_file_costs_one_series_and_is_shown() {
    let mut server = TestServer::builder().start().await.unwrap();
    let admin = server.login("admin").await.unwrap();
    let now = SystemTime::UNIX_EPOCH.elapsed().unwrap();
    let hour = (u64::try_from(now.as_millis()).unwrap() / HOUR_MS - 3) * HOUR_MS;
    let mut text = String::new();
    for n in 0..600 {
        let at = hour + n * 1_000;
        writeln!(text, "marked {MARKER} {at}\nwhole {n} {at}").unwrap();
    }
    let push = admin.request(Method::POST, "/api/v1/metrics/custom");
    let push = push.header("Content-Type", "text/plain").body(text);
    admin.send(push).await.unwrap().expect(200).unwrap();
    server.stop().unwrap();
    server.start().await.unwrap();
    jobs::seal(&admin).await;
    server.stop().unwrap();

    let path = server.data_dir().join("metrics.db");
    let mut file = std::fs::read(&path).unwrap();
    let bytes = MARKER.to_le_bytes();
    let places: Vec<usize> = (0..file.len() - bytes.len())
        .filter(|place| file[*place..].starts_with(&bytes))
        .collect();
    assert!(!places.is_empty(), "the marker is not in the file");
    for place in places {
        file[place] ^= 1;
    }
    std::fs::write(&path, file).unwrap();

    server.start().await.unwrap();
    let admin = server.login("admin").await.unwrap();
    assert_eq!(points(&admin, "marked", hour).await, 0);
    assert_eq!(points(&admin, "whole", hour).await, 600);
    let health = admin.get("/health").await.unwrap().json();
    assert_eq!(health["checks"]["database"], "degraded", "{health}");
    assert!(server.log().contains("cannot be read"));
    let integrity = jobs::run(&admin, "integrity").await;
    assert_eq!(integrity["outcome"], "failed", "{integrity}");
}
