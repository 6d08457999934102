//! How stored series look to PromQL, and which of them matchers mean; never where they are stored.

use std::collections::{HashMap, HashSet};
use std::ops::Range;
use std::sync::{Arc, LazyLock};

use common::ids::ServerId;
use common::metric::CATALOGUE;
use common::series::matcher::{BadPattern, Filter, MatchOp, Matcher, NAME_LABEL};
use common::series::{MetricName, SeriesKey};

use super::labels::LabelSet;
use crate::query::Selector;

/// Selects by the name of a server; not a label of the answer.
const SERVER: &str = "server";
/// The name of the server, where a series has no such label of its own.
const INSTANCE: &str = "instance";
const JOB: &str = "job";
/// The job of the metrics that Watchpost reads itself: dashboards for node exporters ask for it.
const OWN_JOB: &str = "node";

static BUILT_IN: LazyLock<HashSet<&str>> =
    LazyLock::new(|| CATALOGUE.iter().map(|metric| metric.name).collect());

/// The servers that somebody may see, by their names.
#[derive(Debug, Clone, Default)]
pub struct Names(HashMap<ServerId, Arc<str>>);

impl Names {
    /// Servers with their names.
    pub fn new(servers: impl IntoIterator<Item = (ServerId, String)>) -> Self {
        let shared = |(id, name): (ServerId, String)| (id, name.into());
        Self(servers.into_iter().map(shared).collect())
    }

    /// The labels of a stored series; `None` when its server may not be seen.
    pub fn labels(&self, key: &SeriesKey) -> Option<LabelSet> {
        let server = self.0.get(&key.server)?;
        let mut labels: Vec<(&str, &str)> = Vec::with_capacity(key.labels.len() + 3);
        labels.push((NAME_LABEL, &key.metric));
        labels.extend(key.labels.iter());
        if key.labels.get(INSTANCE).is_none() {
            labels.push((INSTANCE, server));
        }
        if key.labels.get(JOB).is_none() && BUILT_IN.contains(key.metric.as_str()) {
            labels.push((JOB, OWN_JOB));
        }
        labels.sort_unstable_by_key(|(name, _)| *name);
        Some(LabelSet::sorted(labels))
    }

    /// Whether a condition on a label that is made up for some series can only hold for those that
    /// have it themselves.
    fn is_stored(&self, matcher: &Matcher) -> bool {
        let value = matcher.value.as_str();
        let is_made_up = match matcher.name.as_str() {
            INSTANCE => self.0.values().any(|name| **name == *value),
            _ => value == OWN_JOB,
        };
        matcher.op == MatchOp::Equal && !value.is_empty() && !is_made_up
    }

    /// What matchers mean among the series of these servers.
    pub fn choose(&self, matchers: &[Matcher]) -> Result<Choice<'_>, BadPattern> {
        let (mut servers, mut shown, mut stored) = (Vec::new(), Vec::new(), Vec::new());
        let mut metric = None;
        for one in matchers {
            match one.name.as_str() {
                SERVER => servers.push(one.clone()),
                INSTANCE | JOB if !self.is_stored(one) => shown.push(one.clone()),
                NAME_LABEL if one.op == MatchOp::Equal && metric.is_none() => {
                    metric = Some(MetricName::from(one.value.as_str()));
                }
                _ => stored.push(one.clone()),
            }
        }
        let by_server = Filter::new(&servers)?;
        let mut servers: Vec<ServerId> = self
            .0
            .iter()
            .filter(|(_, name)| by_server.holds(|_| name))
            .map(|(id, _)| *id)
            .collect();
        servers.sort_unstable();
        Ok(Choice {
            names: self,
            servers,
            metric,
            stored: Filter::new(&stored)?,
            shown: Filter::new(&shown)?,
        })
    }
}

/// The stored series that matchers mean.
#[derive(Debug)]
pub struct Choice<'a> {
    names: &'a Names,
    servers: Vec<ServerId>,
    metric: Option<MetricName>,
    stored: Filter,
    /// Conditions on labels that are made up for who asks.
    shown: Filter,
}

