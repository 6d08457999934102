//! What the address of the query page says: expression and range; pure.

use crate::api::prom::escape;
use crate::pages::explore::address::Span;

/// The page's path.
const PATH: &str = "/explore/query";

/// The part of the address behind the question mark.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct QueryAddress {
    /// The expression; empty: none was asked.
    pub text: String,
    /// How much of the past is drawn.
    pub range: Span,
}

impl QueryAddress {
    /// Reads the parameters; what is not understood is as if it were not there.
    pub fn read(get: impl Fn(&str) -> Option<String>) -> Self {
        let range = get("range").unwrap_or_default();
        let span = Span::ALL.into_iter().find(|span| span.name() == range);
        Self {
            text: get("q").unwrap_or_default().trim().to_owned(),
            range: span.unwrap_or_default(),
        }
    }

    /// The whole address, without parameters that say what holds anyway.
    pub fn write(&self) -> String {
        let text = (!self.text.is_empty()).then(|| format!("q={}", escape(&self.text)));
        let is_usual = self.range == Span::default();
        let range = (!is_usual).then(|| format!("range={}", self.range.name()));
        let parts: Vec<_> = text.into_iter().chain(range).collect();
        if parts.is_empty() {
            PATH.to_owned()
        } else {
            format!("{PATH}?{}", parts.join("&"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::QueryAddress;

    #[test]
    fn the_address_is_what_is_asked() {
        for (text, range, written) in [
            ("", "", "/explore/query"),
            (" up ", "1h", "/explore/query?q=up"),
            ("a + b", "2h", "/explore/query?q=a%20%2B%20b"),
            ("up", "24h", "/explore/query?q=up&range=24h"),
        ] {
            let read = QueryAddress::read(|name| match name {
                "q" => Some(text.to_owned()),
                _ => Some(range.to_owned()),
            });
            assert_eq!(read.write(), written);
        }
    }
}
