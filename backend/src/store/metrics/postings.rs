//! Which series of a metric have a label with a value, so that few of many are looked at; pure.

use std::collections::HashMap;
use std::hash::BuildHasher;

use common::series::Labels;
use common::series::matcher::Filter;

use super::dictionary::SeriesNumber;

/// Series by the hash of a label's name and value: two that have the same one widen a choice, and
/// whoever chooses looks at the labels anyway.
#[derive(Debug, Default)]
pub(super) struct Postings {
    series: HashMap<u64, Vec<SeriesNumber>>,
    hasher: foldhash::fast::RandomState,
}

impl Postings {
    /// Remembers a series under each of its labels.
    pub(super) fn add(&mut self, labels: &Labels, number: SeriesNumber) {
        for label in labels.iter() {
            let hash = self.hasher.hash_one(label);
            self.series.entry(hash).or_default().push(number);
        }
    }

    /// The series that may be wanted, by the rarest label that must have a value; `None` when no label
    /// must.
    pub(super) fn candidates(&self, filter: &Filter) -> Option<&[SeriesNumber]> {
        let lists = filter.equalities().map(|label| {
            let list = self.series.get(&self.hasher.hash_one(label));
            list.map(Vec::as_slice).unwrap_or_default()
        });
        lists.min_by_key(|list| list.len())
    }
}

#[cfg(test)]
mod tests {
    use common::series::matcher::Matcher;

    use super::*;

    #[test]
    fn the_rarest_label_chooses() {
        let mut postings = Postings::default();
        for (number, labels) in [
            [("mode", "user"), ("cpu", "0")],
            [("mode", "user"), ("cpu", "1")],
            [("mode", "idle"), ("cpu", "1")],
        ]
        .iter()
        .enumerate()
        {
            postings.add(&Labels::of(labels), u32::try_from(number).unwrap());
        }
        for (wanted, expected) in [
            (&[][..], None),
            (&[("mode", "")], None),
            (&[("mode", "user")], Some(&[0, 1][..])),
            (&[("mode", "user"), ("cpu", "0")], Some(&[0])),
            (&[("mode", "user"), ("cpu", "7")], Some(&[])),
            (&[("none", "x")], Some(&[])),
        ] {
            let matchers = wanted
                .iter()
                .map(|(name, value)| Matcher::equal(name, value));
            let filter = Filter::new(&matchers.collect::<Vec<_>>()).unwrap();
            assert_eq!(postings.candidates(&filter), expected, "{wanted:?}");
        }
    }
}
