//! Conditions with commas between, `mode=~user|nice,cpu!=0`; never a metric's name.

use std::collections::BTreeMap;
use std::str::FromStr;

use serde::de::{Error, MapAccess, Visitor};
use serde::ser::SerializeMap;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::{MatchOp, Matcher, read_name};
use crate::series::Labels;
use crate::series::notation::read_value;

/// Conditions that a series must meet, all of them. In JSON an object of labels with their values,
/// or a text like `mode=~user|nice,cpu!=0`; a value with a comma in it stands in quotes.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Matchers(pub Vec<Matcher>);

impl Matchers {
    /// Every series is wanted.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The labels that are asked for by `=` alone; `None` when there is another condition.
    fn labels(&self) -> Option<BTreeMap<&str, &str>> {
        let mut labels = BTreeMap::new();
        for one in &self.0 {
            let is_new = labels
                .insert(one.name.as_str(), one.value.as_str())
                .is_none();
            if one.op != MatchOp::Equal || !is_new {
                return None;
            }
        }
        Some(labels)
    }
}

impl From<Labels> for Matchers {
    fn from(labels: Labels) -> Self {
        let equal = labels
            .iter()
            .map(|(name, value)| Matcher::equal(name, value));
        Self(equal.collect())
    }
}

impl FromStr for Matchers {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let mut matchers = Vec::new();
        let mut rest = text;
        while !rest.is_empty() {
            if let Some(after) = rest.strip_prefix(',') {
                rest = after;
                continue;
            }
            let (one, after) = read_one(rest).map_err(|(from, what)| {
                let at = text[..text.len() - from.len()].chars().count() + 1;
                format!("character {at}: {what}")
            })?;
            matchers.push(one);
            rest = after;
        }
        Ok(Self(matchers))
    }
}

/// A condition at the start of a text, and what stands after it; or where it goes wrong and how.
fn read_one(text: &str) -> Result<(Matcher, &str), (&str, String)> {
    let (name, after) = read_name(text).ok_or((text, "no name of a label".to_owned()))?;
    let (op, after) =
        MatchOp::read(after).ok_or((after, "none of `=`, `!=`, `=~`, `!~`".to_owned()))?;
    let (value, rest) = if let Some(quoted) = after.strip_prefix('"') {
        let (value, rest) = read_value(quoted).map_err(|error| (after, error.to_string()))?;
        (value.into_owned(), rest)
    } else {
        let (value, rest) = after.split_at(after.find(',').unwrap_or(after.len()));
        (value.to_owned(), rest)
    };
    if !rest.is_empty() && !rest.starts_with(',') {
        return Err((rest, "no comma after a value".to_owned()));
    }
    let name = name.to_owned();
    Ok((Matcher { name, op, value }, rest))
}

impl std::fmt::Display for Matchers {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for (index, one) in self.0.iter().enumerate() {
            let comma = if index > 0 { "," } else { "" };
            write!(f, "{comma}{one}")?;
        }
        Ok(())
    }
}

impl Serialize for Matchers {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Some(labels) = self.labels() else {
            return serializer.collect_str(self);
        };
        let mut map = serializer.serialize_map(Some(labels.len()))?;
        for (name, value) in labels {
            map.serialize_entry(name, value)?;
        }
        map.end()
    }
}

impl<'de> Deserialize<'de> for Matchers {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Either)
    }
}

/// An object or a text.
struct Either;

impl<'de> Visitor<'de> for Either {
    type Value = Matchers;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("labels with their values, or a text like `a=b,c!=d`")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Matchers, E> {
        text.parse().map_err(E::custom)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Matchers, A::Error> {
        let mut matchers = Vec::new();
        while let Some((name, value)) = map.next_entry::<String, String>()? {
            matchers.push(Matcher::equal(&name, &value));
        }
        Ok(Matchers(matchers))
    }
}

#[cfg(feature = "openapi")]
impl utoipa::PartialSchema for Matchers {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
        use utoipa::openapi::schema::{OneOfBuilder, Schema};
        let either = OneOfBuilder::new()
            .item(BTreeMap::<String, String>::schema())
            .item(String::schema());
        Schema::OneOf(either.build()).into()
    }
}

#[cfg(feature = "openapi")]
impl utoipa::ToSchema for Matchers {}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(list: &[(&str, MatchOp, &str)]) -> Matchers {
        let one = |(name, op, value): &(&str, MatchOp, &str)| Matcher {
            name: (*name).to_owned(),
            op: *op,
            value: (*value).to_owned(),
        };
        Matchers(list.iter().map(one).collect())
    }

    #[test]
    fn lists_are_read_and_written() {
        use MatchOp::{Equal, Like, NotEqual, Unlike};
        for (text, expected) in [
            ("", vec![]),
            ("cpu=0", vec![("cpu", Equal, "0")]),
            (
                "mountpoint=/a=b,fstype=",
                vec![("mountpoint", Equal, "/a=b"), ("fstype", Equal, "")],
            ),
            (
                "a!=b,c=~d.*|e,f!~g,c!=dd",
                vec![
                    ("a", NotEqual, "b"),
                    ("c", Like, "d.*|e"),
                    ("f", Unlike, "g"),
                    ("c", NotEqual, "dd"),
                ],
            ),
            (
                r#"a=~"b{1,2}\\d",c="\"""#,
                vec![("a", Like, r"b{1,2}\d"), ("c", Equal, "\"")],
            ),
        ] {
            let read: Matchers = text.parse().unwrap();
            assert_eq!(read, of(&expected), "{text}");
            assert_eq!(read.to_string().parse::<Matchers>().unwrap(), read);
            let json = serde_json::to_string(&read).unwrap();
            let again: Matchers = serde_json::from_str(&json).unwrap();
            let sorted = |mut it: Matchers| {
                it.0.sort_by(|a, b| (&a.name, &a.value).cmp(&(&b.name, &b.value)));
                it
            };
            assert_eq!(sorted(again), sorted(read), "{json}");
        }
        let labels = Matchers::from(Labels::one("cpu", "0"));
        assert_eq!(serde_json::to_string(&labels).unwrap(), r#"{"cpu":"0"}"#);
    }

    #[test]
    fn the_place_of_a_fault_is_said() {
        for (text, place) in [
            ("cpu", "character 4: none of"),
            ("=0", "character 1: no name"),
            ("a=b,é=c", "character 5: no name"),
            ("é=c", "character 1: no name"),
            ("a=\"b", "character 3: the labels do not end"),
            ("a=\"b\"c", "character 6: no comma"),
            ("a~b", "character 2: none of"),
        ] {
            let error = text.parse::<Matchers>().unwrap_err();
            assert!(error.starts_with(place), "{text}: {error}");
        }
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_read_or_refused(text in "[ -~\\n\u{e9}]{0,40}") {
            drop(text.parse::<Matchers>());
        }
    }
}
