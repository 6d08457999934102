//! Exporters are scraped: a real node exporter, also over TLS, and targets that files name; how it
//! went is told at each target.

use std::path::Path;

use rcgen::{CertificateParams, Issuer, KeyPair};
use serde_json::Value;
use tests::api::Api;
use tests::exporter::{Exporter, Reply};
use tests::peer::Peer;
use tests::server::{Builder, TestServer};
use tests::wait;

use crate::custom::series;

crate::on_both!(a_node_exporter_is_scraped_and_missed_when_it_is_gone);

/// The password that the hash beside it was made of.
const PASSWORD: &str = "correct horse battery";
const HASH: &str = "$2b$04$aDjAteCQfNGkKsVr7kbZ8e/k.PzxvdO7bdvpTSR8UYa/8i7mOynmW";

/// A server that scrapes these jobs, each an inline table, each second.
pub(crate) fn scraping(jobs: &[String]) -> Builder {
    let jobs: Vec<_> = jobs
        .iter()
        .map(|job| format!("{{interval_seconds=1,{job}}}"))
        .collect();
    TestServer::builder()
        .with_env("WATCHPOST_EGRESS__TARGETS_ALLOW", "[\"127.0.0.1\"]")
        .with_env("WATCHPOST_SCRAPE__JOBS", &format!("[{}]", jobs.join(",")))
}

async fn targets(api: &Api) -> anyhow::Result<Vec<Value>> {
    let answer = api.get("/api/v1/scrape/targets").await?.expect(200)?;
    Ok(answer["items"].as_array().cloned().unwrap_or_default())
}

/// The target of a job, once its state is this one and its error, if any, says that.
pub(crate) async fn until(api: &Api, job: &str, state: &str, says: &str) -> Value {
    let mut seen = Value::Null;
    let found = wait::until("a state of a target", async || {
        let mut targets = targets(api).await?.into_iter();
        seen = targets.find(|it| it["job"] == job).unwrap_or_default();
        let error = seen["last_error"].as_str().unwrap_or_default();
        Ok((seen["state"] == state && error.contains(says)).then_some(()))
    });
    let found = found.await;
    assert!(
        found.is_ok(),
        "{job} is not {state} with {says:?}: {seen:#}"
    );
    seen
}

/// The newest value of the series of a metric that a job's target has; `None` when there is none.
async fn newest(api: &Api, metric: &str, job: &str) -> Option<f64> {
    let all = series(api, metric).await;
    let own = all.iter().find(|one| one["labels"]["job"] == job)?;
    own["points"].as_array()?.last()?[1].as_f64()
}

pub(crate) async fn until_value(api: &Api, metric: &str, job: &str, value: f64) {
    let found = wait::until("a value", async || {
        let newest = newest(api, metric, job).await;
        Ok((newest == Some(value)).then_some(()))
    });
    found.await.unwrap();
}

pub(crate) async fn names(api: &Api) -> Vec<String> {
    let answer = api.get("/api/v1/metrics/names").await.unwrap();
    let answer = answer.expect(200).unwrap();
    let items = answer["items"].as_array().unwrap().iter();
    items
        .map(|item| item["metric"].as_str().unwrap().to_owned())
        .collect()
}

async fn node_exporter(more: Vec<String>) -> Peer {
    let start = move || {
        Peer::start("usr/bin/prometheus-node-exporter", |address, _| {
            let mut arguments = vec![format!("--web.listen-address={address}")];
            arguments.extend(more.iter().cloned());
            arguments
        })
    };
    tokio::task::spawn_blocking(start).await.unwrap().unwrap()
}

async fn a_node_exporter_is_scraped_and_missed_when_it_is_gone() {
    let mut peer = node_exporter(Vec::new()).await;
    let address = peer.address.clone();
    let job = format!("name=\"node\",labels={{rack=\"r1\"}},targets=[\"{address}\"]");
    let server = scraping(&[job]).with_user("viewer").start().await.unwrap();
    let viewer = server.login("viewer").await.unwrap();
    let target = until(&viewer, "node", "up", "").await;
    assert_eq!(target["url"], format!("http://{address}/metrics"));
    assert_eq!(target["labels"]["instance"], address);
    assert_eq!(target["labels"]["rack"], "r1");
    assert_eq!(target["failures"], 0);
    assert!(target["samples"].as_u64().unwrap() > 100, "{target:#}");
    assert!(target["server"].is_string() && target["next_scrape_at"].is_string());
    until_value(&viewer, "up", "node", 1.0).await;
    let there = names(&viewer).await;
    let page = reqwest::get(format!("http://{address}/metrics"))
        .await
        .unwrap();
    for line in page.text().await.unwrap().lines() {
        let name = line.split(['{', ' ']).next().unwrap();
        let is_there = line.starts_with('#') || there.iter().any(|known| known == name);
        assert!(is_there, "{name} was not stored");
    }
    for about in [
        "scrape_duration_seconds",
        "scrape_samples_scraped",
        "scrape_series_added",
    ] {
        assert!(newest(&viewer, about, "node").await.is_some(), "{about}");
    }
    tokio::task::spawn_blocking(move || peer.stop())
        .await
        .unwrap()
        .unwrap();
    let target = until(&viewer, "node", "down", "cannot connect").await;
    assert!(target["failures"].as_u64().unwrap() > 0);
    until_value(&viewer, "up", "node", 0.0).await;
}

