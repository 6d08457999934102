//! Web Push over the API to a push service of this machine: what browsers read, who is told, who is gone.

use reqwest::Method;
use serde_json::{Value, json};
use tests::api::Api;
use tests::push_browser::{self, Browser};
use tests::receiver::{Answer, Receiver};
use tests::server::PASSWORD;

use crate::alerts::always;
use crate::channels::{CHANNELS, add, server};

crate::on_both!(
    browsers_read_what_alerts_say,
    browsers_that_are_gone_are_forgotten,
    what_is_no_subscription_is_refused_by_its_field,
);

const BROWSERS: &str = "/api/v1/notifications/push-subscriptions";

async fn subscribe(api: &Api, browser: &Browser) -> Value {
    let added = api.post(BROWSERS, &browser.subscription()).await.unwrap();
    added.expect(201).unwrap()
}

async fn add_channel(api: &Api) -> Value {
    let config = json!({ "subject": "mailto:ops@example.org" });
    add(api, "browsers", "web_push", &config).await
}

async fn browsers_read_what_alerts_say() {
    let service = Receiver::start().unwrap();
    service.answer(|_, _| Answer::status(201));
    let mut server = server().await;
    let api = server.login("manager").await.unwrap();
    let browser = Browser::new(format!("{}/push/1", service.base)).unwrap();
    let shown = subscribe(&api, &browser).await;
    assert_eq!(shown["service"], "127.0.0.1");
    let again = subscribe(&api, &browser).await;
    let list = api.get(BROWSERS).await.unwrap();
    assert!(!list.text.contains("/push/1"), "{}", list.text);
    let list = list.expect(200).unwrap();
    assert_eq!(list["items"], json!([again]), "one browser is there once");
    let key = api.get("/api/v1/notifications/push-key").await.unwrap();
    let key = key.expect(200).unwrap()["public_key"].clone();

    // Who does not see the server is not told of it.
    let admin = server.login("admin").await.unwrap();
    let person = json!({
        "username": "db", "role": "viewer", "password": PASSWORD, "groups": ["db"],
    });
    let person = admin.post("/api/v1/users", &person).await.unwrap();
    person.expect(201).unwrap();
    let limited = server.login("db").await.unwrap();
    let theirs = Browser::new(format!("{}/push/2", service.base)).unwrap();
    subscribe(&limited, &theirs).await;

    let channel = add_channel(&api).await;
    let mut rule = always("Any memory");
    rule["channels"] = json!([channel["id"]]);
    let rule = api.post("/api/v1/alerts/rules", &rule).await.unwrap();
    rule.expect(201).unwrap();
    let [fired] = service
        .until(1, |_| true)
        .await
        .unwrap()
        .try_into()
        .unwrap();
    let said = browser.read(&fired).unwrap();
    let title = said["title"].as_str().unwrap();
    assert!(title.starts_with("Warning: Any memory on "), "{title}");
    assert!(
        said["url"]
            .as_str()
            .unwrap()
            .starts_with("https://watch.example.org/alerts/")
    );
    assert!(fired.header("ttl").parse::<u32>().is_ok());
    assert_eq!(fired.header("urgency"), "normal");
    assert!((1..=32).contains(&fired.header("topic").len()));
    assert_eq!(fired.path, "/push/1");
    assert!(theirs.read(&fired).is_err(), "nobody else can read it");
    let sender = push_browser::sender(&fired).unwrap();
    assert_eq!(json!(sender.key), key);
    assert_eq!(sender.claims["aud"], json!(service.base));
    assert_eq!(sender.claims["sub"], "mailto:ops@example.org");

    // The key outlives a restart, and neither it nor the address lies open in the files.
    for name in ["state.db", "state.db-wal"] {
        let bytes = std::fs::read(server.data_dir().join(name)).unwrap_or_default();
        assert!(!bytes.windows(7).any(|it| it == b"/push/1"), "{name}");
    }
    server.kill().unwrap();
    server.start().await.unwrap();
    let api = server.login("manager").await.unwrap();
    let after = api.get("/api/v1/notifications/push-key").await.unwrap();
    assert_eq!(after.expect(200).unwrap()["public_key"], key);
}

