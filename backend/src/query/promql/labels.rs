//! Labels of a series as PromQL sees them, its name among them; never where a series is stored.

use std::cmp::Ordering;
use std::fmt;
use std::sync::Arc;

use common::series::matcher::NAME_LABEL;

/// Label names with their values, sorted by name, each name once, no value empty; cheap to clone.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct LabelSet(Arc<Pieces>);

/// All names and values one behind the other, so that thousands of sets are made without as many small pieces.
#[derive(PartialEq, Eq, Hash)]
struct Pieces {
    text: Box<str>,
    /// Where each piece ends: name, value, name, value …
    ends: Box<[u32]>,
}

impl LabelSet {
    /// No labels.
    pub fn none() -> Self {
        Self::sorted([])
    }

    /// Labels in any order; of a name given twice the last value stands, an empty value is no label.
    pub fn of<'a>(labels: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        let mut labels: Vec<_> = labels.into_iter().collect();
        labels.sort_by_key(|(name, _)| *name);
        let mut kept: Vec<(&str, &str)> = Vec::with_capacity(labels.len());
        for label in labels {
            match kept.last_mut() {
                Some(last) if last.0 == label.0 => *last = label,
                _ => kept.push(label),
            }
        }
        Self::sorted(kept)
    }

    /// Labels that are sorted already, each name once; those with an empty value are left out.
    pub(super) fn sorted<'a>(labels: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        let mut text = String::with_capacity(160);
        let mut ends = Vec::with_capacity(16);
        for (name, value) in labels {
            if value.is_empty() {
                continue;
            }
            for piece in [name, value] {
                text.push_str(piece);
                ends.push(u32::try_from(text.len()).unwrap_or(u32::MAX));
            }
        }
        Self(Arc::new(Pieces {
            text: text.into(),
            ends: ends.into(),
        }))
    }

    /// Names with values, by name.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        let mut start = 0;
        let mut piece = move |end: u32| {
            let end = end as usize;
            let piece = self.0.text.get(start..end).unwrap_or_default();
            start = end;
            piece
        };
        self.0.ends.chunks_exact(2).map(move |ends| {
            let name = piece(ends[0]);
            (name, piece(ends[1]))
        })
    }

    /// The value of a label; `None` when there is no such label.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.iter()
            .find(|(known, _)| *known == name)
            .map(|(_, value)| value)
    }

    /// The name of the metric; `None` when an operation took it away.
    pub fn metric(&self) -> Option<&str> {
        self.get(NAME_LABEL)
    }

    /// There is no label.
    pub fn is_empty(&self) -> bool {
        self.0.ends.is_empty()
    }

    /// Without the name of the metric.
    pub(super) fn without_name(&self) -> Self {
        match self.metric() {
            Some(_) => self.filtered(|name| name != NAME_LABEL),
            None => self.clone(),
        }
    }

    /// Only the labels of these names.
    pub(super) fn only(&self, names: &[String]) -> Self {
        self.filtered(|name| names.iter().any(|one| one == name))
    }

    /// Without the labels of these names, and without the name of the metric.
    pub(super) fn without(&self, names: &[String]) -> Self {
        self.filtered(|name| name != NAME_LABEL && !names.iter().any(|one| one == name))
    }

    /// With one label more, or with another value; an empty one takes it away.
    pub(super) fn with(&self, name: &str, value: &str) -> Self {
        Self::of(self.iter().chain([(name, value)]))
    }

    pub(super) fn filtered(&self, keep: impl Fn(&str) -> bool) -> Self {
        Self::sorted(self.iter().filter(|(name, _)| keep(name)))
    }
}

impl PartialOrd for LabelSet {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// Label by label, as Prometheus sorts answers.
impl Ord for LabelSet {
    fn cmp(&self, other: &Self) -> Ordering {
        self.iter().cmp(other.iter())
    }
}

/// Like `{__name__="up", job="node"}`.
impl fmt::Display for LabelSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("{")?;
        for (at, (name, value)) in self.iter().enumerate() {
            let comma = if at > 0 { ", " } else { "" };
            write!(f, "{comma}{name}={value:?}")?;
        }
        f.write_str("}")
    }
}

impl fmt::Debug for LabelSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_are_sorted_unique_and_never_empty() {
        let set = LabelSet::of([
            ("b", "2"),
            ("__name__", "up"),
            ("a", ""),
            ("b", "3"),
            ("é", "ü"),
        ]);
        assert_eq!(set.to_string(), r#"{__name__="up", b="3", é="ü"}"#);
        assert_eq!((set.get("b"), set.get("a")), (Some("3"), None));
        assert_eq!(set.metric(), Some("up"));
        assert_eq!(set.without_name().to_string(), r#"{b="3", é="ü"}"#);
        assert_eq!(
            set.with("b", ""),
            LabelSet::of([("__name__", "up"), ("é", "ü")])
        );
        assert_eq!(set.only(&["b".into()]), LabelSet::of([("b", "3")]));
        assert_eq!(set.without(&["b".into()]), LabelSet::of([("é", "ü")]));
        assert!(LabelSet::none().is_empty() && LabelSet::none() < set);
        // The same text cut elsewhere is another set.
        assert_ne!(LabelSet::of([("ab", "c")]), LabelSet::of([("a", "bc")]));
    }
}
