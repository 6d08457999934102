//! Series and layouts by number, in memory; changed only after what it says is committed.

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::sync::Arc;

use common::ids::ServerId;
use common::series::matcher::Filter;
use common::series::{Labels, MetricName, SeriesKey};

use super::order::Order;
use super::postings::Postings;

/// Orders that are known of a server: what is read less often makes frames of some kinds.
const MOST_ORDERS: usize = 16;

/// The number of a series in this database.
pub(super) type SeriesNumber = u32;

/// The series of a layout, ascending by number: column `n` of its frames is series `[n]`.
pub(super) type Columns = Arc<[SeriesNumber]>;

/// The series of one metric of one server.
#[derive(Debug, Default)]
struct OfMetric {
    numbers: BTreeMap<Labels, SeriesNumber>,
    postings: Postings,
}

/// What numbers stand for.
#[derive(Debug, Default)]
pub(super) struct Dictionary {
    metrics: HashMap<ServerId, HashMap<MetricName, OfMetric>>,
    keys: HashMap<SeriesNumber, SeriesKey>,
    /// The other way: senders cut their requests anew each time, so each series is looked up.
    by_key: HashMap<SeriesKey, SeriesNumber, foldhash::fast::RandomState>,
    layouts: HashMap<u32, Columns>,
    layout_of: HashMap<Columns, u32>,
    /// The orders in which each server sent last, the newest first.
    orders: HashMap<ServerId, VecDeque<Order>>,
}

impl Dictionary {
    /// The number of a series; `None` when it is new.
    pub(super) fn number(&self, key: &SeriesKey) -> Option<SeriesNumber> {
        self.by_key.get(key).copied()
    }

    /// The series of a number; `None` when it is not known.
    pub(super) fn key(&self, number: SeriesNumber) -> Option<&SeriesKey> {
        self.keys.get(&number)
    }

    /// The layout with these columns; `None` when it is new or not loaded.
    pub(super) fn layout_of(&self, columns: &[SeriesNumber]) -> Option<u32> {
        self.layout_of.get(columns).copied()
    }

    /// The order of a frame and its values column by column; `None` when its server never sent these
    /// series in this order, or not of late.
    pub(super) fn order(
        &self,
        server: ServerId,
        frame: &[(SeriesKey, f64)],
    ) -> Option<(&Order, Vec<f64>)> {
        let mut orders = self.orders.get(&server)?.iter();
        orders.find_map(|order| Some((order, order.values(frame)?)))
    }

    /// How many series there are.
    pub(super) fn len(&self) -> usize {
        self.keys.len()
    }

    /// How many series a server has.
    pub(super) fn count(&self, server: ServerId) -> usize {
        let metrics = self.metrics.get(&server);
        let counts = metrics.map(|metrics| metrics.values().map(|it| it.numbers.len()).sum());
        counts.unwrap_or(0)
    }

    /// The servers that have series, in no order.
    pub(super) fn servers(&self) -> impl Iterator<Item = ServerId> + '_ {
        self.metrics.keys().copied()
    }

    /// The metrics of one server with how many series each has, in no order.
    pub(super) fn metrics(
        &self,
        server: ServerId,
    ) -> impl Iterator<Item = (&MetricName, usize)> + '_ {
        let metrics = self.metrics.get(&server).into_iter().flatten();
        metrics.map(|(metric, series)| (metric, series.numbers.len()))
    }

    /// The numbers of the series of one server, in no order.
    pub(super) fn of_server(&self, server: ServerId) -> impl Iterator<Item = SeriesNumber> + '_ {
        let metrics = self.metrics.get(&server).into_iter().flatten();
        metrics.flat_map(|(_, series)| series.numbers.values().copied())
    }

    /// The series of one metric of one server that a filter wants, by labels.
    pub(super) fn of_metric(
        &self,
        server: ServerId,
        metric: &MetricName,
        filter: &Filter,
    ) -> Vec<&Labels> {
        let of_server = self.metrics.get(&server);
        let Some(of_metric) = of_server.and_then(|metrics| metrics.get(metric)) else {
            return Vec::new();
        };
        let is_wanted = |labels: &&Labels| filter.wants(metric, labels);
        let Some(candidates) = of_metric.postings.candidates(filter) else {
            return of_metric.numbers.keys().filter(is_wanted).collect();
        };
        let candidates = candidates.iter().filter_map(|number| self.keys.get(number));
        let mut wanted: Vec<&Labels> = candidates
            .map(|key| &key.labels)
            .filter(is_wanted)
            .collect();
        wanted.sort_unstable();
        wanted
    }

    /// Forgets layouts; who needs one again finds or makes it.
    pub(super) fn forget_layouts(&mut self, layouts: &[u32]) {
        for layout in layouts {
            if let Some(columns) = self.layouts.remove(layout) {
                self.layout_of.remove(&columns);
            }
        }
        for orders in self.orders.values_mut() {
            orders.retain(|order| !layouts.contains(&order.layout()));
        }
    }

    /// Learns what was committed.
    pub(super) fn learn(&mut self, news: News) {
        for (number, key) in news.series {
            let of_server = self.metrics.entry(key.server).or_default();
            let of_metric = of_server.entry(key.metric.clone()).or_default();
            let before = of_metric.numbers.insert(key.labels.clone(), number);
            if before.is_none() {
                of_metric.postings.add(&key.labels, number);
            }
            self.by_key.insert(key.clone(), number);
            self.keys.insert(number, key);
        }
        for (layout, columns) in news.layouts {
            self.layouts.insert(layout, Arc::clone(&columns));
            self.layout_of.insert(columns, layout);
        }
        for (server, order) in news.orders {
            let orders = self.orders.entry(server).or_default();
            orders.truncate(MOST_ORDERS - 1);
            orders.push_front(order);
        }
    }
}

/// What a transaction added or found; the dictionary learns it after the commit.
#[derive(Debug, Default)]
pub(super) struct News {
    /// Series with their numbers.
    pub(super) series: Vec<(SeriesNumber, SeriesKey)>,
    /// Layouts with their columns.
    pub(super) layouts: Vec<(u32, Columns)>,
    /// Orders in which servers sent.
    pub(super) orders: Vec<(ServerId, Order)>,
}

impl News {
    /// Whether there is nothing to learn.
    pub(super) fn is_empty(&self) -> bool {
        self.series.is_empty() && self.layouts.is_empty() && self.orders.is_empty()
    }
}
