//! Each acknowledged sample is there once, with its last value, wherever `kill -9` strikes: also
//! while windows are packed and hours are sealed.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::Arc;
use std::time::SystemTime;

use reqwest::Method;
use serde_json::json;
use tests::api::Api;
use tests::dice::Dice;
use tests::server::TestServer;
use tokio::sync::Semaphore;

use crate::jobs;
use crate::keys::with_key;

crate::on_both!(every_acknowledged_sample_is_there_once_after_each_kill,);

const HOUR_MS: u64 = 3_600_000;
const KILLS: usize = 20;
const PUSHERS: usize = 4;
/// Series of each.
const SERIES: u64 = 3;
/// Hours that are filled later, counted back from now.
const HOURS_BACK: [u64; 3] = [3, 4, 26];

/// Values by series and time.
type Samples = BTreeMap<(u64, u64), f64>;

/// What one of those who push knows to be stored.
struct Ledger {
    api: Api,
    pusher: usize,
    dice: Dice,
    /// Acknowledged.
    stored: Samples,
    /// Sent and not answered.
    in_flight: Samples,
    /// Starts of the hours that are filled.
    hours: Vec<u64>,
    next_value: f64,
}

impl Ledger {
    /// Pushes until the server is gone; each answer is one permit.
    async fn fill(mut self, answered: Arc<Semaphore>) -> Self {
        loop {
            let batch = self.batch();
            let mut text = String::new();
            for ((series, at), value) in &batch {
                let pusher = self.pusher;
                writeln!(
                    text,
                    "ledger{{pusher=\"{pusher}\",n=\"{series}\"}} {value} {at}"
                )
                .unwrap();
            }
            self.in_flight = batch;
            let request = self.api.request(Method::POST, "/api/v1/metrics/custom");
            let request = request.header("Content-Type", "text/plain").body(text);
            match self.api.send(request).await {
                Ok(answer) if answer.status == 200 => {
                    self.stored.append(&mut self.in_flight);
                    answered.add_permits(1);
                }
                Ok(answer) => panic!("a push was refused: {answer:?}"),
                Err(_) => return self,
            }
        }
    }

    /// Samples of one hour, some of which replace earlier ones; mostly an hour long ago.
    fn batch(&mut self) -> Samples {
        let (mut batch, hour) = (Samples::new(), *self.dice.one_of(&self.hours));
        let start = self.dice.below(3_500);
        for n in 0..30 {
            let at = hour + (start + n * self.dice.below(4)).min(3_599) * 1_000;
            self.next_value += 0.25;
            batch.insert((self.dice.below(SERIES), at), self.next_value);
        }
        batch
    }

    /// Holds what the server has against what it acknowledged: all of that, and of the request that
    /// it did not answer all or nothing.
    fn check(&mut self, found: &Samples, round: usize) {
        let mut with_last = self.stored.clone();
        with_last.append(&mut self.in_flight);
        if *found == with_last {
            self.stored = with_last;
            return;
        }
        let differs = |(key, value): &(&(u64, u64), &f64)| found.get(key) != Some(value);
        let lost: Vec<_> = self.stored.iter().filter(differs).take(5).collect();
        let own = |(key, _): &(&(u64, u64), &f64)| !self.stored.contains_key(key);
        let more: Vec<_> = found.iter().filter(own).take(5).collect();
        assert!(
            *found == self.stored,
            "after kill {round}, pusher {}: not as acknowledged {lost:?}, nobody's {more:?}",
            self.pusher
        );
    }
}

/// All samples of each of those who push.
async fn stored(api: &Api, hours: &[u64]) -> Vec<Samples> {
    let mut all = vec![Samples::new(); PUSHERS];
    for hour in hours {
        let to = hour + HOUR_MS;
        let path = format!("/api/v1/metrics/query?metric=ledger&from={hour}&to={to}");
        let answer = api.get(&path).await.unwrap().expect(200).unwrap();
        for series in answer["series"].as_array().unwrap() {
            let label = |name: &str| -> usize {
                let label = series["labels"][name].as_str().unwrap();
                label.parse().unwrap()
            };
            let (pusher, n) = (label("pusher"), u64::try_from(label("n")).unwrap());
            for point in series["points"].as_array().unwrap() {
                let (at, value) = (point[0].as_u64().unwrap(), point[1].as_f64().unwrap());
                let before = all[pusher].insert((n, at), value);
                assert_eq!(before, None, "twice: series {n} of {pusher} at {at}");
            }
        }
    }
    all
}

fn now() -> u64 {
    let now = SystemTime::UNIX_EPOCH.elapsed().unwrap();
    u64::try_from(now.as_millis()).unwrap()
}

async fn every_acknowledged_sample_is_there_once_after_each_kill() {
    let mut dice = Dice::seeded();
    let mut server = TestServer::builder().start().await.unwrap();
    let admin = server.login("admin").await.unwrap();
    let (script, _) = with_key(&admin, &["metrics.write", "metrics.read"]).await;
    // The last one ends in the future that clocks are allowed.
    let this_hour = now() - HOUR_MS + 300_000;
    let long_ago = HOURS_BACK.map(|back| (now() / HOUR_MS - back) * HOUR_MS);
    let hours: Vec<u64> = long_ago.into_iter().chain([this_hour]).collect();
    let mut ledgers: Vec<Ledger> = (0..PUSHERS)
        .map(|pusher| Ledger {
            api: script.clone(),
            pusher,
            dice: dice.split(),
            stored: Samples::new(),
            in_flight: Samples::new(),
            hours: hours.clone(),
            next_value: 0.0,
        })
        .collect();
    let sealing = format!("{}/run", jobs::path(&jobs::job(&admin, "sealing").await));
    let mut interrupted = 0;
    for round in 0..KILLS {
        let answered = Arc::new(Semaphore::new(0));
        let filling = ledgers.into_iter();
        let filling = filling.map(|ledger| ledger.fill(Arc::clone(&answered)));
        let [first, more] = [45, 45].map(|most| u32::try_from(dice.below(most)).unwrap());
        let killing = async {
            answered.acquire_many(first).await.unwrap().forget();
            let seal = admin.post(&sealing, &json!({})).await.unwrap();
            seal.expect(202).unwrap();
            answered.acquire_many(more).await.unwrap().forget();
            server.kill().unwrap();
        };
        (ledgers, ()) = tokio::join!(futures_util::future::join_all(filling), killing);
        server.start().await.unwrap();
        let last = jobs::job(&admin, "sealing").await["last_run"].clone();
        interrupted += usize::from(last["outcome"] == "interrupted");
        for (ledger, found) in ledgers.iter_mut().zip(stored(&script, &hours).await) {
            ledger.check(&found, round);
        }
    }
    assert!(interrupted > 0, "no kill struck while hours were sealed");
    jobs::seal(&admin).await;
    for (ledger, found) in ledgers.iter_mut().zip(stored(&script, &hours).await) {
        ledger.check(&found, KILLS);
    }
    let integrity = jobs::run(&admin, "integrity").await;
    assert_eq!(integrity["outcome"], "done", "{integrity}");
    assert!(!server.log().contains("cannot be read"), "{}", server.log());
    let health = admin.get("/health").await.unwrap();
    let health = health.expect(200).unwrap();
    assert_eq!(health["checks"]["database"], "ok", "{health}");
}
