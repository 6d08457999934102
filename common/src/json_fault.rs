//! Turns what serde says about JSON or a query into a path and a message; never a status.

use crate::problem::FieldError;

/// Where a value was wrong and what was wrong with it.
/// Serde names an unknown or missing field only in its message: it is moved into the path.
pub fn field_error(path: &str, message: &str) -> FieldError {
    let message = without_position(message);
    let path = if path == "." { "" } else { path };
    let named = ["unknown field `", "missing field `", "duplicate field `"]
        .iter()
        .find_map(|start| message.strip_prefix(start)?.split('`').next());
    let field = match named {
        Some(name) if path.is_empty() => name.to_owned(),
        Some(name) if path == name || path.ends_with(&format!(".{name}")) => path.to_owned(),
        Some(name) => format!("{path}.{name}"),
        None => path.to_owned(),
    };
    FieldError::new(field, message)
}

/// Serde's message without " at line 1 column 7".
fn without_position(message: &str) -> &str {
    match message.rfind(" at line ") {
        Some(at) if message[at..].contains(" column ") => &message[..at],
        _ => message,
    }
}

#[cfg(test)]
mod tests {
    use super::field_error;

    #[test]
    fn the_field_is_named_by_its_path() {
        for (path, message, field, said) in [
            (
                ".",
                "missing field `name` at line 1 column 2",
                "name",
                "missing field `name`",
            ),
            (
                "rule",
                "unknown field `x`, expected `a`",
                "rule.x",
                "unknown field `x`, expected `a`",
            ),
            ("rule.x", "unknown field `x`", "rule.x", "unknown field `x`"),
            (
                "a[2].b",
                "invalid type: null",
                "a[2].b",
                "invalid type: null",
            ),
            (".", "expected a list", "", "expected a list"),
        ] {
            let error = field_error(path, message);
            assert_eq!(
                (error.field.as_str(), error.message.as_str()),
                (field, said)
            );
        }
    }
}
