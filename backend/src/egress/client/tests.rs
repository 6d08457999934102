//! What a client follows, refuses and cuts off, against a listener that says what a row tells it to.

use super::*;
use crate::config::egress::EgressConfig;
use std::io::{Read, Write};
use std::net::TcpListener;

const LIMITS: Limits = Limits {
    timeout: Duration::from_secs(30),
    most_bytes: 1_000,
};

/// A listener that gives each connection the next of `answers`, then closes it; with what it was asked.
fn listener(answers: Vec<String>) -> (Url, std::thread::JoinHandle<Vec<String>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/metrics", listener.local_addr().unwrap());
    let asked = std::thread::spawn(move || {
        let each = answers.into_iter().map(|answer| {
            let (mut stream, _) = listener.accept().unwrap();
            let mut asked = Vec::new();
            while !asked.ends_with(b"\r\n\r\n") {
                let mut byte = [0];
                stream.read_exact(&mut byte).unwrap();
                asked.extend(byte);
            }
            // Who asked may have gone.
            drop(stream.write_all(answer.as_bytes()));
            String::from_utf8(asked).unwrap()
        });
        each.collect()
    });
    (url.parse().unwrap(), asked)
}

async fn get(url: &Url, allow: &[&str], limits: Limits) -> Result<Answer, EgressError> {
    let places = allow.iter().map(|place| place.parse().unwrap());
    let reach = Reach::targets(&EgressConfig {
        targets_allow: places.collect(),
        ..EgressConfig::default()
    });
    let settings = Settings {
        tls: TlsConfig::default(),
        redirects: Redirects::SameHost,
    };
    let request = Request {
        method: Method::GET,
        url: url.clone(),
        headers: HeaderMap::new(),
        body: Bytes::new(),
    };
    Client::new(&reach, &settings, url)?
        .send(request, limits)
        .await
}

fn answer(status: &str, headers: &str, body: &str) -> String {
    let length = body.len();
    format!(
        "HTTP/1.1 {status}\r\ncontent-length: {length}\r\nconnection: close\r\n{headers}\r\n{body}"
    )
}

#[tokio::test]
async fn an_answer_is_read_whole_and_the_host_is_named() {
    let (url, asked) = listener(vec![answer("200 OK", "", "up 1\n")]);
    let answer = get(&url, &["127.0.0.1"], LIMITS).await.unwrap();
    assert_eq!(
        (answer.status.as_u16(), &answer.body[..]),
        (200, &b"up 1\n"[..])
    );
    let asked = asked.join().unwrap().concat();
    let host = format!("host: {}\r\n", authority(&url).unwrap());
    assert!(
        asked.starts_with("GET /metrics HTTP/1.1\r\n") && asked.contains(&host),
        "{asked}"
    );
}

#[tokio::test]
async fn near_addresses_are_refused_before_anybody_connects() {
    for host in [
        "127.0.0.1",
        "[::1]",
        "0x7f.1",
        "[::ffff:127.0.0.1]",
        "localhost",
        "0.0.0.0",
    ] {
        let url = format!("http://{host}:9/metrics").parse().unwrap();
        let error = get(&url, &["10.0.0.0/8"], LIMITS).await.unwrap_err();
        assert!(
            matches!(error, EgressError::Refused { .. }),
            "{host}: {error:?}"
        );
    }
}

#[tokio::test]
async fn a_redirect_is_followed_within_the_host_alone() {
    let moved = |to: &str| answer("302 Found", &format!("location: {to}\r\n"), "");
    let (url, asked) = listener(vec![moved("/other"), answer("200 OK", "", "a 1\n")]);
    assert_eq!(get(&url, &["127.0.0.1"], LIMITS).await.unwrap().status, 200);
    assert!(asked.join().unwrap()[1].starts_with("GET /other "));
    for to in [
        "http://127.0.0.1:1/",
        "http://localhost/?token=s3cret",
        "//169.254.169.254/",
    ] {
        let (url, _) = listener(vec![moved(to)]);
        let error = get(&url, &["127.0.0.1"], LIMITS).await.unwrap_err();
        assert!(
            matches!(error, EgressError::Redirected { .. }),
            "{to}: {error:?}"
        );
        assert!(!error.to_string().contains("s3cret"));
    }
    let (url, _) = listener(vec![moved("/a"), moved("/a"), moved("/a"), moved("/a")]);
    let error = get(&url, &["127.0.0.1"], LIMITS).await.unwrap_err();
    assert_eq!(error, EgressError::RedirectedTooOften { most: 3 });
}

#[tokio::test]
async fn what_is_too_long_too_late_or_broken_is_an_error() {
    let long = "a 1\n".repeat(300);
    for (said, limits, expected) in [
        (answer("200 OK", "", &long), LIMITS, "more than 1000 bytes"),
        (
            "SSH-2.0-OpenSSH_9.2p1\r\n".to_owned(),
            LIMITS,
            "cannot be read",
        ),
        (
            "HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nup".to_owned(),
            LIMITS,
            "cannot be read",
        ),
    ] {
        let (url, _) = listener(vec![said.clone()]);
        let error = get(&url, &["127.0.0.1"], limits)
            .await
            .unwrap_err()
            .to_string();
        assert!(error.contains(expected), "{said:?}: {error}");
        assert!(!error.contains("metrics"), "{error}");
    }
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/", silent.local_addr().unwrap());
    let limits = Limits {
        timeout: Duration::from_millis(1),
        ..LIMITS
    };
    let error = get(&url.parse().unwrap(), &["127.0.0.1"], limits).await;
    let after = limits.timeout;
    assert_eq!(error.unwrap_err(), EgressError::TimedOut { after });
    let (url, asked) = listener(vec![]);
    asked.join().unwrap();
    let error = get(&url, &["127.0.0.1"], LIMITS).await.unwrap_err();
    assert!(matches!(error, EgressError::Connect { .. }), "{error:?}");
}

#[tokio::test]
async fn options_of_tls_that_cannot_be_used_say_which() {
    let url: Url = "https://127.0.0.1:1/".parse().unwrap();
    let file = tempfile::NamedTempFile::new().unwrap();
    let path = Some(file.path().to_owned());
    for (tls, expected) in [
        (
            TlsConfig {
                ca_file: path.clone(),
                ..TlsConfig::default()
            },
            "no certificate in PEM",
        ),
        (
            TlsConfig {
                ca_file: Some("/nowhere/ca.pem".into()),
                ..TlsConfig::default()
            },
            "/nowhere/ca.pem",
        ),
        (
            TlsConfig {
                cert_file: path.clone(),
                ..TlsConfig::default()
            },
            "go together",
        ),
        (
            TlsConfig {
                cert_file: path.clone(),
                key_file: path.clone(),
                ..TlsConfig::default()
            },
            "private key",
        ),
        (
            TlsConfig {
                server_name: Some("127.0.0.1".to_owned()),
                ..TlsConfig::default()
            },
            "server_name",
        ),
    ] {
        let reach = Reach::targets(&EgressConfig::default());
        let settings = Settings {
            tls,
            redirects: Redirects::Ignore,
        };
        let error = Client::new(&reach, &settings, &url)
            .unwrap_err()
            .to_string();
        assert!(error.contains(expected), "{error}");
    }
}
