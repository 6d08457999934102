//! What was typed about a channel as what the server takes, and back; pure.

use common::api::channels::{Channel, ChannelKind};
use common::problem::FieldError;
use serde_json::{Map, Value, json};

use super::kinds::{Input, fields};

/// What the form shows in a field of a channel that is there.
pub fn shown(channel: &Channel, name: &str) -> String {
    match channel.config.get(name) {
        Some(Value::String(text)) => text.clone(),
        Some(Value::Array(many)) => {
            let each = many.iter().filter_map(Value::as_str);
            each.collect::<Vec<_>>().join(", ")
        }
        None | Some(Value::Null) => String::new(),
        Some(other) => other.to_string(),
    }
}

/// The configuration that the fields of a kind make, or what is wrong with them. What is empty is left
/// out: a secret stays as it was, unless it is to be forgotten.
pub fn config(
    kind: ChannelKind,
    typed: impl Fn(&'static str) -> String,
    forgotten: impl Fn(&'static str) -> bool,
) -> Result<Map<String, Value>, Vec<FieldError>> {
    let (mut config, mut wrong) = (Map::new(), Vec::new());
    for field in fields(kind) {
        let text = typed(field.name);
        let text = text.trim();
        let value = match field.input {
            Input::Secret { .. } if text.is_empty() && forgotten(field.name) => Value::Null,
            _ if text.is_empty() => continue,
            Input::Line | Input::Secret { .. } | Input::Choice(_) => json!(text),
            Input::Number => {
                let Ok(number) = text.parse::<i64>() else {
                    wrong.push(FieldError::new(field.path, "is no whole number"));
                    continue;
                };
                json!(number)
            }
            Input::List => {
                let parts = text.split(',').map(str::trim);
                json!(parts.filter(|part| !part.is_empty()).collect::<Vec<_>>())
            }
        };
        config.insert(field.name.to_owned(), value);
    }
    if wrong.is_empty() {
        Ok(config)
    } else {
        Err(wrong)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What these fields make.
    fn made(
        kind: ChannelKind,
        typed: &[(&str, &str)],
        forgotten: &[&str],
    ) -> Result<Value, String> {
        let text = |name: &str| {
            let mut all = typed.iter();
            let found = all.find(|(known, _)| *known == name);
            found.map_or_else(String::new, |(_, text)| (*text).to_owned())
        };
        config(kind, text, |name| forgotten.contains(&name))
            .map(Value::Object)
            .map_err(|wrong| wrong[0].field.clone())
    }

    #[test]
    fn what_was_typed_becomes_a_configuration() {
        let url = ("url", " https://example.org/hook ");
        let plain = json!({ "url": "https://example.org/hook" });
        for (kind, typed, forgotten, expected) in [
            (ChannelKind::Webhook, &[url][..], &[][..], Ok(plain)),
            (
                ChannelKind::Webhook,
                &[url, ("secret", "s")],
                &["authorization", "secret"],
                Ok(
                    json!({ "url": "https://example.org/hook", "secret": "s", "authorization": null }),
                ),
            ),
            (
                ChannelKind::Email,
                &[
                    ("host", "mx"),
                    ("port", "2525"),
                    ("to", "a@b.c, ,d@e.f"),
                    ("security", "tls"),
                ],
                &[],
                Ok(
                    json!({ "host": "mx", "port": 2525, "to": ["a@b.c", "d@e.f"], "security": "tls" }),
                ),
            ),
            (
                ChannelKind::Email,
                &[("port", "x")],
                &[],
                Err("config.port".to_owned()),
            ),
        ] {
            assert_eq!(made(kind, typed, forgotten), expected, "{typed:?}");
        }
    }
}
