//! Each change of an alert reaches the receiver, wherever `kill -9` strikes; what comes twice has the same key.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::sync::Mutex;

use reqwest::Method;
use serde_json::{Value, json};
use tests::api::Api;
use tests::dice::Dice;
use tests::receiver::{Answer, Receiver};
use tests::wait;

use crate::channels::{add, server};

crate::on_both!(each_change_arrives_wherever_the_kill_strikes,);

const KILLS: usize = 12;
const SERIES: u64 = 12;

/// How often each change was made, or arrived, by alert and word.
type Changes = BTreeMap<(String, String), usize>;

async fn each_change_arrives_wherever_the_kill_strikes() {
    let receiver = Receiver::start().unwrap();
    // Some are refused twice; of some the answer does not arrive twice.
    let tries = Mutex::new(BTreeMap::<String, u32>::new());
    receiver.answer(move |request, _| {
        let key = request.header("idempotency-key").to_owned();
        let chance = key.bytes().map(u32::from).sum::<u32>() % 10;
        let mut tries = tries.lock().unwrap();
        let tries = tries.entry(key).or_default();
        *tries += 1;
        match (chance, *tries) {
            (0, ..=2) => Answer::status(503),
            (1, ..=2) => Answer::Reset,
            _ => Answer::status(200),
        }
    });
    let mut server = server().await;
    let mut dice = Dice::seeded();
    let api = server.login("admin").await.unwrap();
    let hook = json!({ "url": receiver.base });
    let channel = add(&api, "ledger", "webhook", &hook).await;
    let rule = json!({
        "name": "Ledger", "metric": "ledger_value", "comparison": ">=", "warning": 1.0,
        "cooldown_seconds": 0, "channels": [channel["id"]],
    });
    let rule = api.post("/api/v1/alerts/rules", &rule).await.unwrap();
    rule.expect(201).unwrap();
    for _ in 0..KILLS {
        let api = server.login("admin").await.unwrap();
        let more = usize::try_from(dice.below(30)).unwrap() + 1;
        let wanted = receiver.received().len() + more;
        let killing = async {
            receiver.until(wanted, |_| true).await.unwrap();
            server.kill().unwrap();
        };
        tokio::join!(push(api, dice.split()), killing);
        server.start().await.unwrap();
    }
    let api = server.login("admin").await.unwrap();
    let deliveries = until_all_arrived(&api).await;
    let made = made(&api).await;
    let mut keys: BTreeMap<String, BTreeSet<(String, String)>> = BTreeMap::new();
    for request in receiver.received() {
        let (key, body) = (request.header("idempotency-key").to_owned(), request.json());
        let change = (text(&body["alert"]["id"]), text(&body["event"]));
        let of_key = keys.entry(key).or_default();
        // The machine itself may be so busy that a rule of the server fires, which tells every channel.
        if body["alert"]["rule"] == "Ledger" {
            of_key.insert(change);
        }
    }
    let mut arrived = Changes::new();
    for (key, changes) in &keys {
        assert!(changes.len() < 2, "one key, one change: {key} {changes:?}");
        for change in changes {
            *arrived.entry(change.clone()).or_default() += 1;
        }
    }
    let known: BTreeSet<String> = deliveries.iter().map(|it| text(&it["id"])).collect();
    assert_eq!(keys.into_keys().collect::<BTreeSet<_>>(), known);
    assert!(made.len() > KILLS, "only {} changes", made.len());
    assert_eq!(arrived, made);
}

/// Pushes values around the threshold until the server is gone.
async fn push(api: Api, mut dice: Dice) {
    loop {
        let mut body = String::new();
        for n in 0..SERIES {
            writeln!(body, "ledger_value{{n=\"{n}\"}} {}", dice.below(2)).unwrap();
        }
        let request = api.request(Method::POST, "/api/v1/metrics/custom");
        let request = request.header("Content-Type", "text/plain").body(body);
        match api.send(request).await {
            Ok(answer) => assert_eq!(answer.status, 200, "{answer:?}"),
            Err(_) => return,
        }
    }
}

/// Waits until nothing is due any more; all deliveries to the channel.
async fn until_all_arrived(api: &Api) -> Vec<Value> {
    let due = "/api/v1/notifications/deliveries?state=due&limit=1";
    wait::until("the outbox to be empty", async || {
        let answer = api.get(due).await?.expect(200)?;
        let is_empty = answer["items"].as_array().is_some_and(Vec::is_empty);
        Ok(is_empty.then_some(()))
    })
    .await
    .unwrap();
    let all = all(api, "/api/v1/notifications/deliveries").await;
    let to_channel: Vec<_> = all
        .into_iter()
        .filter(|it| !it["channel"].is_null())
        .collect();
    for delivery in &to_channel {
        assert_eq!(delivery["state"], "delivered", "{delivery}");
    }
    to_channel
}

/// Every change of every alert of the rule, as its history tells.
async fn made(api: &Api) -> Changes {
    let mut made = Changes::new();
    for alert in all(api, "/api/v1/alerts/history").await {
        if alert["rule"] != "Ledger" {
            continue;
        }
        let id = text(&alert["id"]);
        let detail = api.get(&format!("/api/v1/alerts/{id}")).await.unwrap();
        let detail = detail.expect(200).unwrap();
        for step in detail["history"].as_array().unwrap() {
            let change = (id.clone(), text(&step["change"]));
            *made.entry(change).or_default() += 1;
        }
    }
    made
}

/// All pages of a list.
async fn all(api: &Api, path: &str) -> Vec<Value> {
    let (mut items, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = format!("{path}?limit=500{cursor}");
        let page = api.get(&page).await.unwrap().expect(200).unwrap();
        items.extend(page["items"].as_array().unwrap().clone());
        match page["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return items,
        }
    }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}
