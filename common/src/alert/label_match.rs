//! Which alerts are meant, by conditions on their labels; never whether an alert is one of them.

use serde::de::{Error, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::series::matcher::{Matcher, Matchers};

/// Conditions on the labels of an alert, all of which have to hold. In JSON a list of conditions;
/// a text like `a="b",c!="d"`, a list of such texts and an object of labels are read as well.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LabelMatch(pub Vec<Matcher>);

impl LabelMatch {
    /// There is no condition: every alert is meant.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl std::str::FromStr for LabelMatch {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        text.parse::<Matchers>().map(|matchers| Self(matchers.0))
    }
}

impl Serialize for LabelMatch {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for LabelMatch {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        if deserializer.is_human_readable() {
            deserializer.deserialize_any(Forms)
        } else {
            Vec::deserialize(deserializer).map(Self)
        }
    }
}

struct Forms;

impl<'de> Visitor<'de> for Forms {
    type Value = LabelMatch;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a list of conditions {name, op, value}, or a text like `a=b,c!=d`")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<LabelMatch, E> {
        text.parse().map_err(E::custom)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<LabelMatch, A::Error> {
        let mut matchers = Vec::new();
        while let Some((name, value)) = map.next_entry::<String, String>()? {
            matchers.push(Matcher::equal(&name, &value));
        }
        Ok(LabelMatch(matchers))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<LabelMatch, A::Error> {
        #[derive(Deserialize)]
        #[serde(
            untagged,
            expecting = "a condition {name, op, value}, or a text like `a=b`"
        )]
        enum One {
            Condition(Matcher),
            Text(String),
        }
        let mut matchers = Vec::new();
        while let Some(one) = list.next_element()? {
            match one {
                One::Condition(matcher) => matchers.push(matcher),
                One::Text(text) => {
                    let several: LabelMatch = text.parse().map_err(A::Error::custom)?;
                    matchers.extend(several.0);
                }
            }
        }
        Ok(LabelMatch(matchers))
    }
}

#[cfg(test)]
mod tests {
    use super::LabelMatch;

    #[test]
    fn all_forms_are_read_and_one_is_written() {
        let written = r#"[{"name":"server","op":"=","value":"web-1"}]"#;
        for form in [
            written,
            r#"[{"name":"server","value":"web-1"}]"#,
            r#"{"server":"web-1"}"#,
            r#""server=web-1""#,
            r#"["server=\"web-1\""]"#,
        ] {
            let read: LabelMatch = serde_json::from_str(form).unwrap();
            assert_eq!(serde_json::to_string(&read).unwrap(), written, "{form}");
        }
        for bad in [
            r#""server""#,
            r#"[{"name":"a","value":"b","negate":true}]"#,
            r#"[{"name":"a","op":"~","value":"b"}]"#,
            r#"{"a":1}"#,
            "[1]",
        ] {
            assert!(serde_json::from_str::<LabelMatch>(bad).is_err(), "{bad}");
        }
    }
}
