//! Wiring of the parts: builds them, connects bounded channels; never does their work.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{Notify, mpsc};

use crate::alerts::noise::Book;
use crate::alerts::{Alerts, Recorder, RuleBook};
use crate::auth::{Auth, AuthError};
use crate::clock::Clock;
use crate::collect::scrape::{self, BadJob};
use crate::config::Config;
use crate::config::query::QueryConfig;
use crate::egress::{EgressError, Reach};
use crate::fleet::{Fleet, FleetError};
use crate::forward::{self, ForwardError, Forwarding, ServerNames};
use crate::http::{Traffic, ui};
use crate::ingest::{FiringCounts, Ingest};
use crate::jobs::{JobError, Jobs, Work};
use crate::live::{self, Hub, Inflow, Limits, Settings, Watched};
use crate::notify::config_file::ConfigFiles;
use crate::notify::picture::Pictures;
use crate::notify::{Inbox, MessageLinks, Notifications, Outbox, PushError, Wishes};
use crate::query::{self, Engine};
use crate::sealed::MasterKeyError;
use crate::store::metrics::Retention;
use crate::store::{Store, StoreError};
use crate::tasks::Tasks;

mod alerting;
mod health;
mod keeping;
mod live_answers;
mod own_metrics;
mod own_process;
mod sampling;
mod scraping;
mod storage;
#[cfg(test)]
mod tests;

pub use own_metrics::PageError;

use alerting::{Alerted, Alerting, Out};
use live_answers::Answers;
use sampling::{Sampled, Sampling};

/// How long tasks may take to end before they are aborted.
const GRACE: Duration = Duration::from_secs(10);

/// How many samples may wait for the rules.
const WAITING_FOR_RULES: usize = 256;

/// How many pushes may; the next one waits itself.
const PUSHES_WAITING_FOR_RULES: usize = 4;

/// The parts of a running server; handlers get it as `web::Data<App>`.
#[derive(Debug, Clone)]
pub struct App {
    /// The settings of this process.
    pub config: Config,
    /// Where the time comes from.
    pub clock: Clock,
    /// The running tasks.
    pub tasks: Tasks,
    /// The databases.
    pub store: Store,
    /// Questions about stored metrics.
    pub query: Engine,
    /// Logins and permissions.
    pub auth: Auth,
    /// The entrance for samples.
    pub ingest: Ingest,
    /// How scraping goes.
    pub scraping: scrape::Board,
    /// The watched servers.
    pub fleet: Fleet,
    /// What fires and fired.
    pub alerts: Alerts,
    /// The rules.
    pub rule_book: RuleBook,
    /// Silences and all else that people wrote about who is told.
    pub book: Book,
    /// How people want to be told.
    pub wishes: Wishes,
    /// All of these as one file.
    pub config_files: ConfigFiles,
    /// The worker that tells people.
    pub outbox: Outbox,
    /// People's inboxes.
    pub inbox: Inbox,
    /// What servers did around alerts.
    pub recorder: Recorder,
    /// Pictures of alerts.
    pub pictures: Pictures,
    /// The channels, what is said there, and what went to them.
    pub notifications: Notifications,
    /// Follows links of messages.
    pub links: MessageLinks,
    /// Who gets what is stored.
    pub forwarding: Forwarding,
    /// What the server does by itself.
    pub jobs: Jobs,
    /// The live connections.
    pub live: Hub,
    /// The requests since the start.
    pub traffic: Traffic,
}

impl App {
    /// Opens the data, builds the parts and starts them. Needs a tokio runtime.
    #[expect(
        clippy::too_many_lines,
        reason = "a line or two for each part, in the order of the data's way"
    )]
    pub async fn build(config: Config, clock: Clock) -> Result<Self, StartError> {
        let store = open(&config).await?;
        let tasks = Tasks::new();
        let auth = access(&config, &clock, &store, &tasks).await?;
        keeping::start(&tasks, clock.clone(), store.clone());
        let jobs = Jobs::start(&tasks, &clock, work(&config, &store)).await?;
        let (publisher, inflow) = live::channel();
        let (rules, stored) = mpsc::channel(WAITING_FOR_RULES);
        let (pushed, for_rules) = mpsc::channel(PUSHES_WAITING_FOR_RULES);
        let (firing, watched, servers_changed): (FiringCounts, Watched, Arc<Notify>) =
            <_>::default();
        let sampling = Sampling {
            collect: config.collect.clone(),
            clock: clock.clone(),
            store: store.clone(),
            firing: firing.clone(),
            weights: config.health,
            publisher: publisher.clone(),
            rules,
            pushed,
            metrics: config.metrics.clone(),
            servers_changed: Arc::clone(&servers_changed),
        };
        let sampled = sampling.start(&tasks, &watched).await?;
        let forwarding = forwarding(&config, &clock, &store, &sampled, &tasks).await?;
        let query = engine(&config.query, &store);
        let pictures = Pictures::new(store.clone(), query.clone(), clock.clone());
        let alerting = Alerting {
            clock: clock.clone(),
            store: store.clone(),
            query: query.clone(),
            firing,
            publisher,
            ingest: sampled.ingest.clone(),
            weights: config.health,
            samples: stored,
            pushed: for_rules,
            servers_changed,
            config: config.alerts.clone(),
            out: Out::new(&config)?,
            pictures: pictures.clone(),
        };
        let alerted = alerting.start(&tasks).await?;
        let answers = answers(&auth, &sampled, &alerted);
        let scraping = scraping::start(&config, &clock, &tasks, &sampled)?;
        let live = hub(answers, inflow, clock.clone(), &tasks, watched);
        let recorder = Recorder::new(store.clone(), query.clone(), clock.clone());
        recorder.clone().start(&tasks);
        Ok(Self {
            recorder,
            config_files: alerted.config_files(),
            pictures,
            query,
            auth,
            config,
            clock,
            tasks,
            store,
            ingest: sampled.ingest,
            scraping,
            fleet: sampled.fleet,
            alerts: alerted.alerts,
            rule_book: alerted.rule_book,
            book: alerted.book,
            wishes: alerted.wishes,
            outbox: alerted.outbox,
            inbox: alerted.inbox,
            notifications: alerted.notifications,
            links: alerted.links,
            forwarding,
            jobs,
            live,
            traffic: Traffic::default(),
        })
    }

    /// Ends all tasks, commits what is queued and gives the data directory back.
    pub async fn stop(self) {
        self.tasks.stop(GRACE).await;
        self.store.close().await;
    }
}

