//! Wires the way of an alert: rule engine, outbox, inboxes, those who look now; never decides one.

use std::sync::Arc;
use std::time::Duration;

use common::health::HealthWeights;
use tokio::sync::{Notify, mpsc};

use super::StartError;
use crate::alerts::noise::{Book, Present};
use crate::alerts::{self, Alerts, RuleBook, Witness};
use crate::auth::LinkKey;
use crate::clock::Clock;
use crate::config::Config;
use crate::config::alerts::AlertsConfig;
use crate::egress::{EgressError, Reach};
use crate::ingest::{FiringCounts, Ingest, Stored};
use crate::live::{LiveEvent, Publisher};
use crate::notify::config_file::ConfigFiles;
use crate::notify::picture::{Keeper, Pictures};
use crate::notify::{
    self, Browsers, ChannelBook, DeliveryLog, Inbox, LinkMaker, MessageLinks, Notifications,
    OnInbox, Outbox, Personal, TemplateBook, Vapid, Wire, Wishes,
};
use crate::query::Engine;
use crate::sealed::{MasterKey, MasterKeyError, Sealer};
use crate::store::Store;
use crate::tasks::Tasks;

/// What alerting needs.
pub(super) struct Alerting {
    /// Where the time comes from.
    pub(super) clock: Clock,
    /// Where rules, alerts and messages are kept.
    pub(super) store: Store,
    /// Where rules look at what is stored.
    pub(super) query: Engine,
    /// Is told how many alerts fire on each server.
    pub(super) firing: FiringCounts,
    /// Shows alerts and messages to those who are connected.
    pub(super) publisher: Publisher,
    /// Knows what each server sent last.
    pub(super) ingest: Ingest,
    /// What readings and alerts cost in a server's score.
    pub(super) weights: HealthWeights,
    /// Stored samples.
    pub(super) samples: mpsc::Receiver<Stored>,
    /// Stored values that somebody pushed.
    pub(super) pushed: mpsc::Receiver<Vec<Stored>>,
    /// Says that servers are not what they were.
    pub(super) servers_changed: Arc<Notify>,
    /// What the settings say.
    pub(super) config: AlertsConfig,
    /// What messages need to go out.
    pub(super) out: Out,
    /// Draws what messages show.
    pub(super) pictures: Pictures,
}

/// What messages need to go out.
pub(super) struct Out {
    /// Where they may go.
    reach: Reach,
    /// Seals the secrets of channels.
    sealer: Sealer,
    /// Where links in them lead.
    public_url: Option<String>,
    /// Makes links that act.
    links: LinkMaker,
}

impl Out {
    /// As the settings say; the master key is made at the first start.
    pub(super) fn new(config: &Config) -> Result<Self, MasterKeyError> {
        let sealer = Sealer::new(MasterKey::open(config)?);
        let public_url = config.server.public_url.clone();
        let key = LinkKey::new(sealer.key_for("links in messages"));
        Ok(Self {
            reach: Reach::messages(&config.egress),
            sealer,
            links: LinkMaker::new(key, public_url.clone()),
            public_url,
        })
    }
}

/// What alerting brings.
pub(super) struct Alerted {
    /// The alerts.
    pub(super) alerts: Alerts,
    /// The rules.
    pub(super) rule_book: RuleBook,
    /// Silences and all else that people wrote about who is told.
    pub(super) book: Book,
    /// How people want to be told.
    pub(super) wishes: Wishes,
    /// What people were told.
    pub(super) inbox: Inbox,
    /// What is still to be told.
    pub(super) outbox: Outbox,
    /// Where and what it is told, and how that went.
    pub(super) notifications: Notifications,
    /// Follows links of messages.
    pub(super) links: MessageLinks,
}

impl Alerted {
    /// Rules and all about who is told as one file.
    pub(super) fn config_files(&self) -> ConfigFiles {
        ConfigFiles {
            book: self.book.clone(),
            channels: self.notifications.channels.clone(),
            templates: self.notifications.templates.clone(),
            rules: self.rule_book.clone(),
        }
    }
}

