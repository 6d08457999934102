//! What exporters say about metrics: type, help and unit, the newest of each; bounded, never on disk.

use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError, RwLock};

use common::exposition::FamilyKind;
use common::ids::ServerId;

/// Metrics of all servers that something is remembered of.
const MOST_METRICS: usize = 50_000;
/// Different things that are remembered of one metric of a server.
const MOST_OF_ONE: usize = 4;
/// Bytes of a help text that are remembered.
const MOST_HELP: usize = 512;
const MOST_UNIT: usize = 64;
const MOST_NAME: usize = 200;

/// What somebody said about a metric.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Metadata {
    /// How its values behave.
    pub kind: FamilyKind,
    /// What it is, for a person; empty when nobody said.
    pub help: String,
    /// What it is counted in; empty when nobody said.
    pub unit: String,
}

/// By server and metric; several when exporters do not agree, the one heard last at the end.
type Book = BTreeMap<(ServerId, String), Vec<Metadata>>;

/// What is known about metrics. Clones share it.
#[derive(Debug, Clone, Default)]
pub struct MetadataBook(Arc<RwLock<Book>>);

impl MetadataBook {
    /// Remembers what was said about a metric of a server. What is too much is forgotten: of one
    /// metric the oldest, of all metrics those that are new.
    pub fn note(&self, server: ServerId, metric: &str, mut said: Metadata) {
        if metric.len() > MOST_NAME {
            return;
        }
        cut(&mut said.help, MOST_HELP);
        cut(&mut said.unit, MOST_UNIT);
        let key = (server, metric.to_owned());
        let newest = |entries: &Vec<Metadata>| entries.last() == Some(&said);
        // Nearly always nothing is new: readers are not held up for that.
        if self.with(|book| book.get(&key).is_some_and(newest)) {
            return;
        }
        let mut book = self.0.write().unwrap_or_else(PoisonError::into_inner);
        if book.len() >= MOST_METRICS && !book.contains_key(&key) {
            return;
        }
        let entries = book.entry(key).or_default();
        entries.retain(|known| *known != said);
        if entries.len() == MOST_OF_ONE {
            entries.remove(0);
        }
        entries.push(said);
    }

    /// What is known of metrics, by name, as the servers say that `may_see` lets through; each
    /// different thing once. With `metric` of that one alone.
    pub fn known(
        &self,
        may_see: impl Fn(ServerId) -> bool,
        metric: Option<&str>,
    ) -> BTreeMap<String, Vec<Metadata>> {
        let mut found = BTreeMap::<String, Vec<Metadata>>::new();
        self.with(|book| {
            for ((server, name), entries) in book {
                if metric.is_some_and(|wanted| wanted != name) || !may_see(*server) {
                    continue;
                }
                let of_one = found.entry(name.clone()).or_default();
                for entry in entries {
                    if !of_one.contains(entry) {
                        of_one.push(entry.clone());
                    }
                }
            }
        });
        found
    }

    fn with<T>(&self, look: impl FnOnce(&Book) -> T) -> T {
        look(&self.0.read().unwrap_or_else(PoisonError::into_inner))
    }
}

/// Cuts a text to at most `most` bytes, between two characters.
fn cut(text: &mut String, most: usize) {
    if text.len() > most {
        text.truncate(text.floor_char_boundary(most));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn said(help: &str) -> Metadata {
        Metadata {
            kind: FamilyKind::Counter,
            help: help.to_owned(),
            unit: String::new(),
        }
    }

    #[test]
    fn each_server_says_what_its_metrics_are() {
        let (one, two) = (ServerId(Uuid::from_u128(1)), ServerId(Uuid::from_u128(2)));
        let book = MetadataBook::default();
        for (server, metric, help) in [
            (one, "a", "An a."),
            (one, "a", "An a."),
            (two, "a", "An a."),
            (two, "a", "Another."),
            (two, "b", "A b."),
        ] {
            book.note(server, metric, said(help));
        }
        let all = book.known(|_| true, None);
        assert_eq!(all["a"], [said("An a."), said("Another.")]);
        assert_eq!(all["b"], [said("A b.")]);
        assert_eq!(book.known(|server| server == one, None).len(), 1);
        assert_eq!(book.known(|_| true, Some("b")).len(), 1);
    }

    #[test]
    fn what_is_remembered_is_bounded() {
        let (server, book) = (ServerId(Uuid::nil()), MetadataBook::default());
        for turn in 0..10 {
            book.note(server, "a", said(&turn.to_string()));
        }
        let known = book.known(|_| true, None);
        let helps: Vec<_> = known["a"].iter().map(|entry| entry.help.as_str()).collect();
        assert_eq!(helps, ["6", "7", "8", "9"]);
        book.note(server, "b", said(&"ä".repeat(1_000)));
        assert_eq!(book.known(|_| true, Some("b"))["b"][0].help.len(), 512);
        for metric in 0..MOST_METRICS + 10 {
            book.note(server, &format!("m{metric}"), said(""));
        }
        assert_eq!(book.known(|_| true, None).len(), MOST_METRICS);
    }
}
