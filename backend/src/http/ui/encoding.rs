//! Which of the files compressed ahead of time a client takes; never compresses anything.

/// A compressed form that files may have, the smaller one first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Encoding {
    Brotli,
    Gzip,
}

impl Encoding {
    const ALL: [Self; 2] = [Self::Brotli, Self::Gzip];

    /// Its name in `Content-Encoding`.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Brotli => "br",
            Self::Gzip => "gzip",
        }
    }

    fn extension(self) -> &'static str {
        match self {
            Self::Brotli => ".br",
            Self::Gzip => ".gz",
        }
    }

    /// The name of a file's compressed form.
    pub(super) fn file(self, name: &str) -> String {
        format!("{name}{}", self.extension())
    }

    /// Whether a path names a compressed form itself: those are not served under their own name.
    pub(super) fn packed(path: &str) -> bool {
        Self::ALL
            .iter()
            .any(|encoding| path.ends_with(encoding.extension()))
    }

    /// The encodings that an `Accept-Encoding` allows, the smallest first whatever the client's order.
    pub(super) fn accepted(header: &str) -> impl Iterator<Item = Self> {
        Self::ALL
            .into_iter()
            .filter(|encoding| allows(header, encoding.name()))
    }
}

/// Whether a header names the coding or `*`, and not with a quality of 0; the name outweighs `*`.
fn allows(header: &str, coding: &str) -> bool {
    let quality = |wanted: &str| {
        header.split(',').find_map(|item| {
            let mut parts = item.split(';').map(str::trim);
            let name = parts.next()?;
            let quality = parts.find_map(|part| part.strip_prefix("q=")?.parse::<f32>().ok());
            name.eq_ignore_ascii_case(wanted)
                .then(|| quality.unwrap_or(1.0))
        })
    };
    quality(coding)
        .or_else(|| quality("*"))
        .is_some_and(|quality| quality > 0.0)
}

#[cfg(test)]
mod tests {
    use super::Encoding::{self, Brotli, Gzip};

    #[test]
    fn the_smallest_allowed_encoding_comes_first() {
        let cases: [(&str, &[Encoding]); 9] = [
            ("", &[]),
            ("identity", &[]),
            ("gzip, deflate, br, zstd", &[Brotli, Gzip]),
            ("gzip", &[Gzip]),
            ("GZIP;q=0.5", &[Gzip]),
            ("br;q=0, gzip", &[Gzip]),
            ("*", &[Brotli, Gzip]),
            ("*;q=0, br", &[Brotli]),
            ("gzip;q=0, *", &[Brotli]),
        ];
        for (header, want) in cases {
            let got: Vec<_> = Encoding::accepted(header).collect();
            assert_eq!(got, want, "{header}");
        }
    }
}
