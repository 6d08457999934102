//! The words of an expression with their places, bounded before it is parsed; never what they mean together.

/// Bytes that an expression may have.
const MOST_BYTES: usize = 64 << 10;
/// Brackets that may stand in each other.
const MOST_BRACKETS: usize = 200;
/// Operators that an expression may have: a chain of them is as deep as it is long.
const MOST_OPERATORS: usize = 1_000;
/// Patterns that an expression may have: each has to be compiled.
const MOST_PATTERNS: usize = 50;

/// Seconds that a duration without a unit may have.
const MOST_SECONDS: f64 = 1e11;

/// A word of an expression.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Token<'a> {
    pub(super) kind: Lexeme,
    /// As it is written.
    pub(super) text: &'a str,
    /// The byte at which it begins.
    pub(super) at: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Lexeme {
    Word,
    Number,
    Text,
    Open,
    Close,
    Comma,
    Colon,
    /// `=`, `!=` of a matcher.
    Equality,
    /// `=~`, `!~` of a matcher.
    Pattern,
    Operator,
    At,
}

/// What is wrong, and the byte at which.
pub(super) type Fault = (usize, String);

/// The words of an expression; an error when it is too large, or a character belongs to none.
pub(super) fn scan(text: &str) -> Result<Vec<Token<'_>>, Fault> {
    if text.len() > MOST_BYTES {
        let what = format!("the expression is longer than {MOST_BYTES} bytes");
        return Err((MOST_BYTES, what));
    }
    let mut tokens = Vec::new();
    let (mut open, mut operators, mut patterns) = (Vec::new(), 0, 0);
    let mut at = 0;
    while let Some(first) = text[at..].chars().next() {
        let rest = &text[at..];
        let Some((kind, length)) = lexeme(rest, first, open.last() == Some(&'{'), at)? else {
            at += skipped(rest, first);
            continue;
        };
        match kind {
            Lexeme::Open => open.push(first),
            Lexeme::Close => close(&mut open, first, at)?,
            Lexeme::Operator => operators += 1,
            // `NaN` and `Inf` are numbers as well.
            Lexeme::Number | Lexeme::Word if is_endless(&tokens, &rest[..length]) => {
                return Err((at, "duration out of range".to_owned()));
            }
            Lexeme::Word if is_operator(&rest[..length]) => operators += 1,
            Lexeme::Pattern => patterns += 1,
            _ => {}
        }
        if open.len() > MOST_BRACKETS {
            let what = format!("more than {MOST_BRACKETS} brackets stand in each other");
            return Err((at, what));
        }
        if operators > MOST_OPERATORS {
            return Err((at, format!("more than {MOST_OPERATORS} operators")));
        }
        if patterns > MOST_PATTERNS {
            return Err((at, format!("more than {MOST_PATTERNS} patterns")));
        }
        let text = &rest[..length];
        tokens.push(Token { kind, text, at });
        at += length;
    }
    match open.last() {
        Some('(') => Err((text.len(), "unclosed left parenthesis".to_owned())),
        Some('{') => Err((
            text.len(),
            "unexpected end of input inside braces".to_owned(),
        )),
        Some(_) => Err((text.len(), "unclosed left bracket".to_owned())),
        None => Ok(tokens),
    }
}

/// Words that join two expressions.
pub(super) fn is_operator(word: &str) -> bool {
    let words = ["and", "or", "unless", "atan2"];
    words.iter().any(|one| word.eq_ignore_ascii_case(one))
}

