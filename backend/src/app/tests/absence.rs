//! A receiver of remote writes that is away while what it misses is packed: another Watchpost, under a
//! clock that somebody moves.

use std::collections::BTreeMap;
use std::net::TcpListener;
use std::path::Path;

use actix_web::dev::ServerHandle;
use actix_web::web;
use common::access::Role;
use common::api::remote_write::{Receiver, ReceiverState};
use common::ids::{SessionId, UserId};
use common::series::matcher::Filter;
use common::series::{Labels, SeriesKey};
use uuid::Uuid;

use super::*;
use crate::auth::{Allowed, Credential, Principal, Scope};
use crate::config::egress::{EgressConfig, Place};
use crate::config::remote_write::ReceiverConfig;
use crate::http;
use crate::query::{Budget, Cancel, Source};
use crate::store::metrics::Frame;

const PASSWORD: &str = "correct horse battery";
/// Longer than anything here takes, on a busy machine.
const PATIENCE: Duration = Duration::from_mins(1);

/// The bits of values, by metric and time.
type Samples = BTreeMap<(String, i64), u64>;

/// A Watchpost that takes remote writes as long as it is there.
struct Other {
    app: App,
    port: u16,
    server: ServerHandle,
    _directory: tempfile::TempDir,
}

impl Other {
    async fn start(clock: &Clock) -> Self {
        let directory = tempfile::tempdir().unwrap();
        let config = Config {
            data_dir: directory.path().to_owned(),
            ..Config::default()
        };
        let app = App::build(config, clock.clone()).await.unwrap();
        app.auth.first_start(Some(PASSWORD)).await.unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        Self {
            port: listener.local_addr().unwrap().port(),
            server: serve(&app, listener),
            app,
            _directory: directory,
        }
    }

    async fn goes_away(&self) {
        self.server.stop(false).await;
    }

    fn comes_back(&mut self) {
        let listener = TcpListener::bind(("127.0.0.1", self.port)).unwrap();
        self.server = serve(&self.app, listener);
    }

    /// Settings of one that sends to it.
    fn sender(&self, data_dir: &Path, max_age_hours: u32) -> Config {
        let receiver = format!(
            "name = \"other\"\nurl = \"http://127.0.0.1:{}/api/v1/prom/api/v1/write\"\n\
             send = ['{{__name__=~\"orders|late_.*\"}}']\nmax_age_hours = {max_age_hours}\n\
             basic_auth = {{ username = \"admin\", password = \"{PASSWORD}\" }}\n",
            self.port
        );
        let receiver: ReceiverConfig = toml::from_str(&receiver).unwrap();
        Config {
            data_dir: data_dir.to_owned(),
            remote_write: vec![receiver],
            egress: EgressConfig {
                targets_allow: vec![Place::try_from("127.0.0.1".to_owned()).unwrap()],
                ..EgressConfig::default()
            },
            ..Config::default()
        }
    }

    /// All that it was sent.
    fn has(&self) -> Samples {
        let metrics = self.app.store.metrics();
        let all = Selector {
            servers: None,
            metric: None,
            filter: Filter::default(),
            from_ms: i64::MIN,
            to_ms: i64::MAX,
        };
        let mut keys = metrics.series(&all).unwrap();
        keys.retain(|key| *key.metric == *"orders" || key.metric.starts_with("late_"));
        let mut budget = Budget::new(usize::MAX, Cancel::default());
        let set = metrics.samples(&keys, i64::MIN..i64::MAX, &mut budget);
        let mut found = Samples::new();
        for (key, series) in keys.iter().zip(set.unwrap().series) {
            let points = series.times.iter().zip(series.values.iter());
            let metric = key.metric.as_str();
            found.extend(points.map(|(at, value)| ((metric.to_owned(), *at), value.to_bits())));
        }
        found
    }

    async fn gets(&self, count: usize) {
        until("samples at the receiver", || self.has().len() >= count).await;
    }
}

fn serve(app: &App, listener: TcpListener) -> ServerHandle {
    let server = http::server(web::Data::new(app.clone()), listener).unwrap();
    let handle = server.handle();
    app.tasks.spawn("http", async move {
        server.await.unwrap();
    });
    handle
}

