//! E-mail to a real mail server: plain, STARTTLS and TLS, refused and put off.

use std::path::PathBuf;

use reqwest::Method;
use serde_json::{Value, json};
use tempfile::TempDir;
use tests::api::Api;
use tests::server::TestServer;
use tests::smtp::{MailServer, Mode};

use crate::alerts::always;
use crate::channels::{CHANNELS, add};

/// A certificate of this machine that is its own authority.
struct Certificate {
    folder: TempDir,
}

impl Certificate {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let names = ["localhost".to_owned()];
        let made = rcgen::generate_simple_self_signed(names).unwrap();
        std::fs::write(folder.path().join("cert.pem"), made.cert.pem()).unwrap();
        let key = made.signing_key.serialize_pem();
        std::fs::write(folder.path().join("key.pem"), key).unwrap();
        Self { folder }
    }

    fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn mail_server(&self, mode: Mode) -> MailServer {
        MailServer::start(mode, &self.file("cert.pem"), &self.file("key.pem")).unwrap()
    }

    /// A server that trusts the certificate.
    async fn server(&self) -> TestServer {
        TestServer::builder()
            .with_env("WATCHPOST_EGRESS__ALLOW_PRIVATE", "true")
            .with_env("WATCHPOST_SERVER__PUBLIC_URL", "https://watch.example.org")
            .with_env("SSL_CERT_FILE", self.file("cert.pem").to_str().unwrap())
            .start()
            .await
            .unwrap()
    }
}

fn config(mail: &MailServer, mode: Mode, to: &str) -> Value {
    json!({
        "host": "localhost", "port": mail.port, "security": mode.security(),
        "from": "Watchpost <watch@example.org>", "to": [to],
    })
}

async fn test(api: &Api, channel: &Value) -> Value {
    let path = format!("{CHANNELS}/{}/test", channel["id"].as_str().unwrap());
    let answer = api.post(&path, &json!({})).await.unwrap();
    answer.expect(200).unwrap()
}

#[tokio::test]
async fn mails_arrive_in_each_kind_of_security() {
    let certificate = Certificate::new();
    let server = certificate.server().await;
    let api = server.login("admin").await.unwrap();
    for mode in [Mode::Plain, Mode::Starttls, Mode::Tls] {
        let mail = certificate.mail_server(mode);
        let mut config = config(&mail, mode, "ops@example.org");
        config["username"] = json!("watch");
        config["password"] = json!("pass word");
        let channel = add(&api, mode.security(), "email", &config).await;
        let answer = test(&api, &channel).await;
        assert_eq!(
            (&answer["ok"], &answer["status"]),
            (&json!(true), &json!(250)),
            "{answer}"
        );
        let came = mail.mail(1).await.unwrap();
        assert_eq!(came["from"], "watch@example.org");
        assert_eq!(came["to"], json!(["ops@example.org"]));
        assert_eq!(came["tls"], mode != Mode::Plain);
        assert_eq!(came["login"], "watch");
        let text = came["mail"].as_str().unwrap();
        for part in [
            "From: Watchpost <watch@example.org>",
            "To: ops@example.org",
            "Subject: Test: this channel works",
            "Auto-Submitted: auto-generated",
            "multipart/alternative",
            "text/plain",
            "text/html",
            "@watchpost>",
        ] {
            assert!(text.contains(part), "{part} in {text}");
        }
        let path = format!("{CHANNELS}/{}", channel["id"].as_str().unwrap());
        let removed = api.send(api.request(Method::DELETE, &path)).await.unwrap();
        assert_eq!(removed.status, 204);
    }
}

#[tokio::test]
async fn a_mail_that_is_refused_or_put_off_says_so() {
    let certificate = Certificate::new();
    let server = certificate.server().await;
    let api = server.login("admin").await.unwrap();
    let mail = certificate.mail_server(Mode::Starttls);
    let usual = |to: &str| config(&mail, Mode::Starttls, to);
    let mut no_tls = usual("ops@example.org");
    no_tls["security"] = json!("none");
    let mut wrong_login = usual("ops@example.org");
    wrong_login["username"] = json!("watch");
    wrong_login["password"] = json!("wrong");
    let mut other_name = usual("ops@example.org");
    other_name["host"] = json!("127.0.0.1");
    for (name, config, outcome, status) in [
        (
            "refused",
            usual("refuse@example.org"),
            "refused",
            json!(550),
        ),
        ("later", usual("later@example.org"), "failed", json!(451)),
        ("no tls", no_tls, "refused", json!(530)),
        ("login", wrong_login, "refused", json!(535)),
        ("another name", other_name, "failed", json!(null)),
    ] {
        let channel = add(&api, name, "email", &config).await;
        let answer = test(&api, &channel).await;
        assert_eq!(
            (&answer["outcome"], &answer["status"]),
            (&json!(outcome), &status),
            "{name}: {answer}"
        );
        assert!(!answer["answer"].as_str().unwrap().is_empty());
    }
    assert_eq!(mail.count().unwrap(), 0);
}