/// Whether a number stands for more seconds than a duration can have.
fn is_endless(before: &[Token<'_>], number: &str) -> bool {
    let is_sign = |token: &&Token<'_>| !matches!(token.text, "+" | "-");
    let last = before.iter().rev().find(is_sign);
    let is_duration = last.is_some_and(|last| {
        matches!(last.text, "[" | ":") || last.text.eq_ignore_ascii_case("offset")
    });
    is_duration
        && number
            .parse::<f64>()
            .is_ok_and(|seconds| seconds.is_nan() || seconds > MOST_SECONDS)
}

/// How many bytes a blank or a comment has.
fn skipped(rest: &str, first: char) -> usize {
    if first == '#' {
        rest.find(['\n', '\r']).unwrap_or(rest.len())
    } else {
        first.len_utf8()
    }
}

fn close(open: &mut Vec<char>, with: char, at: usize) -> Result<(), Fault> {
    let pairs = [
        ('(', ')', "parenthesis"),
        ('[', ']', "bracket"),
        ('{', '}', "brace"),
    ];
    let last = open.pop();
    let is_pair = |pair: &&(char, char, &str)| pair.1 == with;
    match pairs.iter().find(is_pair) {
        Some((opening, _, _)) if last == Some(*opening) => Ok(()),
        Some((_, _, name)) => Err((at, format!("unexpected right {name} '{with}'"))),
        None => Ok(()),
    }
}

/// What begins here and how many bytes it has; `None` for what is skipped.
fn lexeme(
    rest: &str,
    first: char,
    is_in_braces: bool,
    at: usize,
) -> Result<Option<(Lexeme, usize)>, Fault> {
    let one = |kind| Ok(Some((kind, 1)));
    match first {
        ' ' | '\t' | '\n' | '\r' | '\x0c' | '#' => Ok(None),
        '(' | '[' | '{' => one(Lexeme::Open),
        ')' | ']' | '}' => one(Lexeme::Close),
        ',' => one(Lexeme::Comma),
        '@' => one(Lexeme::At),
        '"' | '\'' | '`' => match quoted(rest, first) {
            Some(length) => Ok(Some((Lexeme::Text, length))),
            None => Err((at, "unterminated quoted string".to_owned())),
        },
        '0'..='9' | '.' => Ok(Some((Lexeme::Number, number(rest)))),
        'a'..='z' | 'A'..='Z' | '_' => Ok(Some((Lexeme::Word, word(rest, is_in_braces)))),
        ':' => one(Lexeme::Colon),
        _ => {
            if is_in_braces && let Some(sign) = start(rest, &["=~", "!~"]) {
                return Ok(Some((Lexeme::Pattern, sign.len())));
            }
            if is_in_braces && let Some(sign) = start(rest, &["!=", "="]) {
                return Ok(Some((Lexeme::Equality, sign.len())));
            }
            let signs = [
                "==", "!=", ">=", "<=", ">", "<", "+", "-", "*", "/", "%", "^",
            ];
            match start(rest, &signs) {
                Some(sign) => Ok(Some((Lexeme::Operator, sign.len()))),
                None => Err((at, format!("unexpected character: {first:?}"))),
            }
        }
    }
}

/// The sign that stands at the start.
fn start<'a>(rest: &str, signs: &[&'a str]) -> Option<&'a str> {
    signs.iter().copied().find(|sign| rest.starts_with(sign))
}

/// How many bytes a text in quotes has; `None` when it does not end.
fn quoted(rest: &str, quote: char) -> Option<usize> {
    let mut is_escaped = false;
    for (at, c) in rest.char_indices().skip(1) {
        match c {
            _ if is_escaped => is_escaped = false,
            '\\' if quote != '`' => is_escaped = true,
            c if c == quote => return Some(at + 1),
            _ => {}
        }
    }
    None
}

/// How many bytes a number or a duration has.
fn number(rest: &str) -> usize {
    let mut before = ' ';
    rest.find(|c: char| {
        let is_sign = matches!(c, '+' | '-') && matches!(before, 'e' | 'E');
        let is_hex = rest.starts_with("0x") || rest.starts_with("0X");
        before = c;
        !(c.is_ascii_alphanumeric() || c == '.' || (is_sign && !is_hex))
    })
    .unwrap_or(rest.len())
}

fn word(rest: &str, is_in_braces: bool) -> usize {
    let is_part = |c: char| c.is_ascii_alphanumeric() || c == '_' || (c == ':' && !is_in_braces);
    rest.find(|c| !is_part(c)).unwrap_or(rest.len())
}
