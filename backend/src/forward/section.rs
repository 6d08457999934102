//! The labels with which a series leaves, as a message has them; whether it is sent at all. Never its
//! samples.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fmt;
use std::sync::Arc;

use common::ids::ServerId;
use common::metric::Metric;
use common::series::matcher::{Filter, NAME_LABEL};
use common::series::{Labels, SeriesKey};

use crate::config::remote_write::{Choice, ReceiverConfig};
use crate::protobuf::put_bytes;

/// What a server is called; `None` when there is none any more.
#[derive(Clone)]
pub struct ServerNames(pub Arc<dyn Fn(ServerId) -> Option<String> + Send + Sync>);

impl fmt::Debug for ServerNames {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ServerNames")
    }
}

/// The labels of a series, encoded.
pub(super) type Section = Arc<[u8]>;

/// What went to a receiver since the start.
#[derive(Debug, Default)]
pub(super) struct Sent {
    /// Metrics by name, as many as are stored at most.
    pub(super) metrics: BTreeSet<String>,
    /// Servers that they are of.
    pub(super) servers: BTreeSet<ServerId>,
}

/// How series leave to one receiver.
#[derive(Debug)]
pub(super) struct Sections {
    names: ServerNames,
    /// It gets what any of them wants; all when there is none.
    choices: Vec<Filter>,
    external: BTreeMap<String, String>,
    /// By the series' numbers; `None` for those that are not sent.
    known: HashMap<u32, Option<Section>>,
    sent: Sent,
}

impl Sections {
    pub(super) fn new(config: &ReceiverConfig, names: ServerNames) -> Self {
        Self {
            names,
            choices: config.send.iter().map(Choice::filter).collect(),
            external: config.external_labels.0.clone(),
            known: HashMap::new(),
            sent: Sent::default(),
        }
    }

    /// Forgets all: a server may be called otherwise by now.
    pub(super) fn forget(&mut self) {
        self.known.clear();
    }

    /// What was asked for by number and is sent.
    pub(super) fn sent(&self) -> &Sent {
        &self.sent
    }

    /// The labels of a series by its number, which `key` tells when it is asked first; `None` when it is
    /// not sent.
    pub(super) fn numbered(
        &mut self,
        number: u32,
        key: impl FnOnce() -> Option<SeriesKey>,
    ) -> Option<Section> {
        if let Some(known) = self.known.get(&number) {
            return known.clone();
        }
        let key = key();
        let section = key.as_ref().and_then(|key| self.of(key));
        if let Some(key) = key.filter(|_| section.is_some()) {
            self.sent.servers.insert(key.server);
            self.sent.metrics.insert(key.metric.as_str().to_owned());
        }
        self.known.insert(number, section.clone());
        section
    }

    /// The labels of a series: its own, its server as `instance` and the catalogue's job where it has none,
    /// then those of all; `None` when it is not sent.
    pub(super) fn of(&self, key: &SeriesKey) -> Option<Section> {
        let server = (self.names.0)(key.server)?;
        let mut labels: BTreeMap<&str, &str> = key.labels.iter().collect();
        labels.entry("instance").or_insert(&server);
        if Metric::find(&key.metric).is_some() {
            labels.entry("job").or_insert("node");
        }
        let mut asked = labels.clone();
        asked.entry("server").or_insert(&server);
        let asked: Labels = asked.into_iter().collect();
        let is_wanted = |filter: &Filter| filter.wants(&key.metric, &asked);
        if !self.choices.is_empty() && !self.choices.iter().any(is_wanted) {
            return None;
        }
        for (name, value) in &self.external {
            labels.entry(name).or_insert(value);
        }
        labels.insert(NAME_LABEL, &key.metric);
        Some(encoded(&labels))
    }
}

fn encoded(labels: &BTreeMap<&str, &str>) -> Section {
    let mut section = Vec::new();
    for (name, value) in labels {
        let mut label = Vec::with_capacity(name.len() + value.len() + 6);
        put_bytes(1, name.as_bytes(), &mut label);
        put_bytes(2, value.as_bytes(), &mut label);
        put_bytes(1, &label, &mut section);
    }
    section.into()
}
