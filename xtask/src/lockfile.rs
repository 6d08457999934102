//! Reads Cargo.lock as text; never writes it.

/// The version of a package in the text of a Cargo.lock; `None` when it is not there.
pub(crate) fn version_of(lock: &str, package: &str) -> Option<String> {
    let name = format!("name = \"{package}\"");
    let mut lines = lock.lines().skip_while(|line| *line != name);
    lines.next()?;
    let version = lines.next()?.strip_prefix("version = \"")?;
    Some(version.strip_suffix('"')?.to_owned())
}

#[cfg(test)]
mod tests {
    use super::version_of;

    #[test]
    fn finds_the_version_of_exactly_the_named_package() {
        let lock = "version = 4\n\n[[package]]\nname = \"wasm-bindgen-macro\"\nversion = \"9.9.9\"\n\n\
                    [[package]]\nname = \"wasm-bindgen\"\nversion = \"0.2.130\"\nsource = \"x\"\n";
        let cases = [
            ("wasm-bindgen", Some("0.2.130")),
            ("wasm-bindgen-macro", Some("9.9.9")),
            ("wasm", None),
        ];
        for (package, want) in cases {
            assert_eq!(version_of(lock, package).as_deref(), want, "{package}");
        }
    }
}
