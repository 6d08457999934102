//! A regular expression of a setting, checked where the setting is read; never what it is asked.

use std::fmt;

use regex::{Regex, RegexBuilder};
use serde::{Deserialize, Serialize};

/// Bytes that a compiled pattern may have: one that repeats repetitions would need gigabytes.
const MOST_BYTES: usize = 1 << 20;

/// A pattern that has to fit a whole text; `.` stands for any character.
#[derive(Clone, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Pattern {
    written: String,
    compiled: Regex,
}

impl Pattern {
    /// The pattern as it is asked.
    pub fn regex(&self) -> &Regex {
        &self.compiled
    }
}

impl TryFrom<String> for Pattern {
    type Error = String;

    fn try_from(written: String) -> Result<Self, Self::Error> {
        // Alone first: `a)|(b` becomes a pattern only by what is put around it.
        let wrong = |error: regex::Error| format!("no regular expression: {error}");
        let alone = RegexBuilder::new(&written).size_limit(MOST_BYTES).build();
        alone.map_err(wrong)?;
        let anchored = format!("^(?s:{written})$");
        let compiled = RegexBuilder::new(&anchored).size_limit(MOST_BYTES).build();
        let compiled = compiled.map_err(wrong)?;
        Ok(Self { written, compiled })
    }
}

impl From<Pattern> for String {
    fn from(pattern: Pattern) -> Self {
        pattern.written
    }
}

impl PartialEq for Pattern {
    fn eq(&self, other: &Self) -> bool {
        self.written == other.written
    }
}

impl fmt::Debug for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.written.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::Pattern;

    #[test]
    fn patterns_fit_whole_texts_or_are_refused() {
        for (pattern, text, fits) in [
            ("node_.*", "node_load1", true),
            ("node", "node_load1", false),
            ("a|b", "b", true),
            ("a|b", "bc", false),
            ("a.b", "a\nb", true),
            ("", "", true),
        ] {
            let pattern = Pattern::try_from(pattern.to_owned()).unwrap();
            assert_eq!(pattern.regex().is_match(text), fits, "{pattern:?} {text}");
        }
        for wrong in ["(", "a)|(b", "a{1000}{1000}{1000}"] {
            let error = Pattern::try_from(wrong.to_owned()).unwrap_err();
            assert!(error.contains("regular expression"), "{wrong}: {error}");
        }
    }
}
