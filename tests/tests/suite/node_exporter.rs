//! Debian's node exporter beside the real server on one host: what both have is the same.

use std::collections::BTreeMap;

use tests::api::Api;
use tests::peer::Peer;
use tests::server::TestServer;
use tests::wait;

/// What the node exporter has and Watchpost lacks, by the beginning of its name, and why.
const LACKED: &[(&str, &str)] = &[
    ("go_", "about the exporter's own runtime"),
    ("process_", "about the exporter's own process"),
    ("promhttp_", "about the exporter's own page"),
    ("node_exporter_build_info", "about the exporter"),
    (
        "node_scrape_collector_",
        "each program has collectors of its own",
    ),
    (
        "node_textfile_",
        "values of others are pushed, not read from files",
    ),
    (
        "node_time_zone_offset_seconds",
        "times are UTC; a zone belongs to who looks",
    ),
    (
        "node_network_speed_bytes",
        "a speed that is not known is absent here, −1 there",
    ),
    ("node_nfs_", "of one kind of filesystem"),
    ("node_xfs_", "of one kind of filesystem"),
    ("node_btrfs_", "of one kind of filesystem"),
    ("node_edac_", "hardware that few machines have"),
    ("node_infiniband_", "hardware that few machines have"),
    ("node_rapl_", "needs rights that Watchpost does not have"),
    (
        "node_thermal_zone_",
        "temperatures are those of the sensors",
    ),
    ("node_bonding_", "hardware that few machines have"),
    ("node_md_", "hardware that few machines have"),
    ("node_nvme_", "hardware that few machines have"),
    ("node_dmi_", "tells serial numbers"),
    ("node_ipvs_", "a load balancer that few machines have"),
    ("node_mdadm_", "hardware that few machines have"),
];

/// Values that may differ by more than the two readings around: they jump within a second.
const RESTLESS: &[&str] = &[
    "node_time_seconds",
    "node_timex_",
    "node_entropy_",
    "node_procs_",
];

type Series = BTreeMap<String, f64>;

/// Samples of Prometheus's text format, by name with sorted labels but those that `skip` names.
fn series(text: &str, skip: &[&str]) -> Series {
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    let read = |line: &str| {
        let (key, rest) = match line.rfind('}') {
            Some(end) => line.split_at(end + 1),
            None => line.split_at(line.find(' ')?),
        };
        let value = rest.split_ascii_whitespace().next()?.parse().ok()?;
        let (name, labels) = key.split_once('{').unwrap_or((key, ""));
        let labels = labels.trim_end_matches('}');
        let mut labels: Vec<&str> = labels.split("\",").filter(|it| !it.is_empty()).collect();
        labels.retain(|label| {
            !skip
                .iter()
                .any(|name| label.starts_with(&format!("{name}=")))
        });
        for label in &mut labels {
            *label = label.trim_end_matches('"');
        }
        labels.sort_unstable();
        Some((format!("{name}{{{}}}", labels.join(",")), value))
    };
    lines.filter_map(read).collect()
}

fn name(key: &str) -> &str {
    key.split('{').next().unwrap_or(key)
}

async fn exported(peer: &Peer) -> Series {
    let url = format!("http://{}/metrics", peer.address);
    let page = reqwest::get(url).await.unwrap().text().await.unwrap();
    series(&page, &[])
}

/// The newest value of each series of these metrics.
async fn ours(api: &Api, metrics: &[String], from: u64) -> Series {
    let mut all = Series::new();
    for metric in metrics {
        let path = format!("/api/v1/metrics/export?metric={metric}&from={from}&format=prometheus");
        let file = api.get(&path).await.unwrap();
        assert_eq!(file.status, 200, "{file:?}");
        // The lines of a series ascend by time: the last one stands.
        all.extend(series(&file.text, &["instance", "job"]));
    }
    all
}

