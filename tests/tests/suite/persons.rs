//! What is told to one person: by which channel first, in which language; and what is kept about a person.

use reqwest::Method;
use serde_json::{Value, json};
use tests::api::Api;
use tests::push_browser::Browser;
use tests::receiver::{Answer, Receiver};
use tests::server::TestServer;
use tests::wait;

use crate::alerts::{active, always};
use crate::channels::{add, server};

crate::on_both!(
    a_person_is_told_in_the_own_language_by_the_first_channel_that_can,
    what_is_kept_about_a_person_is_a_file_for_that_person_and_for_admins,
    a_language_that_is_wrong_is_refused_by_its_place,
);

const TEMPLATES: &str = "/api/v1/notifications/templates";
const PREFERENCES: &str = "/api/v1/notifications/preferences";
const SETTINGS: &str = "/api/v1/auth/me/settings";
const BROWSERS: &str = "/api/v1/notifications/push-subscriptions";

async fn post(api: &Api, path: &str, body: &Value) -> Value {
    let answer = api.post(path, body).await.unwrap();
    answer.expect(201).unwrap()
}

async fn put(api: &Api, path: &str, body: &Value) -> Value {
    let answer = api.call(Method::PUT, path, body).await.unwrap();
    answer.expect(200).unwrap()
}

async fn get(api: &Api, path: &str) -> Value {
    api.get(path).await.unwrap().expect(200).unwrap()
}

/// A webhook at `path` of the receiver that says what the template says.
async fn hook(api: &Api, receiver: &Receiver, path: &str, template: &Value) -> Value {
    let config = json!({"url": format!("{}/{path}", receiver.base)});
    let channel = json!({
        "name": path, "kind": "webhook", "config": config, "template": template["id"],
    });
    post(api, "/api/v1/notifications/channels", &channel).await
}

/// A template that says the rule's name in three languages, one of which has a body of its own.
async fn template(api: &Api) -> Value {
    let says = |word: &str| json!({"body": format!("{{\"said\": {{{{ \"{word}\" }}}}, \"rule\": {{{{ alert.rule }}}}}}")});
    let template = json!({
        "name": "short", "kind": "webhook", "parts": says("own"),
        "languages": {"de": says("deutsch"), "PT-br": {"title": "{{ alert.rule }}"}},
    });
    post(api, TEMPLATES, &template).await
}

async fn a_person_is_told_in_the_own_language_by_the_first_channel_that_can() {
    let receiver = Receiver::start().unwrap();
    receiver.answer(|request, _| {
        let is_first = request.path.starts_with("/first");
        Answer::status(if is_first { 403 } else { 200 })
    });
    let mut server = server().await;
    let api = server.login("admin").await.unwrap();
    let template = template(&api).await;
    let names: Vec<_> = template["languages"].as_object().unwrap().keys().collect();
    assert_eq!(names, ["de", "pt-BR"], "written as RFC 5646 does");
    let [first, second, third] = ["first", "second", "third"];
    let [first, second, third] = [
        hook(&api, &receiver, first, &template).await["id"].clone(),
        hook(&api, &receiver, second, &template).await["id"].clone(),
        hook(&api, &receiver, third, &template).await["id"].clone(),
    ];
    put(&api, SETTINGS, &json!({"locale": "de-AT"})).await;
    assert_eq!(get(&api, SETTINGS).await["locale"], "de-AT");
    let order = json!({"warning": [first, second, third], "channel_order": "in_order"});
    put(&api, PREFERENCES, &order).await;
    let me = get(&api, "/api/v1/auth/me").await["id"].clone();
    let targets = json!([{"kind": "person", "id": me}]);
    let route = json!({"name": "me", "targets": targets});
    post(&api, "/api/v1/notifications/routes", &route).await;
    post(&api, "/api/v1/alerts/rules", &always("one")).await;
    receiver
        .until(1, |it| it.path == "/second" && it.json()["rule"] == "one")
        .await
        .unwrap();
    // Language and order are where the next run of the server finds them.
    server.kill().unwrap();
    server.start().await.unwrap();
    let api = server.login("admin").await.unwrap();
    put(&api, SETTINGS, &json!({"locale": "pt-PT"})).await;
    post(&api, "/api/v1/alerts/rules", &always("two")).await;
    receiver
        .until(1, |it| it.path == "/second" && it.json()["rule"] == "two")
        .await
        .unwrap();
    let ours = |rule: &Value| rule == "one" || rule == "two";
    let mut came = receiver.received();
    came.retain(|it| ours(&it.json()["rule"]));
    for request in came {
        let body = request.json();
        let word = if body["rule"] == "one" {
            "deutsch"
        } else {
            "own"
        };
        assert_eq!(body["said"], word, "{} {body}", request.path);
        assert_ne!(request.path, "/third", "the second had told");
    }
    let alert = active(&api, "one").await["id"].clone();
    let why = format!("/api/v1/alerts/{}/explain", alert.as_str().unwrap());
    let told = wait::until("both channels in the explanation", async || {
        let why = get(&api, &why).await.to_string();
        let said = [
            "The person is told at once (“admin”).",
            "“first” did not take it",
            "“second” took it",
        ];
        Ok(said.iter().all(|said| why.contains(said)).then_some(why))
    });
    told.await.unwrap();
}

