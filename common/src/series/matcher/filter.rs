//! Whether a series meets conditions: compiled once, asked for each series; never which there are.

use regex::Regex;

use super::{MatchOp, Matcher, NAME_LABEL};
use crate::series::Labels;

/// Bytes that a compiled pattern may have: one that repeats repetitions would need gigabytes.
const MOST_BYTES: usize = 1 << 20;

/// Conditions that can be asked.
#[derive(Debug, Clone, Default)]
pub struct Filter(Vec<Condition>);

#[derive(Debug, Clone)]
struct Condition {
    name: String,
    test: Test,
}

#[derive(Debug, Clone)]
enum Test {
    Is(String),
    IsNot(String),
    Like(Regex),
    Unlike(Regex),
}

/// A pattern that is none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BadPattern {
    /// The label that it stands at.
    pub label: String,
    /// The character of the pattern at which it goes wrong, from 1; `None` when it is too large.
    pub at: Option<usize>,
    /// What is wrong there.
    pub what: String,
}

impl std::fmt::Display for BadPattern {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "the pattern of `{}` cannot be used: {}",
            self.label, self.what
        )?;
        match self.at {
            Some(at) => write!(f, " at its character {at}"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for BadPattern {}

impl Filter {
    /// Compiles conditions; patterns are anchored at both ends, and `.` stands for any character.
    pub fn new(matchers: &[Matcher]) -> Result<Self, BadPattern> {
        Self::within(matchers, MOST_BYTES)
    }

    /// The same with patterns that have no more than `most_bytes` each when they are compiled.
    pub fn within(matchers: &[Matcher], most_bytes: usize) -> Result<Self, BadPattern> {
        let condition = |one: &Matcher| {
            let test = match one.op {
                MatchOp::Equal => Test::Is(one.value.clone()),
                MatchOp::NotEqual => Test::IsNot(one.value.clone()),
                MatchOp::Like => Test::Like(compile(one, most_bytes)?),
                MatchOp::Unlike => Test::Unlike(compile(one, most_bytes)?),
            };
            let name = one.name.clone();
            Ok(Condition { name, test })
        };
        matchers
            .iter()
            .map(condition)
            .collect::<Result<_, _>>()
            .map(Self)
    }

    /// Whether a series of that metric with these labels is meant.
    pub fn wants(&self, metric: &str, labels: &Labels) -> bool {
        self.holds(|name| match name {
            NAME_LABEL => metric,
            name => labels.get(name).unwrap_or_default(),
        })
    }

    /// Whether all conditions hold for what `value_of` says of the labels they name.
    pub fn holds<'a>(&self, value_of: impl Fn(&str) -> &'a str) -> bool {
        self.0
            .iter()
            .all(|condition| condition.holds(value_of(&condition.name)))
    }

    /// The labels that must have a value, with it.
    pub fn equalities(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().filter_map(|condition| match &condition.test {
            Test::Is(value) if !value.is_empty() && condition.name != NAME_LABEL => {
                Some((condition.name.as_str(), value.as_str()))
            }
            _ => None,
        })
    }

    /// Whether a series without any label is meant: then nothing narrows the choice.
    pub fn wants_all(&self) -> bool {
        self.0.iter().all(|condition| condition.holds(""))
    }
}

impl Condition {
    fn holds(&self, value: &str) -> bool {
        match &self.test {
            Test::Is(wanted) => wanted == value,
            Test::IsNot(other) => other != value,
            Test::Like(pattern) => pattern.is_match(value),
            Test::Unlike(pattern) => !pattern.is_match(value),
        }
    }
}

fn compile(matcher: &Matcher, most_bytes: usize) -> Result<Regex, BadPattern> {
    let bad = |at, what: String| BadPattern {
        label: matcher.name.clone(),
        at,
        what,
    };
    // Alone first: `a)|(b` becomes a pattern only by what is put around it.
    if let Err(error) = regex_syntax::Parser::new().parse(&matcher.value) {
        return Err(match error {
            regex_syntax::Error::Parse(error) => {
                bad(Some(error.span().start.column), error.kind().to_string())
            }
            regex_syntax::Error::Translate(error) => {
                bad(Some(error.span().start.column), error.kind().to_string())
            }
            _ => bad(None, "it is not understood".to_owned()),
        });
    }
    regex::RegexBuilder::new(&format!("^(?s:{})$", matcher.value))
        .size_limit(most_bytes)
        .dfa_size_limit(MOST_BYTES)
        .build()
        .map_err(|_| bad(None, "it is too large".to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::series::matcher::Matchers;

    fn filter(text: &str) -> Result<Filter, BadPattern> {
        Filter::new(&text.parse::<Matchers>().unwrap().0)
    }

    #[test]
    fn conditions_are_those_of_prometheus() {
        let labels = Labels::of(&[("mode", "user"), ("cpu", "10"), ("text", "a\nb")]);
        for (text, expected) in [
            ("", true),
            ("mode=user", true),
            ("mode=use", false),
            ("mode!=user", false),
            ("mode=~us", false),
            ("mode=~us.*", true),
            ("mode=~idle|user", true),
            ("mode=~idle|use", false),
            ("mode!~idle|use", true),
            ("cpu=~1", false),
            ("cpu=~[0-9]+,mode!=idle", true),
            ("text=~a.b", true),
            ("none=", true),
            ("mode=", false),
            ("mode!=", true),
            ("none!=", false),
            ("none=~", true),
            ("none=~.*", true),
            ("none=~.+", false),
            ("none!~.+", true),
            ("none!=x", true),
            ("__name__=up", true),
            ("__name__=~down|up.+", false),
        ] {
            let wants = filter(text).unwrap().wants("up", &labels);
            assert_eq!(wants, expected, "{text}");
        }
    }

    #[test]
    fn what_narrows_nothing_is_known() {
        for (text, all) in [
            ("", true),
            ("a=", true),
            ("a=~.*", true),
            ("a!=b", true),
            ("a=b", false),
        ] {
            assert_eq!(filter(text).unwrap().wants_all(), all, "{text}");
        }
    }

    #[test]
    fn a_bad_pattern_is_named_with_its_place() {
        for (text, at) in [
            ("mode=~a(b", Some(2)),
            ("mode=~a)|(b", Some(2)),
            ("mode=~[z-a]", Some(2)),
            ("mode=~\"(a{1000}){1000}\"", None),
        ] {
            let error = filter(text).unwrap_err();
            assert_eq!(
                (error.label.as_str(), error.at),
                ("mode", at),
                "{text}: {error}"
            );
        }
        let said = filter("mode=~a(b").unwrap_err().to_string();
        assert_eq!(
            said,
            "the pattern of `mode` cannot be used: unclosed group at its character 2"
        );
    }
}