async fn browsers_that_are_gone_are_forgotten() {
    let service = Receiver::start().unwrap();
    service.answer(|request, _| match request.path.as_str() {
        "/gone" => Answer::status(410),
        "/unknown" => Answer::status(404),
        _ => Answer::status(201),
    });
    let server = server().await;
    let api = server.login("manager").await.unwrap();
    for path in ["gone", "unknown", "there"] {
        let browser = Browser::new(format!("{}/{path}", service.base)).unwrap();
        subscribe(&api, &browser).await;
    }
    let channel = add_channel(&api).await;
    let test = format!("{CHANNELS}/{}/test", channel["id"].as_str().unwrap());
    let answer = api
        .post(&test, &json!({}))
        .await
        .unwrap()
        .expect(200)
        .unwrap();
    assert_eq!(answer["ok"], true, "{answer}");
    assert_eq!(service.received().len(), 3);
    let list = api.get(BROWSERS).await.unwrap().expect(200).unwrap();
    let left = list["items"].as_array().unwrap();
    assert_eq!(left.len(), 1, "{list}");
    let path = format!("{BROWSERS}/{}", left[0]["id"].as_str().unwrap());
    let admin = server.login("admin").await.unwrap();
    let other = admin
        .send(admin.request(Method::DELETE, &path))
        .await
        .unwrap();
    assert_eq!(other.status, 404, "nobody else's");
    let removed = api.send(api.request(Method::DELETE, &path)).await.unwrap();
    assert_eq!(removed.status, 204);
    let answer = api
        .post(&test, &json!({}))
        .await
        .unwrap()
        .expect(200)
        .unwrap();
    assert_eq!(
        (&answer["ok"], &answer["outcome"]),
        (&json!(false), &json!("refused"))
    );
}

async fn what_is_no_subscription_is_refused_by_its_field() {
    let server = tests::server::TestServer::builder().start().await.unwrap();
    let api = server.login("admin").await.unwrap();
    let good = Browser::new("https://1.1.1.1/push".to_owned()).unwrap();
    let with = |path: &str, value: Value| {
        let mut subscription = good.subscription();
        *subscription.pointer_mut(path).unwrap() = value;
        subscription
    };
    let no_point = [&b"BA"[..], &[b'A'; 85]].concat();
    let no_point = String::from_utf8(no_point).unwrap();
    for (subscription, field) in [
        (with("/endpoint", json!("http://127.0.0.1:9/")), "endpoint"),
        (
            with("/endpoint", json!("https://169.254.169.254/")),
            "endpoint",
        ),
        (with("/endpoint", json!("file:///etc/passwd")), "endpoint"),
        (with("/endpoint", json!("no address")), "endpoint"),
        (with("/keys/p256dh", json!("AAAA")), "keys.p256dh"),
        (with("/keys/p256dh", json!(no_point)), "keys.p256dh"),
        (with("/keys/auth", json!("+/+/")), "keys.auth"),
        (with("/keys/auth", json!(7)), "keys.auth"),
    ] {
        let refused = api.post(BROWSERS, &subscription).await.unwrap();
        let refused = refused.expect(422).unwrap();
        assert_eq!(refused["errors"][0]["field"], field, "{refused}");
    }
    for (config, field) in [
        (json!({}), "config.subject"),
        (json!({ "subject": "ops" }), "config.subject"),
    ] {
        let channel = json!({ "name": "b", "kind": "web_push", "config": config });
        let refused = api
            .post(CHANNELS, &channel)
            .await
            .unwrap()
            .expect(422)
            .unwrap();
        assert_eq!(refused["errors"][0]["field"], field, "{refused}");
    }
}
