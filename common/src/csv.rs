//! Cells of a CSV file that a spreadsheet shows and never runs.

use std::borrow::Cow;

/// A text as a cell: one that a spreadsheet would run as a formula gets an apostrophe before it.
/// Numbers are written without this.
pub fn text_cell(text: &str) -> Cow<'_, str> {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        Cow::Owned(format!("'{text}"))
    } else {
        Cow::Borrowed(text)
    }
}

#[cfg(test)]
mod tests {
    use super::text_cell;

    #[test]
    fn formulas_are_defused() {
        for (text, cell) in [
            ("plain", "plain"),
            ("a=1", "a=1"),
            ("", ""),
            ("=1+1", "'=1+1"),
            ("+1", "'+1"),
            ("-1", "'-1"),
            ("@x", "'@x"),
            ("\tx", "'\tx"),
            ("\rx", "'\rx"),
        ] {
            assert_eq!(text_cell(text), cell);
        }
    }
}
