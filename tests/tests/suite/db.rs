//! `watchpost db`: cares for a server's data while it is stopped, and only then.

use std::process::Output;

use tests::server::{TestServer, db_command};

/// Whether it went well, and what it said.
fn run(server: &TestServer, args: &[&str]) -> (bool, String) {
    let Output {
        status,
        stdout,
        stderr,
    } = db_command(&server.data_dir(), args).output().unwrap();
    let said = [stdout, stderr].concat();
    (
        status.success(),
        String::from_utf8_lossy(&said).into_owned(),
    )
}

#[tokio::test]
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
        assert_eq!(said, format!("{verb} {nothing}\n"));
    }
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
