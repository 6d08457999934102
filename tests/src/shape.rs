//! Whether JSON has the shape that a provider documents; never which provider.
//!
//! A text that begins with `$` in the expected JSON stands for many: `$text:150` for one to 150
//! characters, `$list:10` for up to ten entries, `$one:a,b` for one of these, `$uuid`, `$url`, `$time`, `$png`,
//! `$number`, `$bool`, `$any`. All else is itself; an object has the fields named and no others. An
//! entry of a list with `"?": true` may be missing.

use serde_json::Value;
use uuid::Uuid;

/// Where `found` is not as `expected`, by its path; nothing when it is.
pub fn differences(expected: &Value, found: &Value) -> Vec<String> {
    let mut wrong = Vec::new();
    compare(expected, found, "$", &mut wrong);
    wrong
}

fn compare(expected: &Value, found: &Value, path: &str, wrong: &mut Vec<String>) {
    match (expected, found) {
        (Value::String(pattern), found) if pattern.starts_with('$') => {
            if !fits(pattern, found) {
                wrong.push(format!("{path}: {found} is no {pattern}"));
            }
        }
        (Value::Object(expected), Value::Object(found)) => {
            for (name, value) in expected.iter().filter(|(name, _)| *name != "?") {
                let path = format!("{path}.{name}");
                match found.get(name) {
                    Some(found) => compare(value, found, &path, wrong),
                    None => wrong.push(format!("{path} is missing")),
                }
            }
            for name in found.keys().filter(|name| !expected.contains_key(*name)) {
                wrong.push(format!("{path}.{name} is nowhere documented"));
            }
        }
        (Value::Array(expected), Value::Array(found)) => lists(expected, found, path, wrong),
        (expected, found) if expected == found => {}
        (expected, found) => wrong.push(format!("{path}: {found} instead of {expected}")),
    }
}

fn lists(expected: &[Value], found: &[Value], path: &str, wrong: &mut Vec<String>) {
    let mut rest = found.iter().enumerate().peekable();
    for expected in expected {
        let is_optional = expected.get("?").is_some();
        let Some((at, found)) = rest.peek().copied() else {
            if !is_optional {
                wrong.push(format!("{path}: {expected} is missing"));
            }
            continue;
        };
        if is_optional && !differences(expected, found).is_empty() {
            continue;
        }
        compare(expected, found, &format!("{path}[{at}]"), wrong);
        rest.next();
    }
    for (at, found) in rest {
        wrong.push(format!("{path}[{at}]: {found} is too much"));
    }
}

/// Whether a text, or anything else, is one that the pattern stands for.
pub fn fits(pattern: &str, found: &Value) -> bool {
    let (name, of) = pattern.split_once(':').unwrap_or((pattern, ""));
    let most = of.parse().unwrap_or(usize::MAX);
    match (name, found) {
        ("$any", _) | ("$number", Value::Number(_)) | ("$bool", Value::Bool(_)) => true,
        ("$text", Value::String(text)) => !text.is_empty() && text.chars().count() <= most,
        ("$one", Value::String(text)) => of.split(',').any(|one| one == text),
        ("$uuid", Value::String(text)) => Uuid::parse_str(text).is_ok(),
        ("$url", Value::String(text)) => url::Url::parse(text).is_ok(),
        ("$time", Value::String(text)) => text.len() >= 20 && text.ends_with('Z'),
        // The first bytes of every PNG, in Base64.
        ("$png", Value::String(text)) => text.starts_with("iVBORw0KGgo"),
        ("$list", Value::Array(list)) => list.len() <= most,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_is_missing_or_too_much_is_named() {
        let expected = json!({ "a": "$text:3", "b": [{ "c": 1 }, { "d": "$any", "?": true }, 2] });
        for (found, wrong) in [
            (json!({ "a": "abc", "b": [{ "c": 1 }, 2] }), None),
            (
                json!({ "a": "abc", "b": [{ "c": 1 }, { "d": 5 }, 2] }),
                None,
            ),
            (json!({ "a": "abcd", "b": [{ "c": 1 }, 2] }), Some("$.a")),
            (json!({ "b": [{ "c": 1 }, 2] }), Some("$.a")),
            (json!({ "a": "a", "b": [{ "c": 2 }, 2] }), Some("$.b[0].c")),
            (json!({ "a": "a", "b": [{ "c": 1 }, 2, 3] }), Some("$.b[2]")),
            (json!({ "a": "a", "b": [], "x": 1 }), Some("$.b")),
        ] {
            let said = differences(&expected, &found);
            let first = said.first().map(String::as_str);
            assert!(
                first.is_some() == wrong.is_some()
                    && wrong.is_none_or(|wrong| first.is_some_and(|it| it.starts_with(wrong))),
                "{found}: {said:?}"
            );
        }
    }
}
