//! What no compiler sees: inline styles, which the content security policy blocks without a word, and
//! colours outside of the design's tokens; never a matter of layout.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};

use crate::say;
use crate::ui::files;

const TOKENS: &str = "tokens.css";
const COLOUR_FUNCTIONS: [&str; 8] = [
    "rgb(", "rgba(", "hsl(", "hsla(", "hwb(", "lab(", "oklab(", "oklch(",
];

/// Fails naming each place that breaks a rule.
pub(super) fn check(root: &Path) -> Result<()> {
    let mut found = Vec::new();
    for (folder, test) in [
        ("frontend", inline_style as fn(&str) -> bool),
        ("assets/css", colour),
    ] {
        for (name, file) in files::below(&root.join(folder))? {
            let extension = file.extension().and_then(|extension| extension.to_str());
            if name == TOKENS || !extension.is_some_and(|it| ["rs", "html", "css"].contains(&it)) {
                continue;
            }
            let text = fs::read_to_string(&file).with_context(|| name.clone())?;
            for (number, line) in text.lines().enumerate().filter(|(_, line)| test(line)) {
                found.push(format!("{folder}/{name}:{}: {}", number + 1, line.trim()));
            }
        }
    }
    for place in &found {
        say::line(place);
    }
    if !found.is_empty() {
        bail!(
            "use a class or `style:name=` instead of `style=`, and custom properties of \
             assets/css/{TOKENS} instead of colours"
        );
    }
    Ok(())
}

/// `style=…` as an attribute, or a style element; `style:width=…` goes by the page's object model.
fn inline_style(line: &str) -> bool {
    let code = line.trim_start();
    !code.starts_with("//")
        && (code.contains("<style")
            || code.starts_with("style=")
            || code.contains(" style=")
            || code.contains(".style(\""))
}

/// A colour by its digits or by a function, in a declaration's value.
fn colour(line: &str) -> bool {
    let code = line.split("/*").next().unwrap_or_default();
    let Some((_, value)) = code.split_once(':') else {
        return false;
    };
    COLOUR_FUNCTIONS
        .iter()
        .any(|function| calls(value, function))
        || value
            .match_indices('#')
            .any(|(at, _)| starts_a_word(value, at) && hexadecimal(&value[at + 1..]))
}

/// Whether the function is called, and not one whose name only ends like it.
fn calls(value: &str, function: &str) -> bool {
    value
        .match_indices(function)
        .any(|(at, _)| starts_a_word(value, at))
}

fn starts_a_word(value: &str, at: usize) -> bool {
    !value[..at].ends_with(|before: char| before.is_alphanumeric() || before == '-')
}

/// Whether a text begins with a word of as many hexadecimal digits as a colour has.
fn hexadecimal(text: &str) -> bool {
    let end = text.find(|next: char| !next.is_ascii_alphanumeric());
    let word = &text[..end.unwrap_or(text.len())];
    [3, 4, 6, 8].contains(&word.len()) && word.bytes().all(|digit| digit.is_ascii_hexdigit())
}

#[cfg(test)]
mod tests {
    use super::{colour, inline_style};

    #[test]
    fn inline_styles_are_found() {
        let cases = [
            ("<div style=\"width:1px\">", true),
            ("style=move || width()", true),
            ("<style>", true),
            ("<div style:width=move || width()>", false),
            ("// never style=\"…\"", false),
            ("let font_style=1;", false),
        ];
        for (line, want) in cases {
            assert_eq!(inline_style(line), want, "{line}");
        }
    }

    #[test]
    fn colours_are_found_in_values_only() {
        let cases = [
            ("color: #fff;", true),
            ("  border: 1px solid #2f6fedcc", true),
            ("background: rgb(0 0 0 / 40%);", true),
            (
                "background: linear-gradient(oklch(0.5 0 0), var(--panel));",
                true,
            ),
            ("color: var(--text);", false),
            ("#add {", false),
            ("/* color: #fff */", false),
            ("fill: url(#gradient);", false),
            ("mask: url(\"/icons/a.svg#face-b\");", false),
            (
                "background: color-mix(in srgb, var(--ok) 9%, transparent);",
                false,
            ),
        ];
        for (line, want) in cases {
            assert_eq!(colour(line), want, "{line}");
        }
    }
}