#[tokio::test]
async fn all_mails_of_an_alert_are_one_thread() {
    let certificate = Certificate::new();
    let server = certificate.server().await;
    let api = server.login("admin").await.unwrap();
    let mail = certificate.mail_server(Mode::Plain);
    let channel = add(
        &api,
        "mail",
        "email",
        &config(&mail, Mode::Plain, "ops@example.org"),
    )
    .await;
    let mut rule = always("Grüße an alle");
    rule["channels"] = json!([channel["id"]]);
    let rule = api.post("/api/v1/alerts/rules", &rule).await.unwrap();
    let rule = rule.expect(201).unwrap();
    let thread = |mail: &Value| {
        let text = mail["mail"].as_str().unwrap().to_owned();
        let line = text.lines().find(|line| line.starts_with("References:"));
        line.unwrap().trim().to_owned()
    };
    let fired = mail.mail(1).await.unwrap();
    let text = fired["mail"].as_str().unwrap();
    for part in [
        "cid:chart",
        "Content-ID: <chart>",
        "Content-Type: image/png",
    ] {
        assert!(text.contains(part), "{part} in {text}");
    }
    let path = format!("/api/v1/alerts/rules/{}", rule["id"].as_str().unwrap());
    api.send(api.request(Method::DELETE, &path)).await.unwrap();
    let resolved = mail.mail(2).await.unwrap();
    assert_eq!(thread(&fired), thread(&resolved));
}

#[tokio::test]
async fn a_mail_about_several_alerts_brings_them_as_a_table() {
    let certificate = Certificate::new();
    let server = certificate.server().await;
    let api = server.login("admin").await.unwrap();
    let mail = certificate.mail_server(Mode::Plain);
    let to = config(&mail, Mode::Plain, "ops@example.org");
    let channel = add(&api, "mail", "email", &to).await;
    let route = json!({
        "name": "together", "targets": [{"kind": "channel", "id": channel["id"]}],
        "group_by": [], "group_wait_seconds": 10,
    });
    let route = api.post("/api/v1/notifications/routes", &route).await;
    route.unwrap().expect(201).unwrap();
    for name in ["one", "=two"] {
        let rule = api.post("/api/v1/alerts/rules", &always(name)).await;
        rule.unwrap().expect(201).unwrap();
    }
    let came = mail.mail(1).await.unwrap();
    let text = came["mail"].as_str().unwrap();
    assert!(text.contains("Content-Type: multipart/mixed"), "{text}");
    let (_, list) = text
        .split_once("Content-Disposition: attachment; filename=\"alerts.csv\"")
        .unwrap();
    // Written in lines that every mail server takes.
    let list = list
        .replace("=\r\n", "")
        .replace("=\n", "")
        .replace("=3D", "=");
    // A formula is a text in a table.
    for part in ["id,rule,server", ",one,", ",'=two,"] {
        assert!(list.contains(part), "{part} in {list}");
    }
}

#[tokio::test]
async fn a_mail_to_one_person_says_how_to_unsubscribe_to_reader_and_program() {
    let certificate = Certificate::new();
    let server = certificate.server().await;
    let api = server.login("admin").await.unwrap();
    let mail = certificate.mail_server(Mode::Plain);
    let me = api.get("/api/v1/auth/me").await.unwrap();
    let me = me.expect(200).unwrap()["id"].clone();
    let route = json!({"name": "me", "targets": [{"kind": "person", "id": me}]});
    let route = api.post("/api/v1/notifications/routes", &route).await;
    route.unwrap().expect(201).unwrap();
    let to = config(&mail, Mode::Plain, "ann@example.org");
    let channel = add(&api, "mail", "email", &to).await["id"].clone();
    let wanted = json!({"warning": [channel], "critical": [channel]});
    let path = "/api/v1/notifications/preferences";
    let kept = api.call(Method::PUT, path, &wanted).await.unwrap();
    kept.expect(200).unwrap();
    let rule = api.post("/api/v1/alerts/rules", &always("Mine")).await;
    rule.unwrap().expect(201).unwrap();
    let came = mail.mail(1).await.unwrap();
    let text = came["mail"].as_str().unwrap();
    let header = |name: &str| {
        let mut lines = text.lines();
        lines
            .find_map(|line| line.strip_prefix(name))
            .map(str::trim)
    };
    let page = "https://watch.example.org/api/v1/links/unsubscribe?token=";
    let link = header("List-Unsubscribe:").unwrap();
    assert!(link.starts_with(&format!("<{page}")) && link.ends_with('>'));
    let by_one_click = header("List-Unsubscribe-Post:");
    assert_eq!(by_one_click, Some("List-Unsubscribe=One-Click"));
    // Written in lines that every mail server takes.
    let body = text
        .replace("=\r\n", "")
        .replace("=\n", "")
        .replace("=3D", "=");
    for part in [
        format!("Unsubscribe: {page}"),
        format!("<a href=\"{page}"),
        ">Unsubscribe</a>".to_owned(),
    ] {
        assert!(body.contains(&part), "{part} in {body}");
    }
}
