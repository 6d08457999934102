//! A start that cannot work says why in a line, and what to do.

use std::net::TcpListener;
use std::path::Path;
use std::process::{Command, Output};

use tests::server::{TestServer, free_port, serve_command};

/// Runs a start that must fail; what it said.
fn refused(command: &mut Command) -> String {
    let Output {
        status,
        stdout,
        stderr,
    } = command.output().unwrap();
    let said = format!(
        "{}{}",
        String::from_utf8_lossy(&stdout),
        String::from_utf8_lossy(&stderr)
    );
    assert!(
        status.code().is_some_and(|code| code != 0),
        "{status}: {said}"
    );
    assert!(!said.contains("panicked"), "{said}");
    said
}

fn serve(data_dir: &Path) -> Command {
    let mut command = serve_command(data_dir);
    let port = free_port().unwrap();
    command.args(["--listen", &format!("127.0.0.1:{port}")]);
    command
}

#[test]
fn a_port_in_use_is_named() {
    let dir = tempfile::tempdir().unwrap();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let said = refused(serve_command(dir.path()).args(["--listen", &address]));
    assert!(
        said.contains(&address) && said.contains("--listen"),
        "{said}"
    );
}

#[test]
fn a_data_directory_that_cannot_be_written_is_named() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("a-file");
    std::fs::write(&file, "not a folder").unwrap();
    let said = refused(&mut serve(&file));
    assert!(said.contains(&*file.to_string_lossy()), "{said}");
}

#[test]
fn unknown_settings_are_named() {
    let dir = tempfile::tempdir().unwrap();
    let said = refused(serve(dir.path()).env("WATCHPOST_SERVER__COLOUR", "red"));
    assert!(
        said.to_lowercase().contains("server__colour") || said.contains("server.colour"),
        "{said}"
    );

    let config = dir.path().join("watchpost.toml");
    std::fs::write(
        &config,
        "[server]\nlisten = \"127.0.0.1:1\"\ncolour = \"red\"\n",
    )
    .unwrap();
    let said = refused(serve(dir.path()).arg("--config").arg(&config));
    assert!(
        said.contains("colour") && said.contains("watchpost.toml") && said.contains('3'),
        "{said}"
    );
}

#[test]
fn weights_of_the_health_score_have_bounds() {
    let dir = tempfile::tempdir().unwrap();
    for (name, value, says) in [
        ("CPU_WEIGHT", "-1", "-1 is not between 0 and 100"),
        ("CRITICAL_COST", "100.5", "100.5 is not between 0 and 100"),
        (
            "DISK_COMFORT_PERCENT",
            "101",
            "101 is not between 0 and 100",
        ),
        ("MEMORY_WEIGHT", "much", "\"much\""),
        ("SWAP_WEIGHT", "1", "swap_weight"),
    ] {
        let variable = format!("WATCHPOST_HEALTH__{name}");
        let said = refused(serve(dir.path()).env(&variable, value));
        assert!(said.contains(&variable) && said.contains(says), "{said}");
    }
}

#[tokio::test]
async fn a_second_process_on_the_same_data_ends_with_the_first_ones_pid() {
    let server = TestServer::builder().start().await.unwrap();
    let said = refused(&mut serve(&server.data_dir()));
    assert!(said.contains(&server.pid().unwrap().to_string()), "{said}");
}