impl Alerting {
    /// Restores what the last run knew and starts engine and outbox.
    pub(super) async fn start(self, tasks: &Tasks) -> Result<Alerted, StartError> {
        let vapid = Vapid::open(&self.store, &self.clock, &self.out.sealer).await?;
        let (outbox, wire) = (Outbox::new(), self.wire(vapid.clone())?);
        let on_inbox = self.on_inbox();
        let inbox = Inbox::new(
            self.store.clone(),
            self.clock.clone(),
            Arc::clone(&on_inbox),
        );
        let present = Present::default();
        let parts = notify::Parts {
            store: self.store.clone(),
            clock: self.clock.clone(),
            tasks: tasks.clone(),
            on_inbox,
            wire: wire.clone(),
            present: present.clone(),
            messages_per_minute: self.config.channel_messages_per_minute,
        };
        notify::start(&outbox, parts).await?;
        let notifications = self.notifications(&outbox, wire, vapid);
        let book = self.book(&outbox, present.clone());
        let parts = alerts::Parts {
            present,
            on_change: self.on_change(outbox.clone()),
            on_holding: self.on_holding(),
            witness: self.witness(),
            store: self.store.clone(),
            clock: self.clock.clone(),
            tasks: tasks.clone(),
            firing: self.firing,
            samples: self.samples,
            pushed: self.pushed,
            servers_changed: self.servers_changed,
            look_every: Duration::from_secs(self.config.evaluation_interval_seconds.into()),
            query: self.query.clone(),
        };
        let alerts = alerts::start(parts).await?;
        let (pictures, clock) = (self.pictures.clone(), self.clock.clone());
        Keeper::new(self.store.clone(), pictures, clock).start(tasks);
        let wishes = Wishes::new(self.store.clone(), self.clock.clone());
        Ok(Alerted {
            links: MessageLinks {
                store: self.store.clone(),
                clock: self.clock.clone(),
                alerts: alerts.clone(),
                maker: self.out.links,
            },
            notifications,
            rule_book: RuleBook::new(self.store, self.clock, self.query, alerts.clone()),
            alerts,
            book,
            wishes,
            inbox,
            outbox,
        })
    }

    fn wire(&self, vapid: Vapid) -> Result<Wire, EgressError> {
        let (clock, sealer) = (self.clock.clone(), self.out.sealer.clone());
        let (reach, links) = (self.out.reach.clone(), self.out.links.clone());
        let wire = Wire::new(clock, sealer, reach, vapid, links)?;
        Ok(wire.with_pictures(self.pictures.clone()))
    }

    fn notifications(&self, outbox: &Outbox, wire: Wire, vapid: Vapid) -> Notifications {
        let (store, clock) = (self.store.clone(), self.clock.clone());
        Notifications {
            channels: self.channels(outbox, wire),
            templates: self.templates(),
            deliveries: DeliveryLog::new(store, clock, outbox.clone()),
            browsers: self.browsers(vapid),
            personal: self.personal(),
        }
    }

    fn personal(&self) -> Personal {
        Personal {
            store: self.store.clone(),
            clock: self.clock.clone(),
            sealer: self.out.sealer.clone(),
        }
    }

    fn browsers(&self, vapid: Vapid) -> Browsers {
        Browsers {
            store: self.store.clone(),
            clock: self.clock.clone(),
            sealer: self.out.sealer.clone(),
            reach: self.out.reach.clone(),
            vapid,
        }
    }

    fn book(&self, outbox: &Outbox, present: Present) -> Book {
        let (store, clock, woken) = (self.store.clone(), self.clock.clone(), outbox.clone());
        Book::new(store, clock, present, Arc::new(move || woken.wake()))
    }

    fn templates(&self) -> TemplateBook {
        TemplateBook {
            store: self.store.clone(),
            clock: self.clock.clone(),
            public_url: self.out.public_url.clone(),
        }
    }

    fn channels(&self, outbox: &Outbox, wire: Wire) -> ChannelBook {
        let (store, clock) = (self.store.clone(), self.clock.clone());
        let (sealer, reach) = (self.out.sealer.clone(), self.out.reach.clone());
        ChannelBook {
            store,
            clock,
            sealer,
            reach,
            wire,
            outbox: outbox.clone(),
        }
    }

    fn witness(&self) -> Witness {
        let ingest = self.ingest.clone();
        Witness {
            latest: Arc::new(move |server| ingest.seen(server).latest),
            weights: self.weights,
        }
    }

    fn on_change(&self, outbox: Outbox) -> alerts::OnChange {
        let publisher = self.publisher.clone();
        Arc::new(move |changed| {
            publisher.publish(LiveEvent::Alert {
                seq: changed.seq,
                change: changed.change,
                alert: Box::new(changed.alert),
            });
            outbox.wake();
        })
    }

    fn on_holding(&self) -> alerts::OnHolding {
        let publisher = self.publisher.clone();
        Arc::new(move || publisher.publish(LiveEvent::Holding))
    }

    fn on_inbox(&self) -> OnInbox {
        let publisher = self.publisher.clone();
        Arc::new(move |changed| {
            publisher.publish(LiveEvent::Inbox {
                user: changed.user,
                unread: changed.unread,
                items: changed.items,
            });
        })
    }
}
