//! Links in messages: looked at by anybody who has one, acted on by `POST` alone, of no use to who changes them.

use reqwest::Method;
use serde_json::{Value, json};
use tests::api::Api;
use tests::receiver::Receiver;

use crate::alerts::{active, always};
use crate::channels::{add, server};

crate::on_both!(an_alert_is_taken_by_the_link_of_its_message_and_only_by_post);

/// The path and query of a link, which begins with the public address of the server.
fn path_of(link: &Value) -> String {
    let link = link.as_str().unwrap();
    let at = link.find("/api/").unwrap();
    link[at..].to_owned()
}

async fn send(api: &Api, method: Method, path: &str) -> (u16, String) {
    let answer = api.send(api.request(method, path)).await.unwrap();
    assert!(answer.header("content-type").starts_with("text/html"));
    let policy = answer.header("content-security-policy");
    assert!(policy.contains("default-src 'none'") && !policy.contains("script"));
    (answer.status, answer.text)
}

async fn an_alert_is_taken_by_the_link_of_its_message_and_only_by_post() {
    let receiver = Receiver::start().unwrap();
    let mut server = server().await;
    let api = server.login("admin").await.unwrap();
    let hook = json!({ "url": receiver.base });
    let channel = add(&api, "phone <b>", "webhook", &hook).await;
    let mut rule = always("Loud <i>");
    rule["channels"] = json!([channel["id"]]);
    let made = api.post("/api/v1/alerts/rules", &rule).await.unwrap();
    made.expect(201).unwrap();
    let came = receiver.until(1, |_| true).await.unwrap();
    let link = path_of(&came[0].json()["links"]["acknowledge"]);
    // The key outlives the process.
    server.kill().unwrap();
    server.start().await.unwrap();
    let (api, nobody) = (
        server.login("admin").await.unwrap(),
        server.anonymous().unwrap(),
    );
    for _ in 0..2 {
        let (status, page) = send(&nobody, Method::GET, &link).await;
        assert_eq!(status, 200, "{page}");
        assert!(
            page.contains("Loud &lt;i&gt;") && !page.contains("<i>"),
            "{page}"
        );
        assert!(page.contains("<form method=\"post\">"), "{page}");
        assert_eq!(active(&api, "Loud <i>").await["state"], "firing");
    }
    for (changed, status) in [
        (link.replacen("token=", "token=A", 1), 404),
        (link[..link.len() - 2].to_owned(), 404),
        ("/api/v1/links/acknowledge".to_owned(), 404),
    ] {
        for method in [Method::GET, Method::POST] {
            let (answered, page) = send(&nobody, method, &changed).await;
            assert_eq!(answered, status, "{changed} {page}");
        }
    }
    assert_eq!(active(&api, "Loud <i>").await["state"], "firing");
    for _ in 0..2 {
        let (status, page) = send(&nobody, Method::POST, &link).await;
        assert_eq!(status, 200, "{page}");
        assert!(
            page.contains("is taken") && !page.contains("<form"),
            "{page}"
        );
    }
    let alert = active(&api, "Loud <i>").await;
    assert_eq!(alert["state"], "acknowledged");
    assert_eq!(alert["acknowledged_by"], Value::Null);
    let path = format!("/api/v1/alerts/{}", alert["id"].as_str().unwrap());
    let detail = api.get(&path).await.unwrap().expect(200).unwrap();
    let history = detail["history"].as_array().unwrap().iter();
    let taken: Vec<_> = history
        .filter(|it| it["change"] == "acknowledged")
        .collect();
    assert_eq!(taken.len(), 1, "{detail}");
    assert_eq!(
        taken[0]["comment"],
        "By the link in a message to \u{201c}phone <b>\u{201d}."
    );
    // What was said before the kill may be said again, under the same key.
    let taken = receiver.until(1, |it| it.json()["event"] == "acknowledged");
    let taken = taken.await.unwrap();
    assert_eq!(taken[0].json()["links"].get("acknowledge"), None);
}
