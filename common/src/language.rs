//! Names of languages, and which of those on offer a person reads best; never a translation.

use std::collections::BTreeMap;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// A name after BCP 47, written as RFC 5646 (2.1.1) writes it: `de`, `pt-BR`, `zh-Hant`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Language(String);

/// A text that names no language.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NoLanguage;

impl std::fmt::Display for NoLanguage {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("is no name of a language: write one as BCP 47 does, `de` or `pt-BR`")
    }
}

impl std::error::Error for NoLanguage {}

impl Language {
    /// So many characters a name has at most.
    pub const MOST: usize = 35;

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What there is in this language, or else in a wider one: `de` for `de-AT` (lookup of RFC 4647,
    /// 3.4); `None` when there is neither.
    pub fn among<'a, T>(&self, offered: &'a BTreeMap<Self, T>) -> Option<&'a T> {
        let mut name = self.0.as_str();
        loop {
            if let Some(found) = offered.get(&Self(name.to_owned())) {
                return Some(found);
            }
            name = name.rsplit_once('-')?.0;
        }
    }
}

impl FromStr for Language {
    type Err = NoLanguage;

    fn from_str(text: &str) -> Result<Self, NoLanguage> {
        let fits = |part: &str| {
            (1..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric())
        };
        let begins = text.split('-').next().unwrap_or_default();
        let is_word = begins.len() >= 2 && begins.bytes().all(|byte| byte.is_ascii_alphabetic());
        if text.len() > Self::MOST || !is_word || !text.split('-').all(fits) {
            return Err(NoLanguage);
        }
        let parts = text
            .split('-')
            .enumerate()
            .map(|(at, part)| written(at, part));
        Ok(Self(parts.collect::<Vec<_>>().join("-")))
    }
}

/// Regions in capitals, scripts with one, all else without.
fn written(at: usize, part: &str) -> String {
    let is_word = part.bytes().all(|byte| byte.is_ascii_alphabetic());
    let small = part.to_ascii_lowercase();
    match part.len() {
        2 if at > 0 && is_word => part.to_ascii_uppercase(),
        4 if at > 0 && is_word => {
            let (first, rest) = small.split_at(1);
            first.to_ascii_uppercase() + rest
        }
        _ => small,
    }
}

impl TryFrom<String> for Language {
    type Error = NoLanguage;

    fn try_from(text: String) -> Result<Self, NoLanguage> {
        text.parse()
    }
}

impl From<Language> for String {
    fn from(language: Language) -> Self {
        language.0
    }
}

impl std::fmt::Display for Language {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_written_in_one_way() {
        for (text, expected) in [
            ("de", Some("de")),
            ("DE-at", Some("de-AT")),
            ("ZH-hANT-tw", Some("zh-Hant-TW")),
            ("es-419", Some("es-419")),
            ("sl-rozaj-1994", Some("sl-rozaj-1994")),
            ("", None),
            ("d", None),
            ("1e", None),
            ("de_AT", None),
            ("de-", None),
            ("de--AT", None),
            ("deutschland", None),
            ("de-aaaaaaaa-aaaaaaaa-aaaaaaaa-aaaaaa", None),
        ] {
            let read = text.parse::<Language>().ok();
            assert_eq!(read.as_ref().map(Language::as_str), expected, "{text}");
        }
    }

    #[test]
    fn a_person_reads_the_nearest_language_on_offer() {
        let offered: BTreeMap<Language, &str> = ["de", "de-CH", "pt-BR", "zh-Hant"]
            .into_iter()
            .map(|name| (name.parse().unwrap(), name))
            .collect();
        for (wanted, expected) in [
            ("de", Some("de")),
            ("de-AT", Some("de")),
            ("de-CH", Some("de-CH")),
            ("de-CH-1996", Some("de-CH")),
            ("pt", None),
            ("pt-PT", None),
            ("zh-Hant-TW", Some("zh-Hant")),
            ("en", None),
        ] {
            let wanted: Language = wanted.parse().unwrap();
            assert_eq!(wanted.among(&offered).copied(), expected, "{wanted}");
        }
    }
}
