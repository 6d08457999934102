//! Prometheus's way to choose series, `metric{a="b",c!~"d"}`; never a function or a range.

use super::{MatchOp, Matcher, read_name};
use crate::series::names::is_metric_name;
use crate::series::notation::read_value;

/// Why a text chooses no series.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SelectorError {
    /// The character at which it was found, from 1.
    pub at: usize,
    /// What is wrong there.
    pub what: String,
}

impl std::fmt::Display for SelectorError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "character {}: {}", self.at, self.what)
    }
}

impl std::error::Error for SelectorError {}

/// Reads a choice of series: the metric, if it is named, and the conditions on labels.
pub fn read(text: &str) -> Result<(Option<&str>, Vec<Matcher>), SelectorError> {
    let fault = |rest: &str, what: &str| SelectorError {
        at: text[..text.len() - rest.len()].chars().count() + 1,
        what: what.to_owned(),
    };
    let start = text.trim_start();
    let end = start.find(|c: char| c == '{' || c.is_whitespace());
    let (metric, rest) = start.split_at(end.unwrap_or(start.len()));
    if !metric.is_empty() && !is_metric_name(metric) {
        return Err(fault(start, "not the name of a metric"));
    }
    let metric = Some(metric).filter(|name| !name.is_empty());
    let rest = rest.trim_start();
    let Some(mut rest) = rest.strip_prefix('{') else {
        return match metric {
            None => Err(fault(rest, "neither the name of a metric nor `{`")),
            Some(_) if rest.is_empty() => Ok((metric, Vec::new())),
            Some(_) => Err(fault(rest, "something stands after the series")),
        };
    };
    let mut matchers = Vec::new();
    loop {
        rest = rest.trim_start();
        if let Some(after) = rest.strip_prefix('}') {
            rest = after.trim_start();
            break;
        }
        let (name, after) = read_name(rest).ok_or_else(|| fault(rest, "no name of a label"))?;
        let after = after.trim_start();
        let (op, after) =
            MatchOp::read(after).ok_or_else(|| fault(after, "none of `=`, `!=`, `=~`, `!~`"))?;
        let after = after.trim_start();
        let quoted = after
            .strip_prefix('"')
            .ok_or_else(|| fault(after, "before the value of a label `\"` is missing"))?;
        let (value, after) =
            read_value(quoted).map_err(|error| fault(after, &error.to_string()))?;
        matchers.push(Matcher {
            name: name.to_owned(),
            op,
            value: value.into_owned(),
        });
        rest = after.trim_start();
        rest = match rest.strip_prefix(',') {
            Some(after) => after,
            None if rest.starts_with('}') => rest,
            None => return Err(fault(rest, "after a label `,` or `}` is missing")),
        };
    }
    if rest.is_empty() {
        Ok((metric, matchers))
    } else {
        Err(fault(rest, "something stands after the series"))
    }
}

#[cfg(test)]
mod tests {
    use super::read;

    #[test]
    fn selectors_are_read() {
        for (text, metric, labels) in [
            ("up", Some("up"), ""),
            (" up {} ", Some("up"), ""),
            (
                r#"up{a="b",c!="d",e=~"f.*",g!~"h"}"#,
                Some("up"),
                r#"a="b",c!="d",e=~"f.*",g!~"h""#,
            ),
            (r#"{ a = "b" , c="\"}", }"#, None, r#"a="b",c="\"}""#),
            (r#"up{a=~"x",a!="xx"}"#, Some("up"), r#"a=~"x",a!="xx""#),
        ] {
            let (name, matchers) = read(text).unwrap();
            let written: Vec<_> = matchers.iter().map(ToString::to_string).collect();
            assert_eq!(
                (name, written.join(",").as_str()),
                (metric, labels),
                "{text}"
            );
        }
    }

    #[test]
    fn the_place_of_a_fault_is_said() {
        for (text, at) in [
            ("", 1),
            ("a-b", 1),
            ("up 1", 4),
            ("rate(up)", 1),
            ("up{", 4),
            ("up{a}", 5),
            ("up{a=b}", 6),
            ("up{a==\"b\"}", 6),
            ("up{a=\"b}", 6),
            ("up{a=\"b\\t\"}", 6),
            ("up{a=\"b\" c=\"d\"}", 10),
            ("up{a-b=\"c\"}", 5),
            ("up{a=\"é\"} 1", 11),
        ] {
            let error = read(text).unwrap_err();
            assert_eq!(error.at, at, "{text}: {error}");
        }
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_read_or_refused(text in "[ -~\\n\u{e9}]{0,60}") {
            drop(read(&text));
        }
    }
}
