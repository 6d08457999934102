//! Names of languages in themselves; pure.

use common::language::Language;

/// Languages that are offered: BCP 47 name, and the name that its speakers give it.
const OFFERED: &[(&str, &str)] = &[
    ("ar", "العربية"),
    ("bg", "Български"),
    ("ca", "Català"),
    ("cs", "Čeština"),
    ("da", "Dansk"),
    ("de", "Deutsch"),
    ("el", "Ελληνικά"),
    ("en", "English"),
    ("es", "Español"),
    ("et", "Eesti"),
    ("fa", "فارسی"),
    ("fi", "Suomi"),
    ("fr", "Français"),
    ("he", "עברית"),
    ("hi", "हिन्दी"),
    ("hr", "Hrvatski"),
    ("hu", "Magyar"),
    ("id", "Bahasa Indonesia"),
    ("it", "Italiano"),
    ("ja", "日本語"),
    ("ko", "한국어"),
    ("lt", "Lietuvių"),
    ("lv", "Latviešu"),
    ("nb", "Norsk bokmål"),
    ("nl", "Nederlands"),
    ("pl", "Polski"),
    ("pt", "Português"),
    ("pt-BR", "Português (Brasil)"),
    ("ro", "Română"),
    ("ru", "Русский"),
    ("sk", "Slovenčina"),
    ("sl", "Slovenščina"),
    ("sr", "Српски"),
    ("sv", "Svenska"),
    ("th", "ไทย"),
    ("tr", "Türkçe"),
    ("uk", "Українська"),
    ("vi", "Tiếng Việt"),
    ("zh-Hans", "简体中文"),
    ("zh-Hant", "繁體中文"),
];

/// The name of a language in itself, or else as BCP 47 has it.
pub fn language(name: &str) -> &str {
    let found = OFFERED.iter().find(|(offered, _)| *offered == name);
    found.map_or(name, |(_, word)| word)
}

/// Languages to choose from: BCP 47 name and word; one that was chosen and is not offered as well.
pub fn language_choices(chosen: Option<&Language>) -> Vec<(String, String)> {
    let offered = OFFERED
        .iter()
        .map(|(name, word)| ((*name).to_owned(), format!("{word} ({name})")));
    let is_offered = |name: &&str| OFFERED.iter().any(|(offered, _)| offered == name);
    let other = chosen
        .map(Language::as_str)
        .filter(|name| !is_offered(name));
    let other = other.map(|name| (name.to_owned(), name.to_owned()));
    other.into_iter().chain(offered).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_offered_is_written_as_it_is_kept() {
        for (name, _) in OFFERED {
            let read: Language = name.parse().unwrap();
            assert_eq!(read.as_str(), *name);
        }
    }

    #[test]
    fn a_language_that_is_not_offered_stays_chosen() {
        let welsh: Language = "cy".parse().unwrap();
        assert_eq!(language_choices(Some(&welsh)).len(), OFFERED.len() + 1);
        let german: Language = "de".parse().unwrap();
        assert_eq!(language_choices(Some(&german)).len(), OFFERED.len());
        assert_eq!((language("de"), language("cy")), ("Deutsch", "cy"));
    }
}