async fn until(what: &str, is_so: impl Fn() -> bool) {
    let waiting = async {
        while !is_so() {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    let waited = tokio::time::timeout(PATIENCE, waiting).await;
    assert!(waited.is_ok(), "waited for {what}");
}

/// Stores a sample of a metric at each of these times.
async fn store(app: &App, metric: &str, times: impl Iterator<Item = i64>) -> Samples {
    let server = app.fleet.local();
    let (mut stored, mut frames) = (Samples::new(), Vec::new());
    for at in times {
        let value = f64::from(u32::try_from(at / 1_000 % 1_000_000).unwrap()) + 0.1;
        stored.insert((metric.to_owned(), at), value.to_bits());
        frames.push(Frame {
            server,
            at: UnixMs(at),
            values: [(SeriesKey::new(server, metric, Labels::default()), value)].into(),
            processes: None,
        });
    }
    app.store.metrics().append(frames).await.unwrap();
    stored
}

/// So many times a thousand seconds pass, with an order each; all windows that end are packed.
async fn pass(app: &App, turns: i64) -> Samples {
    let mut orders = Samples::new();
    for _ in 0..turns {
        let before = app.clock.now();
        app.clock.advance(Duration::from_secs(1_000));
        let times = (1..=1_000).map(|second| before.plus_ms(second * 1_000).0);
        orders.extend(store(app, "orders", times).await);
        let (metrics, now) = (app.store.metrics(), app.clock.now());
        metrics.pack_windows(now).await.unwrap();
        metrics.seal_hours(now).await.unwrap();
    }
    orders
}

/// The number of the first frame that waits.
async fn first_waiting(app: &App) -> i64 {
    let frames = app.store.metrics().frames_after(0, 1).await.unwrap();
    frames[0].id
}

fn told(app: &App) -> Receiver {
    let may = Allowed::for_test(Principal {
        user: UserId(Uuid::nil()),
        credential: Credential::Session(SessionId(Uuid::nil())),
        role: Role::Viewer,
        must_change_password: false,
        scope: Scope::All,
    });
    app.forwarding.receivers(&may).items.remove(0)
}

#[tokio::test]
async fn a_receiver_that_was_away_gets_all_that_waited() {
    let clock = Clock::fixed(NOW);
    let mut other = Other::start(&clock).await;
    let own = tempfile::tempdir().unwrap();
    let config = other.sender(own.path(), 72);
    let app = App::build(config.clone(), clock.clone()).await.unwrap();
    let mut sent = store(&app, "orders", (0..5).map(|ago| NOW.0 - ago * 1_000)).await;
    other.gets(sent.len()).await;
    until("the last answer", || told(&app).sent_samples == 5).await;

    other.goes_away().await;
    let an_hour_late = || std::iter::once(NOW.0 - 3_600_000);
    let lost = store(&app, "late_and_packed", an_hour_late()).await;
    sent.extend(pass(&app, 12).await);
    sent.extend(store(&app, "late_and_waiting", an_hour_late()).await);
    until("a failure", || told(&app).failed_requests > 0).await;
    let first = first_waiting(&app).await;
    assert!(first > 1_000, "{first}: nothing lies in packs alone");
    app.stop().await;
    other.comes_back();
    let app = App::build(config, clock).await.unwrap();
    other.gets(sent.len()).await;
    until("the end of catching up", || {
        let told = told(&app);
        told.state == ReceiverState::Sending && told.lag_seconds == 0.0
    })
    .await;
    let has = other.has();
    assert!(has == sent, "{} of {}", has.len(), sent.len());
    let (late, _) = lost.first_key_value().unwrap();
    assert!(
        !has.contains_key(late),
        "what is said in docs/remote-write.md has changed"
    );
    let told = told(&app);
    assert_eq!(
        (told.dropped_samples, told.refused_samples),
        (0, 0),
        "{told:?}"
    );
    app.stop().await;
}

#[tokio::test]
async fn what_was_packed_and_waited_too_long_is_given_up_and_counted() {
    let clock = Clock::fixed(NOW);
    let mut other = Other::start(&clock).await;
    let own = tempfile::tempdir().unwrap();
    let config = other.sender(own.path(), 1);
    let app = App::build(config.clone(), clock.clone()).await.unwrap();
    let before = store(&app, "orders", std::iter::once(NOW.0)).await;
    other.gets(1).await;
    until("the last answer", || told(&app).sent_samples == 1).await;
    other.goes_away().await;
    let waited = pass(&app, 12).await;
    app.stop().await;
    other.comes_back();
    let app = App::build(config, clock.clone()).await.unwrap();
    let last = waited.last_key_value().unwrap();
    until("the last sample", || {
        other.has().last_key_value() == Some(last)
    })
    .await;
    let told = told(&app);
    let dropped = usize::try_from(told.dropped_samples).unwrap();
    assert!(dropped >= 1_000, "{told:?}");
    assert!(told.last_error.unwrap().contains("max_age_hours"));
    // None but the oldest, none that was taken; those of a few seconds are counted and come all the same.
    let has = other.has();
    let missing = waited.len() + 1 - has.len();
    assert!(
        (missing..missing + 10).contains(&dropped),
        "{missing} of {dropped}"
    );
    let mut expected = before;
    expected.extend(waited.into_iter().skip(missing));
    assert!(has == expected, "{} of {}", has.len(), expected.len());
    let (_, oldest) = has.keys().nth(1).unwrap();
    assert!(*oldest < clock.now().0 - 3_600_000);
    app.stop().await;
}

#[tokio::test]
async fn a_request_that_waited_too_long_is_given_up_and_counted() {
    let clock = Clock::fixed(NOW);
    let mut other = Other::start(&clock).await;
    let own = tempfile::tempdir().unwrap();
    let app = App::build(other.sender(own.path(), 1), clock.clone())
        .await
        .unwrap();
    other.goes_away().await;
    store(&app, "orders", (0..3).map(|ago| NOW.0 - ago * 1_000)).await;
    until("a failure", || told(&app).failed_requests > 0).await;
    assert_eq!(told(&app).dropped_samples, 0);
    clock.advance(Duration::from_secs(3_601));
    until("what is given up", || told(&app).dropped_samples == 3).await;
    other.comes_back();
    let next = store(&app, "orders", std::iter::once(clock.now().0)).await;
    other.gets(1).await;
    assert_eq!(other.has(), next);
    app.stop().await;
}
