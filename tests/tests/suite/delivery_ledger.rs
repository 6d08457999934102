//! Each change of an alert reaches the receiver, wherever `kill -9` strikes; what comes twice has the same key.

use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use anyhow::ensure;
use futures_util::future::join_all;
use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};
use tests::api::Api;
use tests::dice::Dice;
use tests::receiver::{Answer, Received, Receiver};
use tests::wait;

use crate::channels::{add, server};

crate::on_both!(
    each_change_arrives_wherever_the_kill_strikes,
    whole_lives_are_told_whenever_the_kill_strikes,
);

const KILLS: usize = 12;
const SERIES: u64 = 12;
/// Kills at random instants, while so many alerts live at a time.
const KILLS_AT_ANY_TIME: usize = 8;
const LIVES_AT_A_TIME: u64 = 12;
/// The rule of those alerts.
const LIFE: &str = "Life";
/// For one step: each of those kills may strike before it is told.
const STEP_PATIENCE: Duration = Duration::from_mins(2);

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
    let made = made(&api, "Ledger").await;
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

/// Every change of every alert of the rule that is to be told, as its history tells.
async fn made(api: &Api, rule: &str) -> Changes {
    let mut made = Changes::new();
    for alert in all(api, "/api/v1/alerts/history").await {
        if alert["rule"] != rule {
            continue;
        }
        let id = text(&alert["id"]);
        let detail = api.get(&format!("/api/v1/alerts/{id}")).await.unwrap();
        let detail = detail.expect(200).unwrap();
        for step in detail["history"].as_array().unwrap() {
            if step["change"] == "commented" || step["held"] == true {
                continue;
            }
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

/// What the receiver knows of the alerts of [`LIFE`].
#[derive(Debug, Default)]
struct Book {
    /// The alert by the label of its series.
    alerts: BTreeMap<String, String>,
    /// The keys of what was taken, by alert and word.
    keys: BTreeMap<(String, String), BTreeSet<String>>,
    requests: usize,
    /// Taken with a key that was taken before.
    repeats: usize,
}

impl Book {
    /// Refuses each tenth request and notes what the others say.
    fn answer(&mut self, request: &Received) -> Answer {
        self.requests += 1;
        if self.requests.is_multiple_of(10) {
            return Answer::status(500);
        }
        let (key, body) = (request.header("idempotency-key"), request.json());
        for told in body["alerts"].as_array().into_iter().flatten() {
            let alert = &told["alert"];
            if alert["rule"] != LIFE {
                continue;
            }
            let id = text(&alert["id"]);
            let life = text(&alert["labels"]["life"]);
            self.alerts.insert(life, id.clone());
            let keys = self.keys.entry((id, text(&told["event"]))).or_default();
            self.repeats += usize::from(!keys.insert(key.to_owned()));
        }
        Answer::status(200)
    }

    /// How often that was told of the alert of that life.
    fn told(&self, life: &str, event: &str) -> usize {
        let alert = self.alerts.get(life).cloned().unwrap_or_default();
        let keys = self.keys.get(&(alert, event.to_owned()));
        keys.map_or(0, BTreeSet::len)
    }
}

/// What happens to an alert.
#[derive(Debug, Clone, Copy)]
enum Step {
    /// A value comes, which makes it change like this.
    Push(u8, &'static str),
    Acknowledge,
    Comment,
}

impl Step {
    /// The word of the message; `None` when nobody is told.
    fn event(self) -> Option<&'static str> {
        match self {
            Self::Push(_, event) => Some(event),
            Self::Acknowledge => Some("acknowledged"),
            Self::Comment => None,
        }
    }
}

/// A life from the first crossing to the end. What is escalated may be taken once more.
fn script(dice: &mut Dice) -> Vec<Step> {
    let mut steps = Vec::new();
    for (value, event) in [
        (1, "fired"),
        (2, "escalated"),
        (1, "deescalated"),
        (0, "resolved"),
    ] {
        steps.push(Step::Push(value, event));
        if value > 0 && dice.below(3) == 0 {
            steps.push(Step::Comment);
        }
        if ["fired", "escalated"].contains(&event) && dice.below(2) == 0 {
            steps.push(Step::Acknowledge);
        }
    }
    steps
}

/// Where alerts live.
struct World {
    api: Api,
    book: Arc<Mutex<Book>>,
    /// How often the server was killed and is there again.
    restarts: Cell<usize>,
}

impl World {
    /// Lives one life after the other, each on a series of its own, until the last kill was
    /// survived; how many.
    async fn lives(&self, number: u64, mut dice: Dice) -> usize {
        let mut lived = 0;
        while self.restarts.get() < KILLS_AT_ANY_TIME {
            let life = format!("{number}-{lived}");
            for step in script(&mut dice) {
                self.take(&life, step).await;
            }
            lived += 1;
        }
        lived
    }

    /// Takes a step and waits until it was told. It is asked for again when there was no answer, and
    /// after a restart: a pushed value may not have been looked at yet when its server died.
    async fn take(&self, life: &str, step: Step) {
        let before = self.told(life, step);
        let mut done_after = None;
        let what = format!("{step:?} of life {life} to be told");
        let told = wait::until_within(&what, STEP_PATIENCE, async || {
            let restarts = self.restarts.get();
            if done_after != Some(restarts) {
                let answer = self.api.send(self.request(life, step)).await?;
                ensure!(answer.status == 200, "{answer:?}");
                done_after = Some(restarts);
            }
            let is_over = step.event().is_none() || self.told(life, step) > before;
            Ok(is_over.then_some(()))
        });
        told.await.unwrap();
    }

    fn told(&self, life: &str, step: Step) -> usize {
        let book = self.book.lock().unwrap();
        step.event().map_or(0, |event| book.told(life, event))
    }

    fn request(&self, life: &str, step: Step) -> RequestBuilder {
        let (act, body) = match step {
            Step::Push(value, _) => {
                let request = self.api.request(Method::POST, "/api/v1/metrics/custom");
                let body = format!("life_value{{life=\"{life}\"}} {value}\n");
                return request.header("Content-Type", "text/plain").body(body);
            }
            Step::Acknowledge => ("acknowledge", json!({})),
            Step::Comment => ("comments", json!({ "comment": "Somebody looks." })),
        };
        let alert = self.book.lock().unwrap().alerts[life].clone();
        let path = format!("/api/v1/alerts/{alert}/{act}");
        self.api.request(Method::POST, &path).json(&body)
    }
}

async fn whole_lives_are_told_whenever_the_kill_strikes() {
    let receiver = Receiver::start().unwrap();
    let book = Arc::<Mutex<Book>>::default();
    let own = Arc::clone(&book);
    receiver.answer(move |request, _| own.lock().unwrap().answer(request));
    let mut server = server().await;
    let mut dice = Dice::seeded();
    let api = server.login("admin").await.unwrap();
    // A busy machine shall neither tell of itself nor hold back what is told here.
    let rules = api.get("/api/v1/alerts/rules").await.unwrap();
    for rule in rules.expect(200).unwrap()["items"].as_array().unwrap() {
        let path = format!("/api/v1/alerts/rules/{}", text(&rule["id"]));
        let removed = api.send(api.request(Method::DELETE, &path)).await.unwrap();
        assert_eq!(removed.status, 204, "{removed:?}");
    }
    let hook = json!({ "url": receiver.base });
    let channel = add(&api, "life", "webhook", &hook).await;
    let rule = json!({
        "name": LIFE, "metric": "life_value", "comparison": ">=", "warning": 1.0, "critical": 2.0,
        "cooldown_seconds": 0, "channels": [channel["id"]],
    });
    let rule = api.post("/api/v1/alerts/rules", &rule).await.unwrap();
    rule.expect(201).unwrap();
    let world = World {
        api,
        book: Arc::clone(&book),
        restarts: Cell::new(0),
    };
    let mut instants = dice.split();
    let killing = async {
        for kill in 1..=KILLS_AT_ANY_TIME {
            // No wait for anything: that the kill strikes at any instant is what is tried here.
            tokio::time::sleep(Duration::from_millis(50 + instants.below(651))).await;
            server.kill().unwrap();
            server.start().await.unwrap();
            world.restarts.set(kill);
        }
    };
    let lives = (0..LIVES_AT_A_TIME).map(|number| world.lives(number, dice.split()));
    let (counts, ()) = tokio::join!(join_all(lives), killing);
    let api = server.login("admin").await.unwrap();
    until_all_arrived(&api).await;
    let made = made(&api, LIFE).await;
    let book = book.lock().unwrap();
    let is_lost = |change: &&(String, String)| !book.keys.contains_key(*change);
    let lost: Vec<_> = made.keys().filter(is_lost).collect();
    assert!(lost.is_empty(), "lost: {lost:?}");
    let arrived = book.keys.iter();
    let arrived: Changes = arrived
        .map(|(change, keys)| (change.clone(), keys.len()))
        .collect();
    assert_eq!(arrived, made, "what comes twice has the same key");
    let keys: BTreeSet<_> = book.keys.values().flatten().collect();
    let messages: usize = arrived.values().sum();
    assert_eq!(keys.len(), messages, "one key, one change");
    let whole: usize = counts.into_iter().sum();
    let alerts: BTreeSet<_> = made.keys().map(|(alert, _)| alert).collect();
    assert_eq!(alerts.len(), whole);
    let (requests, repeats) = (book.requests, book.repeats);
    eprintln!(
        "{KILLS_AT_ANY_TIME} kills, {whole} lives, {messages} messages in {requests} requests, \
         {repeats} repeated, 0 lost"
    );
}