fn now_ms() -> u64 {
    let now = std::time::SystemTime::UNIX_EPOCH
        .elapsed()
        .unwrap()
        .as_millis();
    u64::try_from(now).unwrap()
}

/// The names of the metrics that the server has series of, once the slow collectors have read too.
async fn read_metrics(api: &Api) -> anyhow::Result<Vec<String>> {
    wait::until("the slow collectors", async || {
        let answer = api.get("/api/v1/metrics/names").await?.expect(200)?;
        let items = answer["items"].as_array().cloned().unwrap_or_default();
        let names = items.iter().filter_map(|item| item["metric"].as_str());
        let names: Vec<String> = names
            .filter(|name| name.starts_with("node_"))
            .map(str::to_owned)
            .collect();
        let is_there = |wanted: &str| names.iter().any(|name| name == wanted);
        let all = is_there("node_network_up") && is_there("node_os_info");
        Ok(all.then_some(names))
    })
    .await
}

#[tokio::test]
async fn what_both_have_is_the_same() {
    let peer = tokio::task::spawn_blocking(|| {
        Peer::start("usr/bin/prometheus-node-exporter", |address, _| {
            vec![format!("--web.listen-address={address}")]
        })
    });
    let peer = peer.await.unwrap().unwrap();
    let from = now_ms();
    let mut before = exported(&peer).await;
    let server = TestServer::builder().start().await.unwrap();
    let admin = server.login("admin").await.unwrap();
    let metrics = read_metrics(&admin).await.unwrap();
    assert_all_is_known(&before, &metrics);
    let (mut left, mut wrong) = (metrics, Vec::new());
    // Others work on this host: what moved between the looks is looked at again.
    let same = wait::until("the same values", async || {
        let asked = now_ms();
        wait::until("a sample after theirs", async || {
            let read = ours(&admin, &["node_time_seconds".to_owned()], asked).await;
            Ok((!read.is_empty()).then_some(()))
        })
        .await?;
        let read = ours(&admin, &left, from).await;
        wrong = compare(&before, &read, &exported(&peer).await);
        let names = wrong.iter().map(|(key, _)| name(key).to_owned());
        left = names.collect();
        left.dedup();
        before = exported(&peer).await;
        Ok(left.is_empty().then_some(()))
    });
    let same = same.await;
    assert!(same.is_ok(), "{same:?}: {wrong:#?}");
}

/// Every metric of theirs is one of ours or lacked for a reason.
fn assert_all_is_known(theirs: &Series, ours: &[String]) {
    let is_known = |key: &&String| {
        let name = name(key);
        let lacked = LACKED.iter().any(|(prefix, _)| name.starts_with(prefix));
        lacked || ours.iter().any(|ours| ours == name)
    };
    let unknown: Vec<_> = theirs.keys().filter(|key| !is_known(key)).collect();
    assert!(
        unknown.is_empty(),
        "read these, or say why not: {unknown:#?}"
    );
}

/// The series of ours with no value between theirs before and theirs after, and why.
fn compare(before: &Series, read: &Series, after: &Series) -> Vec<(String, String)> {
    let mut wrong = Vec::new();
    for (key, value) in read {
        let own = name(key);
        let (Some(first), Some(last)) = (before.get(key), after.get(key)) else {
            // Both name it, and none of its series is in both: the labels differ.
            let mut named = before.keys().filter(|other| name(other) == own).peekable();
            if named.peek().is_some() && !named.any(|other| read.contains_key(other)) {
                wrong.push((key.clone(), "the node exporter has other labels".to_owned()));
            }
            continue;
        };
        if RESTLESS.iter().any(|prefix| own.starts_with(prefix)) {
            continue;
        }
        let slack = 0.02 + first.abs().max(last.abs()) * 1e-3;
        if *value < first.min(*last) - slack || *value > first.max(*last) + slack {
            wrong.push((
                key.clone(),
                format!("{value} is not between {first} and {last}"),
            ));
        }
    }
    wrong
}
