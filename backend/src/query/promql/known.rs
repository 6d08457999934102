//! Expressions that were parsed of late: dashboards and rules ask the same again and again.

use quick_cache::sync::Cache;

use super::parse::{Expression, ParseError};

/// Expressions that are kept.
const MOST: usize = 256;
/// Longer texts, in bytes, are parsed each time.
const LONGEST: usize = 4_096;

/// What texts were read as.
#[derive(Debug)]
pub struct Known(Cache<Box<str>, Expression>);

impl Default for Known {
    fn default() -> Self {
        Self(Cache::new(MOST))
    }
}

impl Known {
    /// As [`Expression::parse`].
    pub fn parse(&self, text: &str) -> Result<Expression, ParseError> {
        if let Some(known) = self.0.get(text) {
            return Ok(known);
        }
        let expression = Expression::parse(text)?;
        if text.len() <= LONGEST {
            self.0.insert(text.into(), expression.clone());
        }
        Ok(expression)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_parsed_before_is_the_same() {
        let known = Known::default();
        for text in ["sum(rate(a[5m]))", "a{b=\"c\"}", "sum(rate(a[5m]))", "1 +"] {
            let shown = |read: Result<Expression, ParseError>| read.map(|it| it.to_string());
            assert_eq!(shown(known.parse(text)), shown(Expression::parse(text)));
        }
    }
}
