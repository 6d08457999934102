//! Links in messages: looked at by anybody who has one, acted on by `POST` alone, of no use to who changes them.

use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};
use tests::api::Api;
use tests::receiver::{Received, Receiver};

use crate::alerts::{active, always};
use crate::channels::{add, server};

crate::on_both!(
    an_alert_is_taken_by_the_link_of_its_message_and_only_by_post,
    a_person_leaves_a_channel_by_the_link_of_a_message_and_only_by_post,
);

const PREFERENCES: &str = "/api/v1/notifications/preferences";
const CONSENTS: &str = "/api/v1/notifications/consents";

/// The path and query of a link, which begins with the public address of the server.
fn path_of(link: &Value) -> String {
    let link = link.as_str().unwrap();
    let at = link.find("/api/").unwrap();
    link[at..].to_owned()
}

async fn send(api: &Api, method: Method, path: &str) -> (u16, String) {
    page(api, api.request(method, path)).await
}

/// The status and the text of a page, which can do nothing beside its one form.
async fn page(api: &Api, request: RequestBuilder) -> (u16, String) {
    let answer = api.send(request).await.unwrap();
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

async fn get(api: &Api, path: &str) -> Value {
    api.get(path).await.unwrap().expect(200).unwrap()
}

async fn post(api: &Api, path: &str, body: &Value) -> Value {
    let answer = api.post(path, body).await.unwrap();
    answer.expect(201).unwrap()
}

/// A click in a mail program, as RFC 8058 has it: a form of its own, nothing of the page's.
async fn one_click(api: &Api, path: &str) -> (u16, String) {
    let kind = "application/x-www-form-urlencoded";
    let request = api.request(Method::POST, path);
    let request = request.header("content-type", kind);
    page(api, request.body("List-Unsubscribe=One-Click")).await
}

async fn a_person_leaves_a_channel_by_the_link_of_a_message_and_only_by_post() {
    let receiver = Receiver::start().unwrap();
    let server = server().await;
    let api = server.login("admin").await.unwrap();
    let person = server.login("manager").await.unwrap();
    let nobody = server.anonymous().unwrap();
    let hook = |path: &str| json!({"url": format!("{}/{path}", receiver.base)});
    let phone = add(&api, "phone <b>", "webhook", &hook("phone")).await["id"].clone();
    let desk = add(&api, "desk", "webhook", &hook("desk")).await["id"].clone();
    let me = get(&person, "/api/v1/auth/me").await;
    let route = json!({"name": "me", "targets": [{"kind": "person", "id": me["id"]}]});
    post(&api, "/api/v1/notifications/routes", &route).await;
    let wanted = json!({"warning": [phone, desk], "critical": [phone]});
    let kept = person.call(Method::PUT, PREFERENCES, &wanted).await;
    let wanted = kept.unwrap().expect(200).unwrap();
    post(&api, "/api/v1/alerts/rules", &always("Loud")).await;
    let about = |path: &'static str, rule: &'static str| {
        receiver.until(1, move |it| {
            it.path == path && it.json()["alert"]["rule"] == rule
        })
    };
    let came = about("/phone", "Loud").await.unwrap();
    let links = &came[0].json()["links"];
    let (leave, take) = (
        path_of(&links["unsubscribe"]),
        path_of(&links["acknowledge"]),
    );

    for _ in 0..2 {
        let (status, text) = send(&nobody, Method::GET, &leave).await;
        assert_eq!(status, 200, "{text}");
        let name = me["display_name"].as_str().unwrap();
        for part in [
            "phone &lt;b&gt;",
            name,
            "<form method=\"post\">",
            "Settings",
        ] {
            assert!(text.contains(part), "{part} in {text}");
        }
        assert_eq!(get(&person, PREFERENCES).await, wanted);
    }
    // Neither link opens what the other opens, and none that somebody changed opens anything.
    for changed in [
        take.replacen("/acknowledge", "/unsubscribe", 1),
        leave.replacen("/unsubscribe", "/acknowledge", 1),
        leave.replacen("token=", "token=A", 1),
        leave[..leave.len() - 2].to_owned(),
        "/api/v1/links/unsubscribe".to_owned(),
    ] {
        for method in [Method::GET, Method::POST] {
            let (status, text) = send(&nobody, method, &changed).await;
            assert_eq!(status, 404, "{changed} {text}");
        }
    }
    assert_eq!(get(&person, PREFERENCES).await, wanted);
    assert_eq!(active(&api, "Loud").await["state"], "firing");

    let (status, text) = one_click(&nobody, &leave).await;
    assert_eq!(status, 200, "{text}");
    assert!(
        text.contains("from now on") && !text.contains("<form"),
        "{text}"
    );
    let mut left = wanted.clone();
    (left["warning"], left["critical"]) = (json!([desk]), json!([]));
    assert_eq!(get(&person, PREFERENCES).await, left);
    let consents = get(&person, CONSENTS).await;
    let items = consents["items"].as_array().unwrap();
    let ended = |name: &str| {
        let one = items.iter().find(|it| it["name"] == name).unwrap();
        one["withdrawn_at"].is_string()
    };
    assert!(ended("phone <b>") && !ended("desk"), "{consents}");

    // Again, by the page's own form: nothing changes any more.
    let (status, text) = send(&nobody, Method::POST, &leave).await;
    assert_eq!(status, 200, "{text}");
    assert!(text.contains("nothing left to change"), "{text}");
    assert_eq!(get(&person, PREFERENCES).await, left);
    assert_eq!(get(&person, CONSENTS).await, consents);

    // The other channel goes on, this one is silent; what a channel is told for itself nobody leaves.
    post(&api, "/api/v1/alerts/rules", &always("Louder")).await;
    about("/desk", "Louder").await.unwrap();
    let mut rule = always("For all");
    rule["channels"] = json!([phone]);
    post(&api, "/api/v1/alerts/rules", &rule).await;
    let came = about("/phone", "For all").await.unwrap();
    assert_eq!(came[0].json()["links"].get("unsubscribe"), None);
    let is_left = |it: &Received| it.path == "/phone" && it.json()["alert"]["rule"] == "Louder";
    assert!(!receiver.received().iter().any(is_left));
}
