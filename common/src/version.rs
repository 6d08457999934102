//! Versions of objects for `ETag` and `If-Match`; never where they are kept.

/// How often an object was changed; its `ETag` is this number in quotes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Version(pub i64);

impl Version {
    /// The version as an entity tag: `"7"`, quotes included.
    pub fn etag(self) -> String {
        format!("\"{}\"", self.0)
    }
}

/// Which version a caller saw before asking for a change (`If-Match`).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Seen {
    /// He did not say, or does not mind (`*`).
    #[default]
    Any,
    /// One of these; empty when he named only tags that no version ever had.
    OneOf(Vec<Version>),
}

impl Seen {
    /// Whether a change is allowed on an object that is now at `version`.
    pub fn fits(&self, version: Version) -> bool {
        match self {
            Self::Any => true,
            Self::OneOf(seen) => seen.contains(&version),
        }
    }

    /// Reads an `If-Match` header's value. Weak and foreign tags never match.
    #[must_use]
    pub fn parse(header: &str) -> Self {
        if header.trim() == "*" {
            return Self::Any;
        }
        let known = header.split(',').filter_map(|tag| {
            let number = tag.trim().strip_prefix('"')?.strip_suffix('"')?;
            number.parse().ok().map(Version)
        });
        Self::OneOf(known.collect())
    }
}

#[cfg(test)]
mod tests {
    use super::{Seen, Version};

    #[test]
    fn if_match_fits_only_what_was_seen() {
        for (header, fits) in [
            ("*", true),
            ("\"7\"", true),
            ("\"6\", \"7\"", true),
            ("\"6\"", false),
            ("W/\"7\"", false),
            ("7", false),
            ("\"x\"", false),
            ("", false),
        ] {
            assert_eq!(Seen::parse(header).fits(Version(7)), fits, "{header}");
        }
        assert!(Seen::Any.fits(Version(1)));
        assert_eq!(
            Seen::parse(&Version(7).etag()),
            Seen::OneOf(vec![Version(7)])
        );
    }
}
