//! The expressions that were asked last in this browser; never what they brought.

use crate::browser;

/// Where the browser keeps them.
const KEPT: &str = "watchpost-queries";
/// So many are kept.
const MOST: usize = 20;

/// The last ones, the newest first.
pub fn read() -> Vec<String> {
    let kept = browser::kept(KEPT).and_then(|text| serde_json::from_str(&text).ok());
    kept.unwrap_or_default()
}

/// Keeps one as the newest.
pub fn keep(text: &str) -> Vec<String> {
    let all = with(read(), text);
    browser::keep(KEPT, serde_json::to_string(&all).ok().as_deref());
    all
}

/// Forgets all.
pub fn forget() {
    browser::keep(KEPT, None);
}

fn with(mut all: Vec<String>, text: &str) -> Vec<String> {
    all.retain(|it| it != text);
    all.insert(0, text.to_owned());
    all.truncate(MOST);
    all
}

#[cfg(test)]
mod tests {
    use super::{MOST, with};

    #[test]
    fn the_newest_comes_first_and_once() {
        let mut all = Vec::new();
        for text in ["a", "b", "a"] {
            all = with(all, text);
        }
        assert_eq!(all, ["a", "b"]);
        for number in 0..30 {
            all = with(all, &number.to_string());
        }
        assert_eq!((all.len(), all[0].as_str()), (MOST, "29"));
    }
}
