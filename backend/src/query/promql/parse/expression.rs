//! An expression, parsed and checked; never what it is worth.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use common::series::matcher::{Filter, MatchOp, Matcher};
use promql_parser::parser::parse;
use promql_parser::util::unquote_string;

use super::calls::{self, Lines, Place};
use super::node::Node;
use super::place::{self, Fault};
use super::scan::{Lexeme, Token, scan};
use super::translate::translate;

/// What Prometheus called `double_exponential_smoothing` until its version 3.
const OLD_SMOOTHING: &str = "holt_winters";
const SMOOTHING: &str = "double_exponential_smoothing";

/// An expression in PromQL; cheap to clone. Prints itself in the usual form.
#[derive(Debug, Clone)]
pub struct Expression {
    shown: Arc<str>,
    node: Arc<Node>,
}

/// Why a text is no expression.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParseError {
    /// The byte at which it goes wrong.
    pub at: usize,
    /// The line of it, from 1.
    pub line: usize,
    /// Its place in the line, in bytes, from 1.
    pub column: usize,
    /// What is wrong, as Prometheus words it.
    pub message: String,
}

impl fmt::Display for ParseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            line,
            column,
            message,
            ..
        } = self;
        write!(f, "{line}:{column}: parse error: {message}")
    }
}

impl std::error::Error for ParseError {}

impl ParseError {
    fn new(text: &str, (at, message): Fault) -> Self {
        let at = at.min(text.len());
        let Place { line, column } = Lines::of(text).place(at);
        Self {
            at,
            line,
            column,
            message,
        }
    }
}

impl Expression {
    /// Reads an expression: of bounded length and depth, with everything in it known.
    pub fn parse(text: &str) -> Result<Self, ParseError> {
        read(text).map_err(|fault| ParseError::new(text, fault))
    }

    /// What a selector of series asks for, without offset or `@`; `None` for anything else.
    pub fn matchers(&self) -> Option<&[Matcher]> {
        match self.node() {
            Node::Instant(selection) if !selection.shift.is_any() => Some(&selection.matchers),
            _ => None,
        }
    }

    pub(in super::super) fn node(&self) -> &Node {
        &self.node
    }
}

impl fmt::Display for Expression {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.shown)
    }
}

fn read(text: &str) -> Result<Expression, Fault> {
    let tokens = scan(text)?;
    if tokens.is_empty() {
        return Err((0, "no expression found in input".to_owned()));
    }
    bounded_patterns(&tokens)?;
    let ast = parse(&renamed(text, &tokens)).map_err(|said| place::of(text, &tokens, &said))?;
    let calls = calls::of(text, &tokens);
    let node = translate(&ast, calls).map_err(|said| place::of(text, &tokens, &said))?;
    Ok(Expression {
        shown: ast.prettify().into(),
        node: Arc::new(node),
    })
}

/// Refuses a pattern that would need too much memory, before the parser compiles it without a bound.
fn bounded_patterns(tokens: &[Token<'_>]) -> Result<(), Fault> {
    for pair in tokens.windows(2) {
        if pair[0].kind != Lexeme::Pattern || pair[1].kind != Lexeme::Text {
            continue;
        }
        let fault = |said: String| (pair[1].at, said);
        let matcher = Matcher {
            name: "pattern".to_owned(),
            op: MatchOp::Like,
            value: unquote_string(pair[1].text).map_err(fault)?,
        };
        Filter::new(&[matcher]).map_err(|error| fault(error.what))?;
    }
    Ok(())
}

/// The text with the names of version 3.
fn renamed<'a>(text: &'a str, tokens: &[Token<'_>]) -> Cow<'a, str> {
    let is_old = |token: &Token<'_>| token.kind == Lexeme::Word && token.text == OLD_SMOOTHING;
    let mut renamed = Cow::Borrowed(text);
    for pair in tokens.windows(2).rev() {
        if is_old(&pair[0]) && pair[1].text == "(" {
            let range = pair[0].at..pair[0].at + OLD_SMOOTHING.len();
            renamed.to_mut().replace_range(range, SMOOTHING);
        }
    }
    renamed
}
