//! A series as Prometheus writes it, `name{label="value"}`; never whether its names are allowed.

use std::borrow::Cow;

/// A series as it was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written<'a> {
    /// Name of the metric, as it stands there.
    pub metric: &'a str,
    /// Labels in the order they stand in, without their escapes.
    pub labels: Vec<(&'a str, Cow<'a, str>)>,
}

/// Why a text is no series.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotationError {
    /// It does not begin with a name.
    NoName,
    /// After a label's name comes something else than `=`.
    NoEquals,
    /// A label's value does not begin with a quote.
    NoQuote,
    /// A label's value, or the list of labels, has no end.
    NoEnd,
    /// A backslash before something else than `\`, `"` or `n`.
    BadEscape(char),
    /// After a label comes neither a comma nor the end.
    NoComma,
}

impl std::fmt::Display for NotationError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::NoName => f.write_str("the name of a metric is missing"),
            Self::NoEquals => f.write_str("after the name of a label `=` is missing"),
            Self::NoQuote => f.write_str("before the value of a label `\"` is missing"),
            Self::NoEnd => f.write_str("the labels do not end"),
            Self::BadEscape(c) => {
                write!(
                    f,
                    "`\\{c}` in a label: only `\\\\`, `\\\"` and `\\n` are known"
                )
            }
            Self::NoComma => f.write_str("after a label `,` or `}` is missing"),
        }
    }
}

impl std::error::Error for NotationError {}

/// Reads a series from the start of a text; also what stands after it.
pub fn read(text: &str) -> Result<(Written<'_>, &str), NotationError> {
    let end = text.find(['{', ' ', '\t']).unwrap_or(text.len());
    let (metric, rest) = text.split_at(end);
    if metric.is_empty() {
        return Err(NotationError::NoName);
    }
    let (labels, rest) = match skip(rest).strip_prefix('{') {
        Some(inner) => read_labels(inner)?,
        None => (Vec::new(), rest),
    };
    Ok((Written { metric, labels }, rest))
}

/// The labels after the opening brace; also what stands after the closing one.
pub(crate) fn read_labels(mut text: &str) -> Result<(Labels<'_>, &str), NotationError> {
    let mut labels = Vec::new();
    loop {
        text = skip(text);
        if let Some(rest) = text.strip_prefix('}') {
            return Ok((labels, rest));
        }
        let end = text.find(['=', ' ', '\t', ',', '}', '"', '{', '!', '~']);
        let (name, rest) = text.split_at(end.ok_or(NotationError::NoEnd)?);
        let rest = skip(rest)
            .strip_prefix('=')
            .ok_or(NotationError::NoEquals)?;
        let rest = skip(rest).strip_prefix('"').ok_or(NotationError::NoQuote)?;
        let (value, rest) = read_value(rest)?;
        labels.push((name, value));
        text = skip(rest);
        text = match text.strip_prefix(',') {
            Some(rest) => rest,
            None if text.starts_with('}') => text,
            None if text.is_empty() => return Err(NotationError::NoEnd),
            None => return Err(NotationError::NoComma),
        };
    }
}

pub(crate) type Labels<'a> = Vec<(&'a str, Cow<'a, str>)>;

/// A value after its opening quote; also what stands after the closing one.
pub(super) fn read_value(text: &str) -> Result<(Cow<'_, str>, &str), NotationError> {
    let plain = text.find(['"', '\\']).ok_or(NotationError::NoEnd)?;
    if let Some(rest) = text[plain..].strip_prefix('"') {
        return Ok((Cow::Borrowed(&text[..plain]), rest));
    }
    let mut value = text[..plain].to_owned();
    let mut chars = text[plain..].chars();
    while let Some(c) = chars.next() {
        match c {
            '"' => return Ok((Cow::Owned(value), chars.as_str())),
            '\\' => value.push(match chars.next().ok_or(NotationError::NoEnd)? {
                'n' => '\n',
                c @ ('\\' | '"') => c,
                other => return Err(NotationError::BadEscape(other)),
            }),
            c => value.push(c),
        }
    }
    Err(NotationError::NoEnd)
}

/// Without the blanks at its start.
fn skip(text: &str) -> &str {
    text.trim_start_matches([' ', '\t'])
}

/// Writes a series so that [`read`] gives it back.
pub fn write<'a>(
    into: &mut String,
    metric: &str,
    labels: impl IntoIterator<Item = (&'a str, &'a str)>,
) {
    into.push_str(metric);
    let mut separator = '{';
    for (name, value) in labels {
        into.push(separator);
        into.push_str(name);
        into.push_str("=\"");
        for c in value.chars() {
            match c {
                '\\' => into.push_str(r"\\"),
                '"' => into.push_str("\\\""),
                '\n' => into.push_str(r"\n"),
                c => into.push(c),
            }
        }
        into.push('"');
        separator = ',';
    }
    if separator == ',' {
        into.push('}');
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn series_are_read_up_to_what_follows() {
        for (text, metric, labels, rest) in [
            ("up", "up", &[][..], ""),
            ("up 1 2", "up", &[], " 1 2"),
            ("up{} 1", "up", &[], " 1"),
            ("up {a=\"b\"}1", "up", &[("a", "b")], "1"),
            (
                "up{ a = \"b\" , c=\"\", } 1",
                "up",
                &[("a", "b"), ("c", "")],
                " 1",
            ),
            (
                r#"up{path="C:\\a",said="\"hi\"\n"} 1"#,
                "up",
                &[("path", r"C:\a"), ("said", "\"hi\"\n")],
                " 1",
            ),
            ("up{a=\"},{\"}", "up", &[("a", "},{")], ""),
        ] {
            let (written, after) = read(text).unwrap();
            let found: Vec<_> = written
                .labels
                .iter()
                .map(|(n, v)| (*n, v.as_ref()))
                .collect();
            assert_eq!((written.metric, after), (metric, rest), "{text}");
            assert_eq!(found, labels, "{text}");
            let mut again = String::new();
            write(&mut again, metric, labels.iter().copied());
            assert_eq!(read(&again).unwrap().0, written, "{text}");
        }
    }

    #[test]
    fn what_is_no_series_is_said() {
        for (text, error) in [
            ("", NotationError::NoName),
            ("{a=\"b\"} 1", NotationError::NoName),
            ("up{", NotationError::NoEnd),
            ("up{a", NotationError::NoEnd),
            ("up{a}", NotationError::NoEquals),
            ("up{a!=\"b\"}", NotationError::NoEquals),
            ("up{a=~\"b\"}", NotationError::NoQuote),
            ("up{a=b}", NotationError::NoQuote),
            ("up{a=\"b}", NotationError::NoEnd),
            ("up{a=\"b\\", NotationError::NoEnd),
            ("up{a=\"b\"", NotationError::NoEnd),
            ("up{a=\"\\t\"}", NotationError::BadEscape('t')),
            ("up{a=\"b\" c=\"d\"}", NotationError::NoComma),
        ] {
            assert_eq!(read(text).unwrap_err(), error, "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_read_or_refused(text in "[ -~\\n\\t\u{e9}]{0,60}") {
            if let Ok((written, rest)) = read(&text) {
                assert!(text.starts_with(written.metric) && text.ends_with(rest));
            }
        }
    }
}
