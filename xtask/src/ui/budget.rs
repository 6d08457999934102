//! How much WebAssembly the first page may cost to load; never what the rest weighs.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, ensure};

use super::files;

/// Of the WebAssembly that every visit loads, as gzip.
const LIMIT_BYTES: u64 = 350_000;

/// Fails when the dashboard in `dist` is over the limit or has no WebAssembly; returns a sentence.
pub(super) fn check(dist: &Path) -> Result<String> {
    let mut sizes = Vec::new();
    for (name, file) in files::below(dist)? {
        // The other pieces are loaded by the pages that need them.
        if name.starts_with("frontend-") && name.ends_with(".wasm.gz") {
            let size = fs::metadata(&file).with_context(|| name.clone())?.len();
            sizes.push(size);
        }
    }
    judge(&sizes)
}

fn judge(sizes_bytes: &[u64]) -> Result<String> {
    ensure!(
        !sizes_bytes.is_empty(),
        "dist/ holds no compressed WebAssembly"
    );
    let sum: u64 = sizes_bytes.iter().sum();
    let sentence = format!("WebAssembly of the first page: {sum} bytes gzip of {LIMIT_BYTES}");
    ensure!(sum <= LIMIT_BYTES, "{sentence}");
    Ok(sentence)
}

#[cfg(test)]
mod tests {
    use super::{LIMIT_BYTES, judge};

    #[test]
    fn the_sum_counts_and_nothing_at_all_is_a_fault() {
        let cases: [(&[u64], bool); 5] = [
            (&[], false),
            (&[1], true),
            (&[LIMIT_BYTES], true),
            (&[LIMIT_BYTES - 1, 1], true),
            (&[LIMIT_BYTES, 1], false),
        ];
        for (sizes, want) in cases {
            assert_eq!(judge(sizes).is_ok(), want, "{sizes:?}");
        }
    }
}
