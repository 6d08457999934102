//! What is offered at a place of an expression, and the text once an offer is taken; pure.

use crate::pages::explore::query::context::{Context, Wanted};
use crate::pages::explore::query::words::{Kind, WORDS};
use crate::pages::explore::search::Known;

/// So many are offered.
const MOST: usize = 40;
/// The kind of a metric.
const METRIC: &str = "metric";
/// The kind of what stands between expressions.
const KEYWORD: &str = Kind::Keyword.name();

/// Something that may be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offer {
    /// The word.
    pub word: String,
    /// What it is: `metric`, `function`, `label`, …
    pub kind: &'static str,
    /// A line of help.
    pub help: String,
    /// What is written behind it.
    pub tail: &'static str,
}

/// What fits the word before the caret, what begins with it first.
pub fn offers(wanted: &Wanted, word: &str, metrics: &[Known], names: &[String]) -> Vec<Offer> {
    let listed = |kind, tail| {
        let offer = move |name: &String| Offer {
            word: name.clone(),
            kind,
            help: String::new(),
            tail,
        };
        names.iter().map(offer).collect()
    };
    let all: Vec<Offer> = match wanted {
        Wanted::Name => {
            let metrics = metrics.iter().map(of_metric);
            WORDS.iter().map(of_word).chain(metrics).collect()
        }
        Wanted::Label {
            is_listed: true, ..
        } => listed("label", ""),
        Wanted::Label { .. } => listed("label", "=\""),
        Wanted::Value { .. } => listed("value", "\""),
    };
    let word = word.to_lowercase();
    let mut found: Vec<(u8, Offer)> = all
        .into_iter()
        .filter_map(|it| Some((distance(&it.word.to_lowercase(), &word)?, it)))
        .collect();
    // Words stand in the order in which they are wanted, names in that of the alphabet; of metrics that
    // begin alike the shorter is meant more often, and what joins expressions is short to write.
    found.sort_by_key(|(distance, it)| match it.kind {
        METRIC => (*distance, 1, it.word.len()),
        KEYWORD => (*distance, 2, 0),
        _ => (*distance, 0, 0),
    });
    found.truncate(MOST);
    found.into_iter().map(|(_, it)| it).collect()
}

fn of_word((word, kind, help): &(&str, Kind, &'static str)) -> Offer {
    let tail = match kind {
        Kind::Aggregation | Kind::Function => "(",
        Kind::Keyword => " ",
    };
    Offer {
        word: (*word).to_owned(),
        kind: kind.name(),
        help: (*help).to_owned(),
        tail,
    }
}

fn of_metric(known: &Known) -> Offer {
    Offer {
        word: known.info.name.clone(),
        kind: METRIC,
        help: known.info.help.clone(),
        tail: "",
    }
}

/// How far a word is from what was typed; `None` when it does not hold it.
fn distance(word: &str, typed: &str) -> Option<u8> {
    if word == typed {
        Some(0)
    } else if word.starts_with(typed) {
        Some(1)
    } else if word
        .split(['_', ':', '.', '-'])
        .any(|part| part.starts_with(typed))
    {
        Some(2)
    } else {
        word.contains(typed).then_some(3)
    }
}

/// The text with the offer in the place of the word before the caret, and the caret behind it.
pub fn taken(text: &str, caret: usize, context: &Context, offer: &Offer) -> (String, usize) {
    let (before, after) = (&text[..context.start], &text[caret..]);
    let word = match context.wanted {
        Wanted::Value { .. } => escaped(&offer.word),
        Wanted::Name | Wanted::Label { .. } => offer.word.clone(),
    };
    // What stands there already is not written a second time.
    let (tail, skipped) =
        if offer.tail == " " || !after.starts_with(&offer.tail[..offer.tail.len().min(1)]) {
            (offer.tail, 0)
        } else {
            ("", offer.tail.len().min(1))
        };
    let head = format!("{before}{word}{tail}");
    let caret = head.len() + skipped;
    (head + after, caret)
}

/// Whether taking the offer changes nothing.
pub fn is_written(word: &str, offer: &Offer) -> bool {
    offer.word == word && offer.tail.is_empty()
}

/// A value as it stands between double quotes.
pub fn escaped(value: &str) -> String {
    let mut text = String::with_capacity(value.len());
    for c in value.chars() {
        match c {
            '"' | '\\' => text.extend(['\\', c]),
            '\n' => text.push_str("\\n"),
            _ => text.push(c),
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::{offers, taken};
    use crate::pages::explore::query::context::{Wanted, context};
    use crate::pages::explore::query::words::WORDS;
    use crate::pages::explore::search::{Known, custom};

    fn known(names: &[&str]) -> Vec<Known> {
        let one = |name: &&str| Known {
            info: custom(name),
            series: 1,
        };
        names.iter().map(one).collect()
    }

    #[test]
    fn what_begins_so_comes_first() {
        let metrics = known(&["node_load1", "load", "a_load_b", "overloaded"]);
        let found = offers(&Wanted::Name, "load", &metrics, &[]);
        let words: Vec<_> = found.iter().map(|it| it.word.as_str()).collect();
        assert_eq!(words, ["load", "a_load_b", "node_load1", "overloaded"]);
        let found = offers(&Wanted::Name, "rat", &metrics, &[]);
        assert_eq!(
            (found[0].word.as_str(), found[0].kind),
            ("rate", "function")
        );
    }

    #[test]
    fn an_offer_is_written_once() {
        let names = ["job".to_owned(), "a \"b\"".to_owned()];
        for (marked, place, result) in [
            ("ra|", 0, "rate(|"),
            ("ra|(up[5m])", 0, "rate(|(up[5m])"),
            ("u| + 1", 0, "up| + 1"),
            ("up{j|}", 0, "up{job=\"|}"),
            ("up{j|=\"x\"}", 0, "up{job=|\"x\"}"),
            ("sum by (j|)", 0, "sum by (job|)"),
            ("up{x=\"|", 1, "up{x=\"a \\\"b\\\"\"|"),
            ("up{x=\"j|\"}", 0, "up{x=\"job\"|}"),
            ("sum by|", 0, "sum by |"),
        ] {
            let caret = marked.find('|').unwrap();
            let text = marked.replace('|', "");
            let found = context(&text, caret).unwrap();
            let metrics = known(&["up"]);
            let typed = &text[found.start..caret];
            let found_offers = offers(&found.wanted, typed, &metrics, &names);
            let (mut text, caret) = taken(&text, caret, &found, &found_offers[place]);
            text.insert(caret, '|');
            // The bracket that was there is passed over.
            assert_eq!(text, result.replace("(|(", "(|"), "{marked}");
        }
    }

    #[test]
    fn every_word_is_there_once() {
        let words: HashSet<_> = WORDS.iter().map(|it| it.0).collect();
        assert_eq!(words.len(), WORDS.len());
    }
}
