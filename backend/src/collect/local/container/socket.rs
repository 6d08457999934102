//! Names of containers from the socket of Docker or Podman; asks, and never changes anything.

use serde::Deserialize;
use std::collections::HashMap;
use std::io::{Read, Write};
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::time::Duration;

const TIMEOUT: Duration = Duration::from_secs(2);
const MOST_BYTES: u64 = 4 << 20;

/// Names by whole id; `None` when nobody answers, or we may not ask.
pub(super) fn names(socket: &Path) -> Option<HashMap<String, String>> {
    let mut stream = UnixStream::connect(socket).ok()?;
    stream.set_read_timeout(Some(TIMEOUT)).ok()?;
    stream.set_write_timeout(Some(TIMEOUT)).ok()?;
    // In HTTP/1.0 the answer ends with the connection, and comes in one piece.
    stream
        .write_all(b"GET /containers/json HTTP/1.0\r\nHost: localhost\r\n\r\n")
        .ok()?;
    let mut answer = Vec::new();
    stream.take(MOST_BYTES).read_to_end(&mut answer).ok()?;
    parse(&answer)
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Told {
    id: String,
    #[serde(default)]
    names: Vec<String>,
}

fn parse(answer: &[u8]) -> Option<HashMap<String, String>> {
    let end = answer.windows(4).position(|it| it == b"\r\n\r\n")?;
    let (head, body) = answer.split_at(end + 4);
    let status = std::str::from_utf8(head).ok()?.split(' ').nth(1)?;
    if status != "200" {
        return None;
    }
    let told: Vec<Told> = serde_json::from_slice(body).ok()?;
    let name = |told: Told| {
        let name = told.names.first()?.trim_start_matches('/').to_owned();
        Some((told.id, name))
    };
    Some(told.into_iter().filter_map(name).collect())
}

#[cfg(test)]
mod tests {
    use super::{names, parse};
    use std::io::{Read, Write};
    use std::os::unix::net::UnixListener;

    const ANSWER: &[u8] = b"HTTP/1.0 200 OK\r\nContent-Type: application/json\r\n\r\n\
        [{\"Id\":\"abc\",\"Names\":[\"/web\"],\"Image\":\"nginx\"},{\"Id\":\"def\",\"Names\":[]}]";

    #[test]
    fn names_are_asked_for() {
        let dir = tempfile::tempdir().unwrap();
        let place = dir.path().join("docker.sock");
        assert_eq!(names(&place), None);
        let listener = UnixListener::bind(&place).unwrap();
        let answering = std::thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            let mut request = [0; 64];
            assert!(stream.read(&mut request).unwrap() > 0);
            stream.write_all(ANSWER).unwrap();
        });
        let names = names(&place).unwrap();
        answering.join().unwrap();
        assert_eq!(names.get("abc").map(String::as_str), Some("web"));
        assert_eq!(names.len(), 1);
    }

    #[test]
    fn other_answers_tell_nothing() {
        for answer in [
            &b""[..],
            b"HTTP/1.0 403 Forbidden\r\n\r\n[]",
            b"HTTP/1.0 200 OK\r\n\r\n{}",
            b"200",
        ] {
            assert_eq!(parse(answer), None);
        }
    }
}
