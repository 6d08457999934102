//! What labels of wanted series look like, `mode=~"user|nice"`; never which series there are.
//!
//! The one type that queries, exports and rules choose series by. [`Filter`] tells whether a series
//! is wanted; it needs the feature `regex`, which the dashboard does without.

#[cfg(feature = "regex")]
mod filter;
mod list;
mod selector;

#[cfg(feature = "regex")]
pub use filter::{BadPattern, Filter};
pub use list::Matchers;
pub use selector::{SelectorError, read};

use serde::{Deserialize, Serialize};

use super::names::is_label_name;

/// The label that stands for the metric's own name.
pub const NAME_LABEL: &str = "__name__";

/// How a label is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum MatchOp {
    /// `=`: it has the value.
    #[default]
    #[serde(rename = "=")]
    Equal,
    /// `!=`: it has another value, or is absent.
    #[serde(rename = "!=")]
    NotEqual,
    /// `=~`: the whole value is as the pattern says.
    #[serde(rename = "=~")]
    Like,
    /// `!~`: it is not.
    #[serde(rename = "!~")]
    Unlike,
}

impl MatchOp {
    /// The signs that it is written as.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Equal => "=",
            Self::NotEqual => "!=",
            Self::Like => "=~",
            Self::Unlike => "!~",
        }
    }

    /// The sign at the start of a text; also what stands after it. `None` when there is none.
    fn read(text: &str) -> Option<(Self, &str)> {
        // The longer ones first: `=` begins `=~` as well.
        let all = [Self::Like, Self::Unlike, Self::NotEqual, Self::Equal];
        all.into_iter()
            .find_map(|op| Some((op, text.strip_prefix(op.as_str())?)))
    }
}

/// One condition on a label. An absent label is as one with an empty value.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Matcher {
    /// The name of the label.
    pub name: String,
    /// How it is compared.
    #[serde(default)]
    pub op: MatchOp,
    /// The value, or the pattern.
    pub value: String,
}

impl Matcher {
    /// The label has that value; an empty one: it is absent.
    pub fn equal(name: &str, value: &str) -> Self {
        Self {
            name: name.to_owned(),
            op: MatchOp::Equal,
            value: value.to_owned(),
        }
    }
}

/// Like `mode=~"user|nice"`.
impl std::fmt::Display for Matcher {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}{}\"", self.name, self.op.as_str())?;
        for c in self.value.chars() {
            match c {
                '\\' => f.write_str(r"\\")?,
                '"' => f.write_str("\\\"")?,
                '\n' => f.write_str(r"\n")?,
                c => write!(f, "{c}")?,
            }
        }
        f.write_str("\"")
    }
}

/// The name at the start of a condition; also what stands after it.
fn read_name(text: &str) -> Option<(&str, &str)> {
    let is_other = |c: char| !(c.is_ascii_alphanumeric() || c == '_');
    let (name, rest) = text.split_at(text.find(is_other).unwrap_or(text.len()));
    is_label_name(name).then_some((name, rest))
}
