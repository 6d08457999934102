//! Conditions on labels as text, read and written; pure but for its field.

use common::alert::{Alert, LabelMatch};
use common::problem::FieldError;
use common::series::matcher::{Matcher, Matchers};

use crate::api::ApiError;

/// What a person may type, said under the field.
pub const HINT: &str = "Such as server=\"web-1\", severity!=\"critical\" or server=~\"web-.+\". Labels: alertname, server, group, severity, metric, and those of the series.";

/// As a person types them.
pub fn in_words(matchers: &LabelMatch) -> String {
    let mut words = String::new();
    for one in &matchers.0 {
        if !words.is_empty() {
            words.push_str(", ");
        }
        words.push_str(&one.to_string());
    }
    words
}

/// What was typed in the field of that name; blanks around commas mean nothing.
pub fn read(field: &str, text: &str) -> Result<LabelMatch, ApiError> {
    let read: Result<Matchers, String> = without_blanks(text).parse();
    read.map(|read| LabelMatch(read.0))
        .map_err(|message| ApiError::Invalid {
            fields: vec![FieldError::new(field, &*message)],
            detail: message,
        })
}

/// Blanks outside quotes: nobody means them, and a value with one stands in quotes.
fn without_blanks(text: &str) -> String {
    let (mut is_quoted, mut is_escaped) = (false, false);
    let mut kept = String::with_capacity(text.len());
    for c in text.chars() {
        let was_escaped = is_escaped;
        is_escaped = c == '\\' && !was_escaped;
        if c == '"' && !was_escaped {
            is_quoted = !is_quoted;
        }
        if is_quoted || !c.is_whitespace() {
            kept.push(c);
        }
    }
    kept
}

/// Those that mean one alert: its rule, its server, its labels.
pub fn of_alert(alert: &Alert) -> LabelMatch {
    let own = [("alertname", &alert.rule), ("server", &alert.server)];
    let own = own
        .into_iter()
        .map(|(name, value)| Matcher::equal(name, value));
    // What stands for these already has no say.
    let taken = ["alertname", "rule", "server", "severity", "metric"];
    let others = alert
        .labels
        .iter()
        .filter(|(name, _)| !taken.contains(&name.as_str()));
    let others = others.map(|(name, value)| Matcher::equal(name, value));
    LabelMatch(own.chain(others).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_again() {
        for text in [
            "",
            r#"alertname="CPU is busy", server="web-1""#,
            r#"mount=~"/data|/", severity!="critical""#,
            r#"a="say \"no, never\"", b!~"x y""#,
        ] {
            let read = read("matchers", text).unwrap();
            assert_eq!(in_words(&read), text);
        }
        let bare = read("matchers", " server = web-1 , a=b ").unwrap();
        assert_eq!(in_words(&bare), r#"server="web-1", a="b""#);
    }

    #[test]
    fn what_is_none_is_refused_at_its_field() {
        for text in ["web-1", "=a", r#"a="b"#, "a=b;c=d,e"] {
            let refused = read("source_matchers", text).unwrap_err();
            let said = refused.of_field("source_matchers");
            assert!(said.is_some(), "{text}: {refused:?}");
        }
    }
}