#[tokio::test]
async fn a_target_may_speak_tls_and_want_a_password() {
    let dir = tempfile::tempdir().unwrap();
    let path = |name: &str| dir.path().join(name).display().to_string();
    certificates(dir.path());
    let settings = format!(
        "tls_server_config:\n  cert_file: {}\n  key_file: {}\nbasic_auth_users:\n  ann: {HASH}\n",
        path("server.pem"),
        path("server.key")
    );
    std::fs::write(path("web.yml"), settings).unwrap();
    std::fs::write(path("password"), format!("{PASSWORD}\n")).unwrap();
    let peer = node_exporter(vec![format!("--web.config.file={}", path("web.yml"))]).await;
    let (ca, file) = (path("ca.pem"), path("password"));
    let job = |name: &str, tls: &str, auth: &str| {
        let target = &peer.address;
        format!(
            "name=\"{name}\",scheme=\"https\",targets=[\"{target}\"],tls={{{tls}}},basic_auth={{{auth}}}"
        )
    };
    let known = format!("ca_file=\"{ca}\",server_name=\"exporter.example\"");
    let right = format!("username=\"ann\",password=\"{PASSWORD}\"");
    let jobs = [
        job("good", &known, &right),
        job(
            "from file",
            &known,
            &format!("username=\"ann\",password_file=\"{file}\""),
        ),
        job("believes all", "insecure_skip_verify=true", &right),
        job(
            "wrong password",
            &known,
            "username=\"ann\",password=\"s3cret\"",
        ),
        job(
            "no file",
            &known,
            "username=\"ann\",password_file=\"/nowhere\"",
        ),
        job(
            "other name",
            &format!("ca_file=\"{ca}\",server_name=\"other.example\""),
            &right,
        ),
        job("address", &format!("ca_file=\"{ca}\""), &right),
        job("unknown CA", "server_name=\"exporter.example\"", &right),
        job("no CA", "ca_file=\"/nowhere/ca.pem\"", &right),
    ];
    let server = scraping(&jobs).start().await.unwrap();
    let admin = server.login("admin").await.unwrap();
    for (name, state, says) in [
        ("good", "up", ""),
        ("from file", "up", ""),
        ("believes all", "up", ""),
        ("wrong password", "down", "HTTP status 401"),
        ("no file", "down", "/nowhere"),
        ("other name", "down", "certificate"),
        ("address", "down", "certificate"),
        ("unknown CA", "down", "certificate"),
        ("no CA", "down", "/nowhere/ca.pem"),
    ] {
        until(&admin, name, state, says).await;
    }
    let shown = admin.get("/api/v1/scrape/targets").await.unwrap().text;
    for text in [shown, server.log()] {
        assert!(
            !text.contains(PASSWORD) && !text.contains("s3cret"),
            "{text}"
        );
    }
}

/// A CA, and a certificate of it for `exporter.example`.
fn certificates(folder: &Path) {
    let write = |name: &str, text: String| std::fs::write(folder.join(name), text).unwrap();
    let ca_key = KeyPair::generate().unwrap();
    let mut ca = CertificateParams::new(Vec::<String>::new()).unwrap();
    ca.is_ca = rcgen::IsCa::Ca(rcgen::BasicConstraints::Unconstrained);
    write("ca.pem", ca.self_signed(&ca_key).unwrap().pem());
    let key = KeyPair::generate().unwrap();
    let params = CertificateParams::new(vec!["exporter.example".to_owned()]).unwrap();
    let signed = params.signed_by(&key, &Issuer::new(ca, ca_key)).unwrap();
    write("server.pem", signed.pem());
    write("server.key", key.serialize_pem());
}

#[tokio::test]
async fn files_name_targets_that_come_and_go() {
    let (exporter, dir) = (Exporter::start().unwrap(), tempfile::tempdir().unwrap());
    exporter.set("/metrics", Reply::page("well_said 7\n"));
    let write = |name: &str, text: &str| std::fs::write(dir.path().join(name), text).unwrap();
    let pattern = dir.path().join("*.json").display().to_string();
    let job = format!(
        "name=\"found\",files=[\"{pattern}\"],relabel=[{{source_labels=[\"__meta_name\"],target_label=\"instance\"}}]"
    );
    let server = scraping(&[job]).start().await.unwrap();
    let admin = server.login("admin").await.unwrap();
    assert!(targets(&admin).await.unwrap().is_empty());
    let address = &exporter.address;
    let named = |name: &str| {
        format!(
            "[{{\"targets\":[\"{address}\"],\"labels\":{{\"__meta_name\":\"{name}\",\"zone\":\"z\"}}}}]"
        )
    };
    write("one.json", &named("web-1"));
    let target = until(&admin, "found", "up", "").await;
    assert_eq!(target["labels"]["instance"], "web-1");
    assert_eq!(target["labels"]["zone"], "z");
    until_value(&admin, "well_said", "found", 7.0).await;
    let instances = async || {
        let targets = targets(&admin).await?;
        let found = targets.iter().map(|it| it["labels"]["instance"].as_str());
        let found = found.map(|name| name.unwrap_or_default().to_owned());
        anyhow::Ok(found.collect::<Vec<_>>())
    };
    let until_instances = async |expected: &[&str]| {
        wait::until("these targets", async || {
            Ok((instances().await? == expected).then_some(()))
        })
        .await
        .unwrap();
    };
    write("two.json", &named("web-2"));
    until_instances(&["web-1", "web-2"]).await;
    // What cannot be read changes nothing.
    write("two.json", "[{");
    std::fs::remove_file(dir.path().join("one.json")).unwrap();
    until_instances(&["web-2"]).await;
    assert!(server.log().contains("two.json"), "{}", server.log());
}
