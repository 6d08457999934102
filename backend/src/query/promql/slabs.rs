//! Series cut into slabs that are read one after the other, so that a question holds few samples at once
//! however many it looks at; never what is read.

use std::collections::HashMap;

use common::series::SeriesKey;

use super::labels::LabelSet;
use super::names::Names;

/// Samples that are decoded at once, unless a single series has more.
pub(super) const SLAB_SAMPLES: usize = 2_000_000;
/// Samples that a slab is planned to have: an estimate may be wrong by a third.
const PLANNED: u64 = 1_500_000;

/// The series of a selector, of which a slab is taken at a time: all at once until they are cut.
#[derive(Debug)]
pub(super) struct Slabs {
    keys: Vec<SeriesKey>,
    /// How many keys stand before each place that may be cut at, ascending, the end among them; empty
    /// until something is cut.
    cuts: Vec<usize>,
    /// How many keys were taken.
    taken: usize,
    /// Keys of a slab, unless more look the same.
    most: usize,
}

impl Slabs {
    /// All in one.
    pub(super) fn new(keys: Vec<SeriesKey>) -> Self {
        Self {
            keys,
            cuts: Vec::new(),
            taken: 0,
            most: usize::MAX,
        }
    }

    /// The next slab; empty after the last one.
    pub(super) fn slab(&self) -> &[SeriesKey] {
        &self.keys[self.taken..self.end()]
    }

    /// The next slab was read.
    pub(super) fn pass(&mut self) {
        self.taken = self.end();
    }

    /// Whether the slab that comes next can be cut: series that look the same are one and stay together.
    pub(super) fn is_divisible(&self) -> bool {
        let inner = self.taken + 1..self.end();
        if self.is_whole() {
            return !inner.is_empty();
        }
        let next = self.cuts.partition_point(|cut| *cut <= self.taken);
        self.cuts.get(next).is_some_and(|cut| inner.contains(cut))
    }

    /// Nothing was cut.
    pub(super) fn is_whole(&self) -> bool {
        self.cuts.is_empty()
    }

    /// From now on slabs are half as long, or shorter when all series together have `samples`.
    pub(super) fn cut(&mut self, names: &Names, samples: u64) {
        let half = self.slab().len() / 2;
        if self.is_whole() {
            self.arrange(names);
        }
        let keys = u64::try_from(self.keys.len()).unwrap_or(u64::MAX);
        let planned = keys.saturating_mul(PLANNED) / samples.max(1);
        let planned = usize::try_from(planned).unwrap_or(usize::MAX);
        self.most = planned.min(half).max(1);
    }

    /// The last cut that is not too far away, or else the next one.
    fn end(&self) -> usize {
        let reach = self.taken.saturating_add(self.most);
        let beyond = self.cuts.partition_point(|cut| *cut <= reach);
        let within = self.cuts[..beyond].last().filter(|cut| **cut > self.taken);
        let end = within.or_else(|| self.cuts.get(beyond));
        end.copied().unwrap_or(self.keys.len())
    }

    /// Puts series that look the same behind the first of them; all others keep their order, by which
    /// those of a server lie together.
    fn arrange(&mut self, names: &Names) {
        let mut firsts: HashMap<LabelSet, usize> = HashMap::with_capacity(self.keys.len());
        let keys = self.keys.drain(..).enumerate().map(|(at, key)| {
            let labels = names.labels(&key);
            let first = labels.map_or(at, |labels| *firsts.entry(labels).or_insert(at));
            (first, key)
        });
        let mut keys: Vec<(usize, SeriesKey)> = keys.collect();
        keys.sort_by_key(|(first, _)| *first);
        let alike = keys.chunk_by(|(first, _), (next, _)| first == next);
        self.cuts = alike
            .scan(0, |end, alike| {
                *end += alike.len();
                Some(*end)
            })
            .collect();
        self.keys = keys.into_iter().map(|(_, key)| key).collect();
    }
}

#[cfg(test)]
mod tests {
    use common::ids::ServerId;
    use common::series::Labels;
    use uuid::Uuid;

    use super::*;

    fn key(server: u128, host: &str) -> SeriesKey {
        let labels = Labels::of(&[("host", host), ("instance", "i")]);
        SeriesKey::new(ServerId(Uuid::from_u128(server)), "load", labels)
    }

    /// The hosts of each slab, cut for a total of `samples`.
    fn slabs(keys: Vec<SeriesKey>, samples: u64) -> Vec<String> {
        let names = (1..3).map(|server| (ServerId(Uuid::from_u128(server)), String::new()));
        let names = Names::new(names);
        let mut slabs = Slabs::new(keys);
        if samples > 0 {
            slabs.cut(&names, samples);
        }
        let mut found = Vec::new();
        while !slabs.slab().is_empty() {
            let hosts = slabs.slab().iter().map(|key| key.labels.get("host"));
            found.push(hosts.flatten().collect());
            slabs.pass();
        }
        found
    }

    #[test]
    fn series_are_cut_by_how_many_samples_they_have() {
        let keys = || ["a", "b", "c", "d", "e"].map(|host| key(1, host)).to_vec();
        for (samples, expected) in [
            (0, vec!["abcde"]),
            (PLANNED, vec!["ab", "cd", "e"]),
            (5 * PLANNED, vec!["a", "b", "c", "d", "e"]),
            (50 * PLANNED, vec!["a", "b", "c", "d", "e"]),
        ] {
            assert_eq!(slabs(keys(), samples), expected, "{samples}");
        }
    }

    #[test]
    fn what_looks_the_same_stays_together() {
        let keys = ["a", "b", "c"].map(|host| key(1, host));
        let others = ["b", "x", "a"].map(|host| key(2, host));
        let keys = || [&keys[..], &others[..]].concat();
        for (samples, expected) in [
            (0, vec!["abcbxa"]),
            (2 * PLANNED, vec!["aa", "bbc", "x"]),
            (9 * PLANNED, vec!["aa", "bb", "c", "x"]),
        ] {
            assert_eq!(slabs(keys(), samples), expected, "{samples}");
        }
        let alike = || vec![key(1, "a"), key(2, "a")];
        assert_eq!(slabs(alike(), 9 * PLANNED), ["aa"]);
        let names = Names::new([]);
        let mut whole = Slabs::new(vec![key(1, "a"), key(1, "a")]);
        assert!(whole.is_divisible() && whole.is_whole());
        whole.cut(&names, 0);
        assert!(!whole.is_whole());
    }
}
