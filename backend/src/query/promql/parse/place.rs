//! Where in a text an error lies, which the parser's library does not tell; never whether there is one.

use super::scan::{Lexeme, Token, is_operator};

/// What the library says of a text that is no expression at all.
const NO_EXPRESSION: &str = "invalid promql query";

/// What is wrong, and the byte at which.
pub(super) type Fault = super::scan::Fault;

/// Where what the parser said lies.
pub(super) fn of(text: &str, tokens: &[Token<'_>], said: &str) -> Fault {
    if said == NO_EXPRESSION {
        return unexpected(text, tokens);
    }
    (named(tokens, said).unwrap_or_default(), reworded(said))
}

/// Kinds of values under the names that Prometheus gives them.
fn reworded(said: &str) -> String {
    let kinds = [
        ("type vector", "type instant vector"),
        ("got vector", "got instant vector"),
        ("allowed on vector", "allowed on instant vector"),
        ("type matrix", "type range vector"),
        ("got matrix", "got range vector"),
    ];
    let reword = |said: String, (from, to): &(&str, &str)| said.replace(from, to);
    kinds.iter().fold(said.to_owned(), reword)
}

/// The place of the word that a message names in quotes.
fn named(tokens: &[Token<'_>], said: &str) -> Option<usize> {
    let quoted = said.split(['\'', '"']).skip(1).step_by(2);
    quoted
        .filter_map(|name| tokens.iter().find(|token| token.text == name))
        .map(|token| token.at)
        .next()
}

/// The first word that cannot follow what stands before it.
fn unexpected(text: &str, tokens: &[Token<'_>]) -> Fault {
    let mut wants_operand = true;
    let mut at = 0;
    while let Some(token) = tokens.get(at) {
        let is_wrong = match token.kind {
            Lexeme::Open => {
                let is_right = match token.text {
                    "(" => wants_operand,
                    "[" => !wants_operand,
                    // Labels stand alone, or after the name of a metric.
                    _ => wants_operand || at > 0 && tokens[at - 1].kind == Lexeme::Word,
                };
                if token.text != "(" {
                    at = closing(tokens, at);
                    wants_operand = false;
                }
                !is_right
            }
            Lexeme::Close | Lexeme::Comma => {
                let is_empty_call = at > 0 && tokens[at - 1].text == "(";
                let is_wrong = wants_operand && !(is_empty_call && token.kind == Lexeme::Close);
                wants_operand = token.kind == Lexeme::Comma;
                is_wrong
            }
            Lexeme::Operator => {
                let is_wrong = wants_operand && !matches!(token.text, "+" | "-");
                wants_operand = true;
                is_wrong
            }
            Lexeme::Word => {
                let (is_wrong, wants, next) = word(tokens, at, wants_operand);
                (wants_operand, at) = (wants, next);
                is_wrong
            }
            Lexeme::At => {
                let is_wrong = wants_operand;
                wants_operand = true;
                is_wrong
            }
            Lexeme::Number | Lexeme::Text => !std::mem::replace(&mut wants_operand, false),
            Lexeme::Colon | Lexeme::Equality | Lexeme::Pattern => true,
        };
        if is_wrong {
            return (token.at, format!("unexpected {}", described(token)));
        }
        at += 1;
    }
    if wants_operand {
        return (text.len(), "unexpected end of input".to_owned());
    }
    (
        0,
        "this is no expression: check its brackets and modifiers".to_owned(),
    )
}

/// Whether a word is wrong where it stands, whether an operand has to follow, and its last token.
fn word(tokens: &[Token<'_>], at: usize, wants_operand: bool) -> (bool, bool, usize) {
    let word = tokens[at].text.to_ascii_lowercase();
    let opens = |at: usize| tokens.get(at).is_some_and(|next| next.text == "(");
    match word.as_str() {
        "by" | "without" | "on" | "ignoring" | "group_left" | "group_right" => {
            let end = if opens(at + 1) {
                closing(tokens, at + 1)
            } else {
                at
            };
            (false, wants_operand, end)
        }
        "bool" => (!wants_operand, true, at),
        "offset" => (wants_operand, true, at),
        word if is_operator(word) => (wants_operand, true, at),
        // A call, or an aggregation with its labels before the brackets.
        _ => {
            let is_called = tokens.get(at + 1).is_some_and(|next| {
                opens(at + 1)
                    || ["by", "without"].contains(&next.text.to_ascii_lowercase().as_str())
            });
            (!wants_operand, is_called, at)
        }
    }
}

/// The token that closes the bracket at `at`; the last one when none does.
fn closing(tokens: &[Token<'_>], at: usize) -> usize {
    let mut depth = 0_usize;
    for (index, token) in tokens.iter().enumerate().skip(at) {
        match token.kind {
            Lexeme::Open => depth += 1,
            Lexeme::Close => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth == 0 {
            return index;
        }
    }
    tokens.len().saturating_sub(1)
}

/// As Prometheus names it.
fn described(token: &Token<'_>) -> String {
    let kind = match token.kind {
        Lexeme::Word => "identifier",
        Lexeme::Number => "number",
        Lexeme::Text => return format!("string {}", token.text),
        Lexeme::Operator => return format!("<op:{}>", token.text),
        Lexeme::Open | Lexeme::Close | Lexeme::Comma | Lexeme::Colon => "character",
        Lexeme::At | Lexeme::Equality | Lexeme::Pattern => "sign",
    };
    format!("{kind} {:?}", token.text)
}
