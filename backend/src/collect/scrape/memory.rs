//! What a target said last, so that what it does not say any more ends; pure.

use std::collections::{HashMap, HashSet};

use common::exposition::FamilyKind;
use common::series::{Labels, MetricName, STALE};
use common::time::UnixMs;

use super::page::{Page, PageFault, Scraped};
use super::target::Target;

/// What a target said last.
#[derive(Debug, Default)]
pub(super) struct Memory {
    series: HashSet<(MetricName, Labels)>,
    kinds: HashMap<String, FamilyKind>,
    /// Whether there are series about its scrapes.
    is_reported: bool,
}

/// What changes with a page.
#[derive(Debug)]
pub(super) struct Turn {
    now: HashSet<(MetricName, Labels)>,
    /// The ends of what is not said any more.
    pub(super) ended: Vec<Scraped>,
    /// How many series were not there before.
    pub(super) added: usize,
}

/// How one scrape went, for the series about it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Report {
    /// Something was taken.
    pub(super) is_up: bool,
    /// How long it took.
    pub(super) seconds: f64,
    /// Values that were read.
    pub(super) read: usize,
    /// Those that are kept.
    pub(super) kept: usize,
    /// Series that were not there before.
    pub(super) added: usize,
}

impl Memory {
    /// Takes note of types; one that is not what it was refuses this page, and is what counts
    /// from then on.
    pub(super) fn check_kinds(&mut self, page: &Page) -> Result<(), PageFault> {
        let mut changed = None;
        for (metric, family) in &page.families {
            let Some(kind) = family.kind else { continue };
            match self.kinds.insert(metric.clone(), kind) {
                Some(before) if before != kind => {
                    changed = Some(PageFault::TypeChangedSince {
                        metric: metric.clone(),
                        before: before.word(),
                        kind: kind.word(),
                    });
                }
                _ => {}
            }
        }
        self.kinds
            .retain(|metric, _| page.families.contains_key(metric));
        changed.map_or(Ok(()), Err)
    }

    /// What ends with this page, and what of it is new. Series with times of their own do not end:
    /// when they are said is not when they are so.
    pub(super) fn compare(&self, page: &Page) -> Turn {
        let untimed = page.samples.iter().filter(|sample| sample.at.is_none());
        let now: HashSet<_> = untimed
            .map(|sample| (sample.metric.clone(), sample.labels.clone()))
            .collect();
        Turn {
            ended: self.series.difference(&now).cloned().map(ended).collect(),
            added: now.difference(&self.series).count(),
            now,
        }
    }

    /// The page is stored: what it said is what was said last.
    pub(super) fn follow(&mut self, turn: Turn) {
        self.series = turn.now;
    }

    /// The ends of all that there is.
    pub(super) fn ends(&self) -> Vec<Scraped> {
        self.series.iter().cloned().map(ended).collect()
    }

    /// The ends of all are stored: nothing is left.
    pub(super) fn clear(&mut self) {
        self.series.clear();
    }

    /// The series about a scrape.
    pub(super) fn report(&mut self, target: &Target, report: Report) -> Vec<Scraped> {
        self.is_reported = true;
        about(target, report.values())
    }

    /// The ends of all, of the series about scrapes as well: the target has gone.
    pub(super) fn ends_with_reports(&self, target: &Target) -> Vec<Scraped> {
        let mut ended = self.ends();
        if self.is_reported {
            ended.extend(about(target, [STALE; 5]));
        }
        ended
    }
}

const ABOUT: [&str; 5] = [
    "up",
    "scrape_duration_seconds",
    "scrape_samples_scraped",
    "scrape_samples_post_metric_relabeling",
    "scrape_series_added",
];

impl Report {
    /// In the order of [`ABOUT`].
    #[expect(clippy::cast_precision_loss, reason = "counts of one scrape are small")]
    fn values(self) -> [f64; 5] {
        let up = if self.is_up { 1.0 } else { 0.0 };
        let count = |count: usize| count as f64;
        [
            up,
            self.seconds,
            count(self.read),
            count(self.kept),
            count(self.added),
        ]
    }
}

fn about(target: &Target, values: [f64; 5]) -> Vec<Scraped> {
    let each = ABOUT.into_iter().zip(values);
    each.map(|(metric, value)| Scraped {
        line: 0,
        metric: MetricName::known(metric),
        labels: target.labels.clone(),
        value,
        at: None::<UnixMs>,
    })
    .collect()
}

fn ended((metric, labels): (MetricName, Labels)) -> Scraped {
    Scraped {
        line: 0,
        metric,
        labels,
        value: STALE,
        at: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::collect::scrape::page::Family;

    fn page(series: &[&str], kinds: &[(&str, FamilyKind)]) -> Page {
        let samples = series.iter().map(|metric| Scraped {
            line: 1,
            metric: (*metric).into(),
            labels: Labels::none(),
            value: 1.0,
            at: metric.starts_with("timed").then_some(UnixMs(5)),
        });
        let families = kinds.iter().map(|(metric, kind)| {
            let family = Family {
                kind: Some(*kind),
                ..Family::default()
            };
            ((*metric).to_owned(), family)
        });
        Page {
            samples: samples.collect(),
            read: series.len(),
            families: families.collect(),
        }
    }

    fn names(ended: &[Scraped]) -> Vec<&str> {
        for sample in ended {
            assert_eq!(sample.value.to_bits(), 0x7ff0_0000_0000_0002);
        }
        let mut names: Vec<_> = ended.iter().map(|sample| sample.metric.as_str()).collect();
        names.sort_unstable();
        names
    }

    #[test]
    fn series_end_when_they_are_not_said_any_more() {
        let mut memory = Memory::default();
        for (said, ended, added) in [
            (&["a", "b"][..], &[][..], 2),
            (&["a", "b"], &[], 0),
            (&["b", "c", "timed"], &["a"], 1),
            (&["b", "c"], &[], 0),
            (&[], &["b", "c"], 0),
        ] {
            let turn = memory.compare(&page(said, &[]));
            assert_eq!(names(&turn.ended), ended, "{said:?}");
            assert_eq!(turn.added, added, "{said:?}");
            memory.follow(turn);
        }
        memory.follow(memory.compare(&page(&["a"], &[])));
        assert_eq!(names(&memory.ends()), ["a"]);
        memory.clear();
        assert!(memory.ends().is_empty());
        assert_eq!(memory.compare(&page(&["a"], &[])).added, 1);
    }

    #[test]
    fn a_changed_type_refuses_one_page() {
        let mut memory = Memory::default();
        let (gauge, counter) = (FamilyKind::Gauge, FamilyKind::Counter);
        for (kinds, is_good) in [
            (&[("a", gauge), ("b", gauge)][..], true),
            (&[("a", gauge), ("b", counter)], false),
            (&[("a", gauge), ("b", counter)], true),
            (&[("a", gauge)], true),
            (&[("b", gauge)], true),
        ] {
            let checked = memory.check_kinds(&page(&[], kinds));
            assert_eq!(checked.is_ok(), is_good, "{kinds:?}: {checked:?}");
        }
    }
}
