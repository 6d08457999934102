//! Where in a text calls begin, and what is in their brackets, which the parser's library does not tell;
//! never what is called.

use std::fmt;

use super::scan::{Lexeme, Token, is_operator};

/// A place in a text: the line of it, and the byte in that line, both from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in super::super) struct Place {
    pub(super) line: usize,
    pub(super) column: usize,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.line, self.column)
    }
}

/// Where a call begins, a function's or an aggregation's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in super::super) struct Places {
    pub(in super::super) call: Place,
    /// What it is given, in order.
    arguments: Vec<Place>,
}

impl Places {
    /// Where an argument begins, counted from 0.
    pub(in super::super) fn argument(&self, index: usize) -> Place {
        self.arguments.get(index).copied().unwrap_or(self.call)
    }

    /// Where the last argument begins.
    pub(in super::super) fn last_argument(&self) -> Place {
        self.arguments.last().copied().unwrap_or(self.call)
    }
}

impl Default for Places {
    /// The start of the text.
    fn default() -> Self {
        Self {
            call: Place { line: 1, column: 1 },
            arguments: Vec::new(),
        }
    }
}

/// Where the lines of a text end.
pub(super) struct Lines(Vec<usize>);

impl Lines {
    pub(super) fn of(text: &str) -> Self {
        Self(text.match_indices('\n').map(|(at, _)| at).collect())
    }

    /// The place of a byte.
    pub(super) fn place(&self, at: usize) -> Place {
        let before = self.0.partition_point(|end| *end < at);
        let start = before.checked_sub(1).map_or(0, |line| self.0[line] + 1);
        Place {
            line: before + 1,
            column: at - start + 1,
        }
    }
}

/// All calls in the order in which they begin.
pub(super) fn of(text: &str, tokens: &[Token<'_>]) -> Vec<Places> {
    let lines = Lines::of(text);
    let mut found: Vec<Places> = Vec::new();
    // Brackets that are open: where each opened, and the call that it belongs to.
    let mut open: Vec<(usize, Option<usize>)> = Vec::new();
    let mut closed = None;
    for (index, token) in tokens.iter().enumerate() {
        match token.kind {
            Lexeme::Open => {
                let name = called(tokens, index, closed);
                open.push((index, name.map(|_| found.len())));
                found.extend(name.map(|name| Places {
                    call: lines.place(tokens[name].at),
                    arguments: Vec::new(),
                }));
            }
            Lexeme::Close => closed = open.pop().map(|(opened, _)| opened),
            Lexeme::Comma => {}
            _ => continue,
        }
        // What follows a bracket or a comma of a call is an argument of it.
        let next = tokens.get(index + 1);
        let next = next.filter(|next| token.kind != Lexeme::Close && next.kind != Lexeme::Close);
        if let (Some((_, Some(call))), Some(next)) = (open.last(), next) {
            found[*call].arguments.push(lines.place(next.at));
        }
    }
    found
}

/// The name of what is called with the bracket that opens at `open`: the word before it, or before the
/// labels of an aggregation, whose bracket opened at `closed` and was the last to be closed.
fn called(tokens: &[Token<'_>], open: usize, closed: Option<usize>) -> Option<usize> {
    if tokens[open].text != "(" {
        return None;
    }
    let word = |before: usize, back: usize| {
        let at = before.checked_sub(back)?;
        (tokens[at].kind == Lexeme::Word).then_some(at)
    };
    let is = |at: usize, words: &[&str]| {
        words
            .iter()
            .any(|it| tokens[at].text.eq_ignore_ascii_case(it))
    };
    if let Some(name) = word(open, 1) {
        let is_time = name > 0 && tokens[name - 1].kind == Lexeme::At;
        let clauses = [
            "by",
            "without",
            "on",
            "ignoring",
            "group_left",
            "group_right",
        ];
        let is_called = !is_time
            && !is(name, &clauses)
            && !is(name, &["bool", "offset"])
            && !is_operator(tokens[name].text);
        return is_called.then_some(name);
    }
    let labels = closed.filter(|_| open > 0 && tokens[open - 1].kind == Lexeme::Close)?;
    let clause = word(labels, 1)?;
    word(labels, 2).filter(|_| is(clause, &["by", "without"]))
}

#[cfg(test)]
mod tests {
    use super::super::scan::scan;
    use super::*;

    #[test]
    fn calls_are_found_with_their_arguments() {
        for (text, expected) in [
            ("up", ""),
            ("(up + 1) * (2)", ""),
            ("rate(up[5m])", "1:1 1:6"),
            ("pi() + time( )", "1:1; 1:8"),
            ("quantile(0.9, up)", "1:1 1:10 1:15"),
            ("sum by (a, b) (rate((up)[5m:]))", "1:1 1:16; 1:16 1:21"),
            ("SUM(up) without (a)", "1:1 1:5"),
            ("a and (b) or on (c) (d)", ""),
            ("a * on(b) group_left (c) abs(d)", "1:26 1:30"),
            ("max_over_time(x @ end()[5m:]) > bool (1)", "1:1 1:15"),
            (
                "label_replace(up{a=\"(,)\",b=\"\"}, \"a\", \"\", \"b\", \"c\")",
                "1:1 1:15 1:33 1:38 1:42 1:47",
            ),
            (
                "up\n\n + sum(\n  topk(\n3 , up # (\n))",
                "3:4 4:3; 4:3 5:1 5:5",
            ),
        ] {
            let calls = of(text, &scan(text).unwrap());
            let shown: Vec<String> = calls
                .iter()
                .map(|call| {
                    let places = [call.call].into_iter().chain(call.arguments.clone());
                    places
                        .map(|place| place.to_string())
                        .collect::<Vec<_>>()
                        .join(" ")
                })
                .collect();
            assert_eq!(shown.join("; "), expected, "{text}");
        }
    }
}
