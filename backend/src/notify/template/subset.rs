//! The part of the template language that cannot grow without end; pure, never a rendering.
//!
//! Fuel bounds how many steps a template takes, not how much one step may make. What is left out here
//! is what could double a text with each line: variables of one's own, lists and maps written down,
//! macros. What remains is as large as the alert and the template themselves.

/// Statements that a template may have.
const STATEMENTS: [&str; 7] = ["if", "elif", "else", "endif", "for", "endfor", "raw"];
/// Words after which a bracket begins a list.
const OPERATORS: [&str; 8] = ["in", "if", "and", "or", "not", "else", "elif", "is"];

/// What a template has that it must not have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct NotAllowed {
    /// From 1.
    pub(super) line: usize,
    pub(super) message: String,
}

/// Looks through a template; the first that is not allowed.
pub(super) fn check(source: &str) -> Result<(), NotAllowed> {
    let mut at = 0;
    while let Some(found) = source[at..].find('{') {
        let open = at + found;
        let rest = &source[open..];
        let (close, is_statement) = match rest.get(..2) {
            Some("{{") => ("}}", false),
            Some("{%") => ("%}", true),
            Some("{#") => {
                at = rest.find("#}").map_or(source.len(), |end| open + end + 2);
                continue;
            }
            _ => {
                at = open + 1;
                continue;
            }
        };
        let refused = |message| NotAllowed {
            line: source[..open].matches('\n').count() + 1,
            message,
        };
        let code = code(&rest[2..], close);
        at = open + 2 + code.len();
        if is_statement {
            let word = code.trim_start_matches(['-', '+']).trim_start();
            let word = word.split(|c: char| !c.is_ascii_alphabetic()).next();
            let word = word.unwrap_or_default();
            if !STATEMENTS.contains(&word) {
                let all = STATEMENTS.join(", ");
                return Err(refused(format!("`{word}` is not available, only {all}")));
            }
            if word == "raw" {
                let end = source[at..].find("endraw");
                at = end.map_or(source.len(), |end| at + end + "endraw".len());
                continue;
            }
        }
        expression(code).map_err(|what| refused(format!("{what} are not available")))?;
    }
    Ok(())
}

/// Up to the end of the code: one inside of a text does not count.
fn code<'a>(text: &'a str, close: &str) -> &'a str {
    let mut quote = None;
    for (at, c) in text.char_indices() {
        match quote {
            Some(open) if c == open => quote = None,
            None if c == '"' || c == '\'' => quote = Some(c),
            None if text[at..].starts_with(close) => return &text[..at],
            _ => {}
        }
    }
    text
}

/// Refuses lists and maps that are written down.
fn expression(code: &str) -> Result<(), &'static str> {
    let (mut quote, mut before) = (None, String::new());
    for c in code.chars() {
        match quote {
            Some(open) => {
                if c == open {
                    quote = None;
                    before.push('"');
                }
            }
            None if c == '"' || c == '\'' => quote = Some(c),
            None if c == '{' => return Err("maps in braces"),
            None if c == '[' => {
                let word = before.trim_end();
                let is_value = word
                    .ends_with(|c: char| c.is_alphanumeric() || ['_', ')', ']', '"'].contains(&c));
                let last = word
                    .rsplit(|c: char| !c.is_alphanumeric() && c != '_')
                    .next();
                if !is_value || last.is_some_and(|last| OPERATORS.contains(&last)) {
                    return Err("lists in brackets");
                }
                before.push(c);
            }
            None => before.push(c),
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_could_grow_is_refused_with_its_line() {
        for (source, line) in [
            ("{{ title }}", None),
            (
                "{% if alert.value > 3 %}a{% elif x %}b{% else %}c{% endif %}",
                None,
            ),
            (
                "{%- for one in alerts -%}{{ one.alert.labels['a b'] }}{%- endfor -%}",
                None,
            ),
            ("{{ alert.labels[\"x\"] | upper }} { not code } {", None),
            ("{# {% set x = 1 %} #}{% raw %}{{ [1] }}{% endraw %}", None),
            ("{{ '[{%' }}", None),
            ("{{ f(1)[0] }}{{ \"ab\"[0] }}", None),
            ("a\n{% set x = 1 %}", Some(2)),
            ("{% with x = 1 %}{% endwith %}", Some(1)),
            ("{% macro f() %}{% endmacro %}", Some(1)),
            ("\n\n{% for x in [1, 2] %}{% endfor %}", Some(3)),
            ("{{ [[1], [1]] }}", Some(1)),
            ("{{ {'a': 1} }}", Some(1)),
            ("{% if x in ['a'] %}{% endif %}", Some(1)),
            ("{% include 'x' %}", Some(1)),
            ("{%+ set x = 1 %}", Some(1)),
            ("{% raw %}{% endraw %}{% set x = 1 %}", Some(1)),
        ] {
            let refused = check(source).err().map(|refused| refused.line);
            assert_eq!(refused, line, "{source}");
        }
    }
}
