//! Renders one template within bounds: steps, size of the text, no files, nobody else's functions.

use std::io;

use minijinja::value::ValueKind;
use minijinja::{AutoEscape, Environment, Error, ErrorKind, Output, State, Value};

use super::subset;
use crate::notify::message::cut;

/// Longest template, in bytes.
const SOURCE_BYTES: usize = 16 * 1024;
/// Longest text that comes of one, in bytes.
const TEXT_BYTES: usize = 64 * 1024;
/// Steps of a rendering.
const FUEL: u64 = 50_000;
/// Texts nested in texts.
const DEPTH: usize = 50;

/// What a template is for, and so how values in it are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// As they are.
    Text,
    /// So that no value is taken for a tag.
    Html,
    /// As JSON: a text in its quotes.
    Json,
}

/// Why a template gave no text.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}{message}", line.map_or_else(String::new, |line| format!("line {line}: ")))]
pub(super) struct Failed {
    /// From 1; `None` when it is no line's fault.
    pub(super) line: Option<usize>,
    pub(super) message: String,
}

/// What a template says with these values.
pub(super) fn render(source: &str, form: Form, values: &Value) -> Result<String, Failed> {
    if source.len() > SOURCE_BYTES {
        let message = format!("must not have more than {SOURCE_BYTES} bytes");
        return Err(Failed {
            line: None,
            message,
        });
    }
    subset::check(source).map_err(|refused| Failed {
        line: Some(refused.line),
        message: refused.message,
    })?;
    let environment = environment(form);
    let template = environment.template_from_named_str("template", source);
    let mut text = Bounded(Vec::new());
    let rendered = template.and_then(|template| {
        let rendered = template.render_captured_to(values.clone(), &mut text);
        rendered.map(|_| ())
    });
    rendered.map_err(|error| failed(&error))?;
    Ok(String::from_utf8_lossy(&text.0).into_owned())
}

fn failed(error: &Error) -> Failed {
    let message = match error.kind() {
        ErrorKind::OutOfFuel => "it takes too many steps".to_owned(),
        ErrorKind::WriteFailure => format!("its text has more than {TEXT_BYTES} bytes"),
        _ => error.detail().map_or_else(
            || error.kind().to_string(),
            |detail| format!("{}: {detail}", error.kind()),
        ),
    };
    Failed {
        line: error.line(),
        message,
    }
}

fn environment(form: Form) -> Environment<'static> {
    let mut environment = Environment::empty();
    environment.set_auto_escape_callback(move |_| match form {
        Form::Text => AutoEscape::None,
        Form::Html => AutoEscape::Html,
        Form::Json => AutoEscape::Json,
    });
    environment.set_formatter(move |out, state, value| write(form, out, state, value));
    environment.set_fuel(Some(FUEL));
    environment.set_recursion_limit(DEPTH);
    environment.add_filter("upper", |text: String| text.to_uppercase());
    environment.add_filter("lower", |text: String| text.to_lowercase());
    environment.add_filter("trim", |text: String| text.trim().to_owned());
    environment.add_filter("truncate", |text: String, most: usize| cut(&text, most));
    environment.add_filter("round", round);
    environment.add_filter("default", default);
    environment
}

/// One value at a time: what a list would look like is nobody's text but JSON's.
fn write(form: Form, out: &mut Output, state: &mut State, value: &Value) -> Result<(), Error> {
    let is_compound = matches!(
        value.kind(),
        ValueKind::Seq | ValueKind::Map | ValueKind::Iterable | ValueKind::Plain
    );
    if is_compound && form != Form::Json {
        let message = format!("a {} is no text: name one of its values", value.kind());
        return Err(Error::new(ErrorKind::InvalidOperation, message));
    }
    minijinja::escape_formatter(out, state, value)
}

/// With so many places after the point; at most ten.
fn round(number: f64, places: Option<usize>) -> String {
    format!("{number:.*}", places.unwrap_or(0).min(10))
}

/// Another value for one that is not there.
fn default(value: Value, other: Value) -> Value {
    if value.is_undefined() || value.is_none() {
        other
    } else {
        value
    }
}

/// A text that does not grow beyond its bound.
struct Bounded(Vec<u8>);

impl io::Write for Bounded {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.0.len() + bytes.len() > TEXT_BYTES {
            return Err(io::Error::other("too long"));
        }
        self.0.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use minijinja::value::Serde;

    use super::*;

    fn values() -> Value {
        Value::from(Serde(serde_json::json!({
            "title": "A \"b\" <c>",
            "alerts": [{ "value": 1.25 }, { "value": null }],
            "labels": { "host": "web-1" },
        })))
    }

    #[test]
    fn a_template_says_what_its_values_say() {
        for (form, source, text) in [
            (Form::Text, "{{ title }}", "A \"b\" <c>"),
            (Form::Html, "{{ title }}", "A &quot;b&quot; &lt;c&gt;"),
            (Form::Json, "{{ title }}", "\"A \\\"b\\\" <c>\""),
            (Form::Json, "{{ labels }}", "{\"host\":\"web-1\"}"),
            (
                Form::Text,
                "{% for one in alerts %}{{ one.value | default('-') }};{% endfor %}",
                "1.25;-;",
            ),
            (Form::Text, "{{ alerts[0].value | round(1) }}", "1.2"),
            (Form::Text, "{{ labels.host | upper | truncate(3) }}", "WE…"),
            (Form::Text, "{{ nothing }}{{ labels.nothing }}", ""),
            (Form::Text, "{{ title ~ '!' }}", "A \"b\" <c>!"),
        ] {
            assert_eq!(
                render(source, form, &values()).as_deref(),
                Ok(text),
                "{source}"
            );
        }
    }

    #[test]
    fn a_template_that_would_not_end_or_grow_ends_with_its_line() {
        let doubled = format!("{}1{}", "[".repeat(40), "]".repeat(40));
        let loops = "{% for a in title %}".repeat(8) + "{{ a }}" + &"{% endfor %}".repeat(8);
        for (source, line, said) in [
            ("a\n{{ title", Some(2), "syntax"),
            ("a\n\n{% if %}", Some(3), "syntax"),
            ("{{ title | shout }}", Some(1), "shout"),
            ("{{ f() }}", Some(1), "f"),
            ("{{ alerts }}", Some(1), "sequence"),
            (&loops, Some(1), "too many steps"),
            (&format!("{{{{ {doubled} }}}}"), Some(1), "lists"),
            ("{% set x = 1 %}", Some(1), "`set`"),
            ("{{ 'a' * 100000 }}", None, "bytes"),
            ("{% include '/etc/passwd' %}", Some(1), "`include`"),
        ] {
            let failed = render(source, Form::Text, &values()).unwrap_err();
            assert_eq!(failed.line, line, "{source}: {failed}");
            assert!(failed.to_string().contains(said), "{source}: {failed}");
        }
        let long = "a".repeat(SOURCE_BYTES + 1);
        assert_eq!(render(&long, Form::Text, &values()).unwrap_err().line, None);
    }
}
