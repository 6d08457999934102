//! What may stand at a place of an expression, from what stands before it; pure.

/// What may be written at the caret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Context {
    /// What kind of word.
    pub wanted: Wanted,
    /// The byte where the word begins; it ends at the caret.
    pub start: usize,
}

/// A kind of word.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wanted {
    /// A metric, a function, an aggregation or an operator.
    Name,
    /// The name of a label; before `=` in braces, or in a list behind `by`.
    Label {
        /// The metric before the braces.
        metric: Option<String>,
        /// Whether it is one of a list.
        is_listed: bool,
    },
    /// The value of a label, within quotes.
    Value {
        /// The metric before the braces.
        metric: Option<String>,
        /// The label.
        label: String,
    },
}

/// Behind these a list of labels stands in round brackets.
const BEFORE_LABELS: [&str; 6] = [
    "by",
    "without",
    "on",
    "ignoring",
    "group_left",
    "group_right",
];

/// What was opened and not closed.
enum Open<'a> {
    Braces(Option<&'a str>),
    Labels,
    Round,
    Square,
}

/// What was read up to the caret.
#[derive(Default)]
struct Scan<'a> {
    open: Vec<Open<'a>>,
    /// The word before, and in braces the label whose value follows.
    last: Option<&'a str>,
    label: Option<&'a str>,
    /// Where the present word began.
    word: Option<usize>,
    /// The present quote and where its content begins.
    quote: Option<(char, usize)>,
    is_comment: bool,
}

/// What may stand at the byte `caret` of `text`; `None` where nothing can be offered.
pub fn context(text: &str, caret: usize) -> Option<Context> {
    let before = text.get(..caret)?;
    let mut scan = Scan::default();
    let mut is_escaped = false;
    for (at, c) in before.char_indices() {
        if scan.is_comment {
            scan.is_comment = c != '\n';
        } else if let Some((quote, _)) = scan.quote {
            if is_escaped {
                is_escaped = false;
            } else if c == '\\' && quote != '`' {
                is_escaped = true;
            } else if c == quote {
                scan.quote = None;
            }
        } else if is_of_word(c) {
            scan.word.get_or_insert(at);
        } else {
            scan.end_word(before, at);
            scan.take(c, at);
        }
    }
    scan.context(before)
}

/// The bytes before the `units`-th UTF-16 unit, in which browsers count.
pub fn byte_of(text: &str, units: usize) -> usize {
    let mut counted = 0;
    let found = text.char_indices().find(|(_, c)| {
        let is_there = counted >= units;
        counted += c.len_utf16();
        is_there
    });
    found.map_or(text.len(), |(at, _)| at)
}

/// The UTF-16 units before a byte.
pub fn unit_of(text: &str, byte: usize) -> usize {
    let before = text.get(..byte).unwrap_or(text);
    before.chars().map(char::len_utf16).sum()
}

fn is_of_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_' || c == ':'
}

impl<'a> Scan<'a> {
    fn end_word(&mut self, before: &'a str, at: usize) {
        if let Some(start) = self.word.take() {
            self.last = before.get(start..at);
        }
    }

    fn take(&mut self, c: char, at: usize) {
        let in_braces = matches!(self.open.last(), Some(Open::Braces(_)));
        match c {
            '"' | '\'' | '`' => self.quote = Some((c, at + 1)),
            '#' => self.is_comment = true,
            '{' => self.push(Open::Braces(self.last)),
            '[' => self.push(Open::Square),
            '(' if self.last.is_some_and(|it| BEFORE_LABELS.contains(&it)) => {
                self.push(Open::Labels);
            }
            '(' => self.push(Open::Round),
            '}' | ')' | ']' => {
                self.open.pop();
                (self.last, self.label) = (None, None);
            }
            '=' | '!' | '~' if in_braces => self.label = self.last.or(self.label),
            ',' => (self.last, self.label) = (None, None),
            c if c.is_whitespace() => {}
            _ => self.last = None,
        }
    }

