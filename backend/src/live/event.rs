//! What the parts tell the hub, and the bounded way to it; never who listens.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use common::alert::{Alert, AlertChange};
use common::api::inbox::InboxItem;
use common::host::HostSample;
use common::ids::{ServerId, UserId};
use common::time::UnixMs;
use tokio::sync::mpsc;

/// How many events may wait for the hub.
const WAITING: usize = 1024;

/// Something that clients may want to see. A closed set.
#[derive(Debug, Clone)]
pub enum LiveEvent {
    /// A server reported.
    Sample {
        /// Which.
        server: ServerId,
        /// When the sample was taken.
        at: UnixMs,
        /// The readings.
        sample: Arc<HostSample>,
    },
    /// An alert changed, and the change is committed.
    Alert {
        /// The number of the change: grows by one with each, also over a restart.
        seq: u64,
        /// How.
        change: AlertChange,
        /// The alert after it.
        alert: Box<Alert>,
    },
    /// A person's inbox changed, and the change is committed.
    Inbox {
        /// Whose.
        user: UserId,
        /// How many messages are unread in all.
        unread: u32,
        /// The new messages; empty when some were read.
        items: Vec<InboxItem>,
    },
    /// Silences, windows or other alerts began or ceased to hold alerts back, without a step of these.
    Holding,
    /// Servers were added, changed or removed.
    Servers,
}

/// The way into the hub. Clones share it; publishing never waits.
#[derive(Debug, Clone)]
pub struct Publisher {
    events: mpsc::Sender<LiveEvent>,
    lost: Arc<Lost>,
}

/// The hub's end.
#[derive(Debug)]
pub struct Inflow {
    pub(super) events: mpsc::Receiver<LiveEvent>,
    pub(super) lost: Arc<Lost>,
}

/// The way from the parts to the hub; `WAITING` events may wait in it.
pub fn channel() -> (Publisher, Inflow) {
    let (sender, receiver) = mpsc::channel(WAITING);
    let lost = Arc::<Lost>::default();
    let publisher = Publisher {
        events: sender,
        lost: Arc::clone(&lost),
    };
    let inflow = Inflow {
        events: receiver,
        lost,
    };
    (publisher, inflow)
}

/// Events that found the hub's queue full.
#[derive(Debug, Default)]
pub(super) struct Lost {
    samples: AtomicU64,
    others: AtomicU64,
}

impl Lost {
    /// Samples that were lost since the last call.
    pub(super) fn take_samples(&self) -> u64 {
        self.samples.swap(0, Ordering::Relaxed)
    }

    /// Changes of alerts, inboxes and servers that were lost since the last call.
    pub(super) fn take_others(&self) -> u64 {
        self.others.swap(0, Ordering::Relaxed)
    }
}

impl Publisher {
    /// Hands an event to the hub. When the hub is behind, the event is dropped and counted;
    /// clients that needed it are told to read again.
    pub fn publish(&self, event: LiveEvent) {
        if let Err(mpsc::error::TrySendError::Full(event)) = self.events.try_send(event) {
            let counter = match event {
                LiveEvent::Sample { .. } => &self.lost.samples,
                LiveEvent::Alert { .. }
                | LiveEvent::Inbox { .. }
                | LiveEvent::Holding
                | LiveEvent::Servers => &self.lost.others,
            };
            counter.fetch_add(1, Ordering::Relaxed);
        }
    }
}
