//! The dashboard's files as they lie in the binary; a debug build reads them from `dist/` instead.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::ops::RangeInclusive;

use actix_web::web::Bytes;
use rust_embed::RustEmbed;

#[derive(RustEmbed)]
#[folder = "../dist/"]
struct Dist;

/// One file of the dashboard.
pub(super) struct File {
    pub(super) content: Bytes,
    /// 16 hexadecimal digits.
    pub(super) digest: String,
}

/// A file by its path below the dashboard's root, without a leading `/`.
pub(super) fn embedded(name: &str) -> Option<File> {
    let file = Dist::get(name)?;
    let digest = file.metadata.sha256_hash()[..8]
        .iter()
        .fold(String::new(), |mut text, byte| {
            // Writing to a string cannot fail.
            write!(text, "{byte:02x}").ok();
            text
        });
    let content = match file.data {
        Cow::Borrowed(content) => Bytes::from_static(content),
        Cow::Owned(content) => Bytes::from(content),
    };
    Some(File { content, digest })
}

/// Whether a name carries the digest of what it holds (`-` and 16 hexadecimal digits, or a few less,
/// as trunk leaves out leading zeros), so that the same name never means another content.
pub(super) fn name_has_digest(name: &str) -> bool {
    const DIGITS: RangeInclusive<usize> = 12..=16;
    name.match_indices('-').any(|(at, _)| {
        let rest = &name.as_bytes()[at + 1..];
        let digits = rest
            .iter()
            .take_while(|byte| byte.is_ascii_hexdigit())
            .count();
        DIGITS.contains(&digits) && rest.get(digits).is_none_or(|next| b"._/".contains(next))
    })
}

/// The `Content-Type` of a file, by its name.
pub(super) fn content_type(name: &str) -> &'static str {
    match name.rsplit('.').next().unwrap_or_default() {
        "html" => "text/html; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "wasm" => "application/wasm",
        "svg" => "image/svg+xml",
        "wav" => "audio/wav",
        "png" => "image/png",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        "json" => "application/json",
        "webmanifest" => "application/manifest+json",
        "txt" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::name_has_digest;

    #[test]
    fn only_names_with_a_digest_are_kept_for_ever() {
        let cases = [
            ("frontend-a5816ac9b806561e.js", true),
            ("frontend-a5816ac9b806561e_bg.wasm", true),
            ("fonts/inter-latin-a5816ac9b806561e.woff2", true),
            ("pieces-df60e440de859bb.js", true),
            ("snippets/dom-a5816ac9b806561e/inline0.js", true),
            ("index.html", false),
            ("icons/favicon.svg", false),
            ("icons/a-5816ac9b.svg", false),
            ("a5816ac9b806561e.js", false),
            ("x-a5816ac9b806561e0.js", false),
            ("x-a5816ac9b80656zz.js", false),
        ];
        for (name, want) in cases {
            assert_eq!(name_has_digest(name), want, "{name}");
        }
    }
}