    fn push(&mut self, open: Open<'a>) {
        self.open.push(open);
        (self.last, self.label) = (None, None);
    }

    fn context(self, before: &str) -> Option<Context> {
        let start = self.word.unwrap_or(before.len());
        let metric = |metric: Option<&str>| metric.map(str::to_owned);
        let (wanted, start) = match (self.open.last(), self.quote) {
            _ if self.is_comment => return None,
            (Some(Open::Braces(name)), Some((_, start))) => {
                let (metric, label) = (metric(*name), self.label?.to_owned());
                (Wanted::Value { metric, label }, start)
            }
            (_, Some(_)) | (Some(Open::Square), None) => return None,
            (Some(Open::Braces(_)), None) if self.label.is_some() => return None,
            (Some(Open::Braces(name)), None) => {
                let (metric, is_listed) = (metric(*name), false);
                (Wanted::Label { metric, is_listed }, start)
            }
            (Some(Open::Labels), None) => {
                let (metric, is_listed) = (None, true);
                (Wanted::Label { metric, is_listed }, start)
            }
            (Some(Open::Round) | None, None) => (Wanted::Name, start),
        };
        // A number is no name.
        let is_number = before[start..].starts_with(|c: char| c.is_ascii_digit());
        let is_wanted = !is_number || matches!(wanted, Wanted::Value { .. });
        is_wanted.then_some(Context { wanted, start })
    }
}

#[cfg(test)]
mod tests {
    use super::{Wanted, byte_of, context, unit_of};

    /// What is wanted at the `|` and the word before it, in short.
    fn at(marked: &str) -> Option<String> {
        let caret = marked.find('|').unwrap();
        let text = marked.replace('|', "");
        let found = context(&text, caret)?;
        let word = &text[found.start..caret];
        Some(match found.wanted {
            Wanted::Name => format!("name {word}"),
            Wanted::Label { metric, is_listed } => {
                let kind = if is_listed { "listed" } else { "label" };
                format!("{kind} {word} of {}", metric.unwrap_or_default())
            }
            Wanted::Value { metric, label } => {
                format!("{label}={word} of {}", metric.unwrap_or_default())
            }
        })
    }

    #[test]
    fn the_place_says_what_may_stand_there() {
        for (text, wanted) in [
            ("|", Some("name ")),
            ("ra|", Some("name ra")),
            ("rate(node_c|", Some("name node_c")),
            ("sum by (mo|", Some("listed mo of ")),
            ("sum by (mode, |", Some("listed  of ")),
            ("sum by (mode) (no|", Some("name no")),
            ("a * on (x|", Some("listed x of ")),
            ("up{|", Some("label  of up")),
            ("up {jo|", Some("label jo of up")),
            ("{jo|", Some("label jo of ")),
            ("rate(up{job=\"n|", Some("job=n of up")),
            ("up{job =~ \"n|", Some("job=n of up")),
            ("up{job!=\"a\",i|", Some("label i of up")),
            ("up{job!=\"a\", i=\"|", Some("i= of up")),
            ("up{job=\"a\\\"b|", Some("job=a\\\"b of up")),
            ("up{job=|", None),
            ("up{job=\"a\"|", None),
            ("up{job=\"a\"} + u|", Some("name u")),
            ("up[5|", None),
            ("up[5m] + u|", Some("name u")),
            ("up > 5|", None),
            ("label_replace(up, \"a|", None),
            ("up # co|", None),
            ("up # co\n + u|", Some("name u")),
            ("\"ü\" + u|", Some("name u")),
        ] {
            assert_eq!(at(text).as_deref(), wanted, "{text}");
        }
    }

    #[test]
    fn carets_are_counted_as_browsers_do() {
        let text = "aü𝄞b";
        for (units, byte) in [(0, 0), (1, 1), (2, 3), (4, 7), (5, 8)] {
            assert_eq!(byte_of(text, units), byte);
            assert_eq!(unit_of(text, byte), units);
        }
        assert_eq!(byte_of(text, 99), text.len());
    }
}
