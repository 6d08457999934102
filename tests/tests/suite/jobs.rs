//! Jobs run by their plan or when asked, say what they did, and keep their plan over a restart.

use reqwest::Method;
use serde_json::{Value, json};
use tests::api::Api;
use tests::server::TestServer;
use tests::wait::until;

const JOBS: &str = "/api/v1/jobs";

async fn jobs(api: &Api) -> Vec<Value> {
    let list = api.get(JOBS).await.unwrap().expect(200).unwrap();
    list["items"].as_array().unwrap().clone()
}

pub(crate) async fn job(api: &Api, kind: &str) -> Value {
    let jobs = jobs(api).await;
    jobs.into_iter().find(|job| job["kind"] == kind).unwrap()
}

pub(crate) fn path(job: &Value) -> String {
    format!("{JOBS}/{}", job["id"].as_str().unwrap())
}

/// The job once it has ended a run that began after `before`.
async fn after_a_run(api: &Api, kind: &str, before: &Value) -> Value {
    until(&format!("a run of {kind}"), || async {
        let job = job(api, kind).await;
        let run = &job["last_run"];
        let is_new = run["started_at"].as_str() > before["started_at"].as_str();
        Ok((is_new && !run["duration_seconds"].is_null()).then_some(job))
    })
    .await
    .unwrap()
}

/// Runs a job and says how that ended.
pub(crate) async fn run(api: &Api, kind: &str) -> Value {
    let before = job(api, kind).await;
    let path = format!("{}/run", path(&before));
    let asked = api.call(Method::POST, &path, &json!({})).await.unwrap();
    assert_eq!(asked.status, 202, "{kind}: {}", asked.text);
    let after = after_a_run(api, kind, &before["last_run"]).await;
    after["last_run"].clone()
}

/// Waits until hours of samples were sealed, which needs that their windows are packed.
pub(crate) async fn seal(api: &Api) {
    until("hours to be sealed", async || {
        let result = run(api, "sealing").await["result"].clone();
        let is_done = result.as_str().is_some_and(|it| it.starts_with("Sealed"));
        Ok(is_done.then_some(()))
    })
    .await
    .unwrap();
}

#[tokio::test]
async fn every_job_runs_when_asked_and_says_what_it_did() {
    let server = TestServer::builder().start().await.unwrap();
    let api = server.login("admin").await.unwrap();
    for (kind, said) in [
        ("sealing", "No hour was to be sealed."),
        ("rollup", "No day was to be merged."),
        (
            "retention",
            "Removed 0 packs of samples, 0 lists of processes, 0 hourly aggregates.",
        ),
        ("vacuum", "Gave back "),
        ("integrity", ": all is whole."),
    ] {
        let run = run(&api, kind).await;
        assert_eq!(run["outcome"], "done", "{kind}: {run}");
        let result = run["result"].as_str().unwrap();
        assert!(result.contains(said), "{kind}: {result}");
    }
}

#[tokio::test]
async fn a_plan_is_changed_kept_and_refused_when_it_is_none() {
    let mut server = TestServer::builder().start().await.unwrap();
    let api = server.login("admin").await.unwrap();
    let vacuum = job(&api, "vacuum").await;
    assert_eq!(vacuum["schedule"], "daily 03:30");
    assert!(
        vacuum["next_run_at"]
            .as_str()
            .unwrap()
            .contains("T03:30:00")
    );
    let patch = json!({"schedule": "weekly friday 7:05", "enabled": true});
    let changed = api
        .call(Method::PATCH, &path(&vacuum), &patch)
        .await
        .unwrap();
    assert_eq!(changed.header("etag"), "\"2\"");
    let changed = changed.expect(200).unwrap();
    assert_eq!(changed["schedule"], "weekly friday 07:05");
    assert!(
        changed["next_run_at"]
            .as_str()
            .unwrap()
            .contains("T07:05:00")
    );

    for (patch, field) in [
        (json!({"schedule": "now and then"}), "schedule"),
        (json!({"schedule": "every 5s"}), "schedule"),
        (json!({"schedule": 5}), "schedule"),
        (json!({"enabled": "yes"}), "enabled"),
        (json!({"kind": "sealing"}), "kind"),
    ] {
        let refused = api
            .call(Method::PATCH, &path(&vacuum), &patch)
            .await
            .unwrap();
        let problem = refused.expect(422).unwrap();
        assert_eq!(problem["errors"][0]["field"], field, "{patch}: {problem}");
    }
    let seen_before = api
        .request(Method::PATCH, &path(&vacuum))
        .header("If-Match", "\"1\"")
        .json(&json!({"enabled": false}));
    assert_eq!(api.send(seen_before).await.unwrap().status, 412);

    let off = json!({"enabled": false});
    let off = api.call(Method::PATCH, &path(&vacuum), &off).await.unwrap();
    assert_eq!(off.expect(200).unwrap()["next_run_at"], Value::Null);
    server.kill().unwrap();
    server.start().await.unwrap();
    let api = server.login("admin").await.unwrap();
    let kept = job(&api, "vacuum").await;
    assert_eq!(kept["id"], vacuum["id"]);
    assert_eq!(
        (&kept["schedule"], &kept["enabled"]),
        (&json!("weekly friday 07:05"), &json!(false))
    );
}

#[tokio::test]
async fn a_new_plan_counts_at_once() {
    let server = TestServer::builder().start().await.unwrap();
    let api = server.login("admin").await.unwrap();
    let sealing = job(&api, "sealing").await;
    let first = after_a_run(&api, "sealing", &Value::Null).await;
    let patch = json!({"schedule": "every 10s"});
    let changed = api.call(Method::PATCH, &path(&sealing), &patch).await;
    let changed = changed.unwrap().expect(200).unwrap();
    let due = |job: &Value| common::time::UnixMs::parse(job["next_run_at"].as_str().unwrap());
    let began = first["last_run"]["started_at"].as_str().unwrap();
    let began = common::time::UnixMs::parse(began).unwrap();
    assert_eq!(due(&changed).unwrap(), began.plus_ms(10_000));
    after_a_run(&api, "sealing", &first["last_run"]).await;
}
