//! Where in an expression the server found an error, and what it is; pure.

/// An error with its place in the expression.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// What is wrong.
    pub what: String,
    /// Where; `None` when the error names no place.
    pub place: Option<Place>,
}

/// A line of the expression, cut at what is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The line, from 1.
    pub line: usize,
    /// The character in it, from 1.
    pub column: usize,
    /// The line before it.
    pub before: String,
    /// What is wrong: the word that begins there, or nothing at the end of the line.
    pub wrong: String,
    /// The line after it.
    pub after: String,
}

impl Fault {
    /// Reads what the server says about an expression, such as `invalid parameter "query": 1:5: …`.
    pub fn read(message: &str, expression: &str) -> Self {
        let message = message
            .strip_prefix("invalid parameter \"query\": ")
            .unwrap_or(message);
        let named = numbers(message);
        let place = named.and_then(|(line, column, _)| place(expression, line, column));
        let what = named
            .filter(|_| place.is_some())
            .map_or(message, |(_, _, what)| what);
        let what = what.strip_prefix("parse error: ").unwrap_or(what);
        Self {
            what: what.to_owned(),
            place,
        }
    }
}

/// Line, place in bytes, and what follows them.
fn numbers(message: &str) -> Option<(usize, usize, &str)> {
    let (line, rest) = message.split_once(':')?;
    let (column, rest) = rest.split_once(": ")?;
    Some((line.parse().ok()?, column.parse().ok()?, rest))
}

fn place(expression: &str, line: usize, column: usize) -> Option<Place> {
    let text = expression.split('\n').nth(line.checked_sub(1)?)?;
    let at = column.checked_sub(1)?;
    let (before, rest) = text.split_at_checked(at)?;
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    let word = rest.find(|c| !is_word(c)).unwrap_or(rest.len());
    let first = rest.chars().next().map_or(0, char::len_utf8);
    let (wrong, after) = rest.split_at(word.max(first));
    Some(Place {
        line,
        column: before.chars().count() + 1,
        before: before.to_owned(),
        wrong: wrong.to_owned(),
        after: after.to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::{Fault, Place};

    #[test]
    fn the_place_is_cut_out_of_its_line() {
        for (message, expression, what, cut) in [
            (
                "invalid parameter \"query\": 1:4: parse error: unexpected identifier \"up\"",
                "up up + 1",
                "unexpected identifier \"up\"",
                Some((1, 4, "up ", "up", " + 1")),
            ),
            (
                "1:5: parse error: unexpected end of input",
                "up +",
                "unexpected end of input",
                Some((1, 5, "up +", "", "")),
            ),
            (
                "2:3: parse error: unexpected <op:*>",
                "a *\n  * 5",
                "unexpected <op:*>",
                Some((2, 3, "  ", "*", " 5")),
            ),
            (
                "1:9: parse error: far away",
                "up",
                "1:9: parse error: far away",
                None,
            ),
            ("too many samples: 5", "up", "too many samples: 5", None),
        ] {
            let place = cut.map(|(line, column, before, wrong, after)| Place {
                line,
                column,
                before: before.to_owned(),
                wrong: wrong.to_owned(),
                after: after.to_owned(),
            });
            let found = Fault::read(message, expression);
            assert_eq!((found.what.as_str(), found.place), (what, place));
        }
    }
}
