//! Labels of a series: sorted names with their values; never a metric's name.

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Label names with their values, sorted by name, each name once; cheap to clone.
/// In JSON an object.
#[derive(Debug, Clone, Eq, PartialOrd, Ord, Hash)]
#[expect(
    clippy::derived_hash_with_manual_eq,
    reason = "equality means the same, it is only found out sooner"
)]
pub struct Labels(Arc<[(Box<str>, Box<str>)]>);

/// Those that are shared are not compared letter by letter: a host sends the same ones each second.
impl PartialEq for Labels {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0) || self.0 == other.0
    }
}

impl Labels {
    /// No labels.
    pub fn none() -> Self {
        Self(Arc::from([]))
    }

    /// A single label.
    pub fn one(name: &str, value: &str) -> Self {
        Self(Arc::from([(name.into(), value.into())]))
    }

    /// The labels in any order; of a name given twice the last value stands.
    pub fn of(labels: &[(&str, &str)]) -> Self {
        labels.iter().copied().collect()
    }

    /// The value of a label; `None` when there is no such label.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0
            .binary_search_by(|(known, _)| known.as_ref().cmp(name))
            .ok()
            .map(|at| self.0[at].1.as_ref())
    }

    /// Names with values, by name.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&str, &str)> {
        self.0
            .iter()
            .map(|(name, value)| (name.as_ref(), value.as_ref()))
    }

    /// There is no label.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Number of labels.
    pub fn len(&self) -> usize {
        self.0.len()
    }
}

impl Default for Labels {
    fn default() -> Self {
        Self::none()
    }
}

impl<N: Into<Box<str>>, V: Into<Box<str>>> FromIterator<(N, V)> for Labels {
    fn from_iter<I: IntoIterator<Item = (N, V)>>(labels: I) -> Self {
        let sorted: BTreeMap<Box<str>, Box<str>> = labels
            .into_iter()
            .map(|(name, value)| (name.into(), value.into()))
            .collect();
        Self(sorted.into_iter().collect())
    }
}

/// Like `device="sda",mode="idle"`; empty without labels.
impl std::fmt::Display for Labels {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for (at, (name, value)) in self.iter().enumerate() {
            if at > 0 {
                f.write_str(",")?;
            }
            write!(f, "{name}={value:?}")?;
        }
        Ok(())
    }
}

impl Serialize for Labels {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.iter())
    }
}

impl<'de> Deserialize<'de> for Labels {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let labels = BTreeMap::<String, String>::deserialize(deserializer)?;
        Ok(labels.into_iter().collect())
    }
}

#[cfg(feature = "openapi")]
impl utoipa::PartialSchema for Labels {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
        BTreeMap::<String, String>::schema()
    }
}

#[cfg(feature = "openapi")]
impl utoipa::ToSchema for Labels {}

#[cfg(test)]
mod tests {
    use super::Labels;

    #[test]
    fn labels_are_sorted_and_found() {
        let labels = Labels::of(&[("mode", "idle"), ("cpu", "0"), ("mode", "user")]);
        assert_eq!(
            labels.iter().collect::<Vec<_>>(),
            [("cpu", "0"), ("mode", "user")]
        );
        assert_eq!(labels, Labels::of(&[("cpu", "0"), ("mode", "user")]));
        assert_eq!(labels.get("cpu"), Some("0"));
        assert_eq!(labels.get("device"), None);
        assert_eq!(labels.to_string(), r#"cpu="0",mode="user""#);
        assert_eq!(Labels::none().to_string(), "");
    }
}
