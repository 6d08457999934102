//! The character NUL, which no text may have: not every database stores it. Never any other character.

use serde_json::Value;

use crate::http::problem::Problem;

/// Refuses text with a NUL in a JSON body; 422 with its place.
pub(super) fn refuse_in_json(body: &[u8]) -> Result<(), Problem> {
    // JSON has it in this form alone; mostly that is all there is to see.
    let escape = b"\\u0000";
    if !body.windows(escape.len()).any(|part| part == escape) {
        return Ok(());
    }
    let parsed = serde_json::from_slice(body).ok();
    match parsed.as_ref().and_then(place) {
        Some(place) => Err(refusal(&place)),
        None => Ok(()),
    }
}

/// What is answered about a text at a place.
pub(super) fn refusal(place: &str) -> Problem {
    Problem::field(place, "must not contain the character NUL")
}

/// The path of the first text with a NUL.
fn place(value: &Value) -> Option<String> {
    let below = |name: String, inner: &Value| {
        let path = place(inner)?;
        let dot = if path.is_empty() || path.starts_with('[') {
            ""
        } else {
            "."
        };
        Some(format!("{name}{dot}{path}"))
    };
    match value {
        Value::String(text) => text.contains('\0').then(String::new),
        Value::Array(items) => {
            let mut items = items.iter().enumerate();
            items.find_map(|(index, item)| below(format!("[{index}]"), item))
        }
        Value::Object(fields) => fields.iter().find_map(|(name, field)| {
            if name.contains('\0') {
                return Some(name.replace('\0', "\u{FFFD}"));
            }
            below(name.clone(), field)
        }),
        Value::Null | Value::Bool(_) | Value::Number(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_nul_is_refused_with_its_place() {
        for (body, field) in [
            (r#"{"name":"a\u0000b"}"#, Some("name")),
            (
                r#"{"rules":[{"x":1},{"tags":["a","\u0000"]}]}"#,
                Some("rules[1].tags[1]"),
            ),
            (r#"{"labels":{"a\u0000":"b"}}"#, Some("labels.a\u{FFFD}")),
            // A backslash and six letters.
            (r#"{"name":"a\\u0000b"}"#, None),
            (r#"{"name":"a"}"#, None),
        ] {
            let found = refuse_in_json(body.as_bytes()).err();
            let errors = found.map(|problem| problem.to_wire("").errors);
            let named = errors.as_ref().map(|errors| errors[0].field.as_str());
            assert_eq!(named, field, "{body}");
        }
    }
}