/// What the jobs work with.
fn work(config: &Config, store: &Store) -> Work {
    Work {
        store: store.clone(),
        retention: Retention::from(&config.metrics),
        alert_days: config.alerts.history_days,
        delivery_days: config.alerts.delivery_days,
    }
}

async fn open(config: &Config) -> Result<Store, StartError> {
    let (data_dir, url) = (config.data_dir.clone(), config.database.url.clone());
    let open = move || Store::open(&data_dir, url.as_ref());
    let opened = tokio::task::spawn_blocking(open).await;
    Ok(opened.map_err(|_| StartError::Interrupted)??)
}

fn engine(config: &QueryConfig, store: &Store) -> Engine {
    let limits = query::Limits {
        max_samples: usize::try_from(config.max_samples).unwrap_or(usize::MAX),
        max_series: usize::try_from(config.max_series).unwrap_or(usize::MAX),
        timeout: Duration::from_secs(config.timeout_seconds.into()),
    };
    Engine::new(Arc::new(store.metrics().clone()), limits)
}

async fn forwarding(
    config: &Config,
    clock: &Clock,
    store: &Store,
    sampled: &Sampled,
    tasks: &Tasks,
) -> Result<Forwarding, ForwardError> {
    let fleet = sampled.fleet.clone();
    let parts = forward::Parts {
        metrics: store.metrics().clone(),
        clock: clock.clone(),
        names: ServerNames(Arc::new(move |server| fleet.name(server))),
        metadata: sampled.ingest.metadata().clone(),
        targets: Reach::targets(&config.egress),
    };
    Forwarding::start(&parts, tasks, &config.remote_write).await
}

/// Opens the access side and starts what it does by itself.
async fn access(
    config: &Config,
    clock: &Clock,
    store: &Store,
    tasks: &Tasks,
) -> Result<Auth, AuthError> {
    let (clock, store) = (clock.clone(), store.clone());
    let auth = Auth::open(&config.data_dir, config.auth.clone(), clock, store).await?;
    tasks.spawn("key uses", auth.clone().write_key_uses(tasks.token()));
    Ok(auth)
}

fn answers(auth: &Auth, sampled: &Sampled, alerted: &Alerted) -> Answers {
    Answers {
        auth: auth.clone(),
        fleet: sampled.fleet.clone(),
        ingest: sampled.ingest.clone(),
        alerts: alerted.alerts.clone(),
        inbox: alerted.inbox.clone(),
    }
}

fn hub(answers: Answers, inflow: Inflow, clock: Clock, tasks: &Tasks, watched: Watched) -> Hub {
    let settings = Settings {
        build: ui::build_id().to_owned(),
        limits: Limits::default(),
        clock,
        tasks: tasks.clone(),
        watched,
        access: answers.auth.changes(),
    };
    Hub::start(settings, Arc::new(answers), inflow)
}

/// Why the server did not start; each says what a person can do.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The data could not be opened.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The key of the logins could not be read or made.
    #[error("logins: {0}")]
    Auth(#[from] AuthError),
    /// There is no key that secrets can be sealed with.
    #[error(transparent)]
    MasterKey(#[from] MasterKeyError),
    /// There is no way out for messages.
    #[error("messages: {0}")]
    Egress(#[from] EgressError),
    /// There is no key by which push services know the server.
    #[error("messages to browsers: {0}")]
    Push(#[from] PushError),
    /// The servers could not be read or the local one not be added.
    #[error("servers: {0}")]
    Fleet(#[from] FleetError),
    /// The jobs could not be read or added.
    #[error("jobs: {0}")]
    Jobs(#[from] JobError),
    /// A job of scraping makes no sense.
    #[error(transparent)]
    Scrape(#[from] BadJob),
    /// Receivers of remote writes are not set rightly.
    #[error(transparent)]
    Forward(#[from] ForwardError),
    /// The address to listen on cannot be had.
    #[error("cannot listen on {address}: {source}; {advice}")]
    Listen {
        /// The address.
        address: std::net::SocketAddr,
        /// What the system said.
        source: std::io::Error,
        /// What to do.
        advice: &'static str,
    },
    /// The process was told to stop while it started.
    #[error("stopped while starting")]
    Interrupted,
}