async fn what_is_kept_about_a_person_is_a_file_for_that_person_and_for_admins() {
    let receiver = Receiver::start().unwrap();
    let server = TestServer::builder()
        .with_user("operator")
        .with_user("viewer")
        .with_env("WATCHPOST_EGRESS__ALLOW_PRIVATE", "true")
        .start()
        .await
        .unwrap();
    let api = server.login("admin").await.unwrap();
    let operator = server.login("operator").await.unwrap();
    let hook = json!({"url": receiver.base});
    let channel = add(&api, "phone of op", "webhook", &hook).await;
    let me = get(&operator, "/api/v1/auth/me").await["id"].clone();
    let route = json!({"name": "op", "targets": [{"kind": "person", "id": me}]});
    post(&api, "/api/v1/notifications/routes", &route).await;
    let browser = Browser::new(format!("{}/push/1", receiver.base)).unwrap();
    let browser = post(&operator, BROWSERS, &browser.subscription()).await;
    put(&operator, PREFERENCES, &json!({"warning": [channel["id"]]})).await;
    let key = json!({"name": "my script", "scopes": ["metrics.read"]});
    let key = post(&operator, "/api/v1/api-keys", &key).await;
    post(&api, "/api/v1/alerts/rules", &always("High")).await;
    receiver.until(1, |_| true).await.unwrap();
    let alert = active(&operator, "High").await["id"].clone();
    let act = format!("/api/v1/alerts/{}/acknowledge", alert.as_str().unwrap());
    let taken = operator.post(&act, &json!({"comment": "mine"})).await;
    taken.unwrap().expect(200).unwrap();
    let gone = format!("{BROWSERS}/{}", browser["id"].as_str().unwrap());
    let gone = operator.call(Method::DELETE, &gone, &Value::Null).await;
    gone.unwrap().expect(204).unwrap();

    let answer = operator.get("/api/v1/auth/me/personal-data").await.unwrap();
    let name = answer.header("content-disposition").to_owned();
    let secret = key["secret"].as_str().unwrap();
    assert!(!answer.text.contains(secret), "a key is told once");
    let data = answer.expect(200).unwrap();
    assert_eq!(
        name,
        "attachment; filename=\"watchpost-personal-data-operator.json\""
    );
    assert_eq!(data["user"]["username"], "operator");
    assert_eq!(data["settings"]["theme"], "system");
    assert_eq!(data["sessions"].as_array().unwrap().len(), 1);
    assert_eq!(data["api_keys"][0]["name"], "my script");
    let wanted = &data["notification_preferences"]["warning"];
    assert_eq!(*wanted, json!([channel["id"]]));
    assert_eq!(data["push_subscriptions"], json!([]));
    assert!(!data["inbox"].as_array().unwrap().is_empty());
    assert_eq!(data["deliveries"][0]["channel"], "phone of op");
    assert_eq!(data["acts"][0]["comment"], "mine");
    let consents = &data["consents"];
    assert_eq!(consents[0]["name"], "phone of op");
    assert_eq!(consents[0]["withdrawn_at"], Value::Null);
    assert_eq!(consents[1]["kind"], "browser");
    assert!(consents[1]["withdrawn_at"].is_string(), "{consents}");

    // The same file for who manages people, for nobody else; and nothing of it is another's.
    let path = format!("/api/v1/users/{}/personal-data", me.as_str().unwrap());
    let by_admin = get(&api, &path).await;
    assert_eq!(by_admin["consents"], *consents);
    let viewer = server.login("viewer").await.unwrap();
    viewer.get(&path).await.unwrap().expect(403).unwrap();
    let theirs = get(&viewer, "/api/v1/auth/me/personal-data").await;
    assert_eq!(
        (&theirs["consents"], &theirs["acts"]),
        (&json!([]), &json!([]))
    );
    let nobody = "/api/v1/users/00000000-0000-0000-0000-000000000000/personal-data";
    api.get(nobody).await.unwrap().expect(404).unwrap();

    // Who forgets it all keeps the proof of what had been asked for, with its end.
    let erased = operator
        .call(Method::DELETE, PREFERENCES, &Value::Null)
        .await;
    erased.unwrap().expect(204).unwrap();
    let list = get(&operator, "/api/v1/notifications/consents").await;
    let ends = list["items"].as_array().unwrap().iter();
    assert!(ends.clone().count() == 2 && ends.into_iter().all(|it| it["withdrawn_at"].is_string()));
    let gone = format!("/api/v1/users/{}", me.as_str().unwrap());
    let gone = api.call(Method::DELETE, &gone, &Value::Null).await.unwrap();
    gone.expect(204).unwrap();
    api.get(&path).await.unwrap().expect(404).unwrap();
}

async fn a_language_that_is_wrong_is_refused_by_its_place() {
    let server = server().await;
    let api = server.login("manager").await.unwrap();
    let many: serde_json::Map<String, Value> = ('a'..='u')
        .map(|letter| (format!("x{letter}"), json!({})))
        .collect();
    for (languages, field) in [
        (json!({"german!": {}}), "languages"),
        (json!({"de": {"text": "{% for %}"}}), "languages.de.text"),
        (json!({"de": {"html": "<b>x</b>"}}), "languages.de.html"),
        (json!({"de": {"subject": "x"}}), "languages.de.subject"),
        (Value::Object(many), "languages"),
    ] {
        let template = json!({
            "name": "x", "kind": "webhook", "parts": {}, "languages": languages,
        });
        let answer = api.post(TEMPLATES, &template).await.unwrap();
        let problem = answer.expect(422).unwrap();
        let named = problem["errors"][0]["field"].as_str().unwrap();
        assert!(named.starts_with(field), "{languages}: {problem}");
    }
    let locale = json!({"locale": "no language"});
    let refused = api.call(Method::PUT, SETTINGS, &locale).await.unwrap();
    let problem = refused.expect(422).unwrap();
    assert_eq!(problem["errors"][0]["field"], "locale", "{problem}");
    let order = json!({"channel_order": "backwards"});
    let refused = api.call(Method::PUT, PREFERENCES, &order).await.unwrap();
    let problem = refused.expect(422).unwrap();
    assert_eq!(problem["errors"][0]["field"], "channel_order", "{problem}");
}