impl Choice<'_> {
    /// No server can have such a series.
    pub fn is_empty(&self) -> bool {
        self.servers.is_empty()
    }

    /// What the store is asked for, for samples with `range.start ≤ time < range.end`; it gives
    /// more than is meant, see [`Choice::wants`].
    pub fn selector(&self, range: &Range<i64>) -> Selector {
        Selector {
            servers: Some(self.servers.clone()),
            metric: self.metric.clone(),
            filter: self.stored.clone(),
            from_ms: range.start,
            to_ms: range.end,
        }
    }

    /// Whether a series that the store found is meant.
    pub fn wants(&self, key: &SeriesKey) -> bool {
        let own = |name: &str| key.labels.get(name);
        self.shown.holds(|name| match name {
            INSTANCE => own(INSTANCE)
                .or_else(|| self.names.0.get(&key.server).map(AsRef::as_ref))
                .unwrap_or_default(),
            _ => own(JOB).unwrap_or_else(|| {
                let built_in = BUILT_IN.contains(key.metric.as_str());
                if built_in { OWN_JOB } else { "" }
            }),
        })
    }
}

#[cfg(test)]
mod tests {
    use common::series::Labels;
    use common::series::matcher::read;
    use uuid::Uuid;

    use super::*;

    fn id(number: u128) -> ServerId {
        ServerId(Uuid::from_u128(number))
    }

    fn names() -> Names {
        Names::new([(id(1), "web-1".to_owned()), (id(2), "db".to_owned())])
    }

    fn key(server: u128, metric: &str, labels: &[(&str, &str)]) -> SeriesKey {
        SeriesKey::new(id(server), metric, Labels::of(labels))
    }

    #[test]
    fn stored_series_get_the_labels_that_dashboards_ask_for() {
        for (key, expected) in [
            (
                key(1, "node_load1", &[]),
                r#"{__name__="node_load1", instance="web-1", job="node"}"#,
            ),
            (
                key(2, "queue_length", &[("zone", "a"), ("job", "")]),
                r#"{__name__="queue_length", instance="db", zone="a"}"#,
            ),
            (
                key(
                    2,
                    "node_load1",
                    &[("instance", "h:9100"), ("job", "x"), ("server", "y")],
                ),
                r#"{__name__="node_load1", instance="h:9100", job="x", server="y"}"#,
            ),
        ] {
            assert_eq!(names().labels(&key).unwrap().to_string(), expected);
        }
        assert_eq!(names().labels(&key(3, "node_load1", &[])), None);
    }

    #[test]
    fn matchers_are_asked_of_what_is_shown() {
        let own = key(1, "node_load1", &[]);
        let scraped = key(
            1,
            "node_load1",
            &[("instance", "h:9100"), ("job", "scraped")],
        );
        let custom = key(1, "queue", &[]);
        for (matchers, wanted) in [
            (r#"{instance="web-1"}"#, [true, false, true]),
            (r#"{instance=~".*:9100"}"#, [false, true, false]),
            (r#"{job="node"}"#, [true, false, false]),
            (r#"{job!="node"}"#, [false, true, true]),
            (r#"{job=""}"#, [false, false, true]),
            (r#"{instance="h:9100"}"#, [false, true, false]),
            (r#"{job="scraped"}"#, [false, true, false]),
            (r#"{server="web-1"}"#, [true, true, true]),
        ] {
            let (names, matchers) = (names(), read(matchers).unwrap().1);
            let choice = names.choose(&matchers).unwrap();
            let stored = choice.selector(&(0..1)).filter;
            let found = [&own, &scraped, &custom]
                .map(|key| stored.wants(&key.metric, &key.labels) && choice.wants(key));
            assert_eq!(found, wanted, "{matchers:?}");
        }
    }

    #[test]
    fn servers_are_chosen_by_all_operators() {
        for (matchers, servers) in [
            (r#"{server="web-1"}"#, vec![id(1)]),
            (r#"{server!="web-1"}"#, vec![id(2)]),
            (r#"{server=~"web-.+|db"}"#, vec![id(1), id(2)]),
            (r#"{server!~"web-.+|db"}"#, vec![]),
            (r#"{zone="a"}"#, vec![id(1), id(2)]),
        ] {
            let (names, matchers) = (names(), read(matchers).unwrap().1);
            let choice = names.choose(&matchers).unwrap();
            assert_eq!(choice.selector(&(0..1)).servers, Some(servers));
        }
    }
}
