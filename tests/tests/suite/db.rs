//! `watchpost db`: cares for a server's data while it is stopped, and only then.

use std::process::Output;
use std::time::SystemTime;

use serde_json::json;
use tests::server::{TestServer, db_command};

crate::on_both!(
    ended_hours_and_days_are_aggregated_at_once_and_by_force_again,
    a_clean_up_waits_for_the_server_to_stop_and_leaves_what_is_young,
    health_and_verify_look_at_a_server_at_work_and_at_one_that_is_stopped,
);

/// Whether it went well, and what it said.
fn run(server: &TestServer, args: &[&str]) -> (bool, String) {
    let Output {
        status,
        stdout,
        stderr,
    } = server.db_command(args).output().unwrap();
    let said = [stdout, stderr].concat();
    (
        status.success(),
        String::from_utf8_lossy(&said).into_owned(),
    )
}

async fn a_clean_up_waits_for_the_server_to_stop_and_leaves_what_is_young() {
    let mut server = TestServer::builder().start().await.unwrap();
    let pid = server.pid().unwrap().to_string();
    let (went_well, said) = run(&server, &["cleanup"]);
    assert!(!went_well && said.contains(&pid), "{said}");

    server.kill().unwrap();
    for (args, verb) in [
        (&["cleanup", "--dry-run"][..], "would remove"),
        (&["cleanup", "--vacuum"], "removed"),
    ] {
        let (went_well, said) = run(&server, args);
        assert!(went_well, "{said}");
        let nothing = "0 packs of samples, 0 lists of processes, 0 hourly aggregates";
        assert!(said.starts_with(&format!("{verb} {nothing}")), "{said}");
    }
    let log = server.data_dir().join("metrics.db-wal");
    assert!(
        log.metadata().map_or(0, |log| log.len()) == 0,
        "the log stays"
    );
    let elsewhere = server.data_dir().join("elsewhere");
    let output = db_command(&elsewhere, &["cleanup"]).output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(
        said.contains("elsewhere") && said.contains("--data-dir"),
        "{said}"
    );
    assert!(!output.status.success() && !elsewhere.exists());

    let (went_well, said) = run(&server, &["cleanup", "--no-such-option"]);
    assert!(!went_well && said.contains("--no-such-option"), "{said}");
}

async fn health_and_verify_look_at_a_server_at_work_and_at_one_that_is_stopped() {
    let mut server = TestServer::builder().start().await.unwrap();
    let pid = server.pid().unwrap();
    let (went_well, said) = run(&server, &["health"]);
    assert!(
        went_well && said.contains(&format!("process {pid}")),
        "{said}"
    );
    let checked = match server.database() {
        None => "both files are whole",
        Some(_) => "pg_amcheck",
    };
    assert!(said.contains(checked), "{said}");

    let (_, said) = run(&server, &["health", "--json"]);
    let health: serde_json::Value = serde_json::from_str(&said).unwrap();
    assert_eq!(
        (&health["healthy"], &health["held_by"]),
        (&true.into(), &pid.into())
    );
    assert_eq!(health["files"].as_array().unwrap().len(), 2, "{said}");

    let (went_well, said) = run(&server, &["monitor", "--count", "1"]);
    let lines: Vec<&str> = said.lines().collect();
    assert!(
        went_well && lines.len() == 2 && lines[0].starts_with("TIME"),
        "{said}"
    );
    let (went_well, said) = run(&server, &["verify"]);
    assert!(went_well && said.contains("all is whole"), "{said}");

    server.kill().unwrap();
    let (went_well, said) = run(&server, &["health"]);
    assert!(went_well && said.contains("stopped"), "{said}");
    let (went_well, said) = run(&server, &["verify", "--json"]);
    let verified: serde_json::Value = serde_json::from_str(&said).unwrap();
    assert!(
        went_well && verified["faults"].as_array().unwrap().is_empty(),
        "{said}"
    );
}

#[tokio::test]
async fn a_torn_file_is_told_and_the_command_ends_badly() {
    let mut server = TestServer::builder().start().await.unwrap();
    assert_eq!(server.stop().unwrap(), Some(0));
    let path = server.data_dir().join("state.db");
    let mut bytes = std::fs::read(&path).unwrap();
    // Whatever lies in the pages after the first two.
    for byte in &mut bytes[8_192..40_960] {
        *byte = !*byte;
    }
    std::fs::write(&path, bytes).unwrap();
    for command in ["health", "verify"] {
        let (went_well, said) = run(&server, &[command]);
        assert!(!went_well && said.contains("state.db"), "{command}: {said}");
    }
}

async fn ended_hours_and_days_are_aggregated_at_once_and_by_force_again() {
    const HOUR_MS: i64 = 3_600_000;
    let mut server = TestServer::builder().start().await.unwrap();
    let api = server.login("admin").await.unwrap();
    let now = SystemTime::UNIX_EPOCH.elapsed().unwrap().as_millis();
    let today = i64::try_from(now).unwrap().div_euclid(24 * HOUR_MS) * 24;
    // Two ended days, a sample in each half hour.
    let samples: Vec<_> = (0..2 * 48)
        .map(|half| json!({"metric": "steps", "value": half, "at": (today - 48) * HOUR_MS + half * HOUR_MS / 2}))
        .collect();
    let push = json!({"samples": samples});
    let pushed = api.post("/api/v1/metrics/custom", &push).await.unwrap();
    pushed.expect(200).unwrap();
    let (went_well, said) = run(&server, &["aggregate"]);
    assert!(!went_well && said.contains("is in use"), "{said}");
    // Ended, not killed: what lay in the journal alone would be read and aggregated by each command.
    server.stop().unwrap();

    let day = (today - 24) * HOUR_MS;
    let (from, to) = (day.to_string(), (day + 3 * HOUR_MS).to_string());
    for (args, wanted) in [
        (
            &[
                "aggregate",
                "--period",
                "hour",
                "--from",
                &from,
                "--to",
                &to,
            ][..],
            "3 hours of servers",
        ),
        (&["aggregate"], "45 hours and 2 days of servers"),
        (&["aggregate"], "0 hours and 0 days of servers"),
        (
            &["aggregate", "--force", "--from", &from],
            "24 hours and 1 days of servers",
        ),
        (
            &["aggregate", "--force", "--period", "daily"],
            "2 days of servers",
        ),
    ] {
        let (went_well, said) = run(&server, args);
        assert!(went_well && said.contains(wanted), "{args:?}: {said}");
    }
    let (went_well, said) = run(&server, &["aggregate", "--from", "yesterday"]);
    assert!(!went_well && said.contains("RFC 3339"), "{said}");

    server.start().await.unwrap();
    let api = server.login("admin").await.unwrap();
    let path = format!(
        "/api/v1/metrics/query?metric=steps&agg=sum&step=86400&from={}&to={}",
        (today - 48) * HOUR_MS,
        today * HOUR_MS
    );
    let answer = api.get(&path).await.unwrap().expect(200).unwrap();
    let points = &answer["series"][0]["points"];
    let sum = |from: i32| f64::from((from..from + 48).sum::<i32>());
    assert_eq!(
        (points[0][1].as_f64(), points[1][1].as_f64()),
        (Some(sum(0)), Some(sum(48))),
        "{answer}"
    );
}
