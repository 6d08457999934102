//! WebAssembly without what only tools read: names, relocations, producers. Never changes what runs.

use anyhow::{Context, Result, ensure};

const HEADER: &[u8] = b"\0asm\x01\0\0\0";
const CUSTOM_SECTION: u8 = 0;

/// The module without its custom sections; fails when it is none.
pub(super) fn without_custom_sections(module: &[u8]) -> Result<Vec<u8>> {
    let mut rest = module
        .strip_prefix(HEADER)
        .context("not a WebAssembly module")?;
    let mut kept = HEADER.to_vec();
    while let Some((&id, after)) = rest.split_first() {
        let (size, digits) = leb128(after)?;
        let end = 1 + digits + size;
        ensure!(
            rest.len() >= end,
            "a section reaches past the end of the module"
        );
        let (section, next) = rest.split_at(end);
        if id != CUSTOM_SECTION {
            kept.extend_from_slice(section);
        }
        rest = next;
    }
    Ok(kept)
}

/// A number at the start, and how many bytes it takes.
fn leb128(bytes: &[u8]) -> Result<(usize, usize)> {
    let mut number = 0;
    for (index, byte) in bytes.iter().take(5).enumerate() {
        number |= usize::from(byte & 0x7f) << (7 * index);
        if byte & 0x80 == 0 {
            return Ok((number, index + 1));
        }
    }
    anyhow::bail!("a section has no size")
}

#[cfg(test)]
mod tests {
    use super::{HEADER, without_custom_sections};

    fn module(sections: &[u8]) -> Vec<u8> {
        [HEADER, sections].concat()
    }

    #[test]
    fn only_custom_sections_go() {
        let long = [&[0, 0x80 | 2, 1][..], &[7; 130]].concat();
        let cases = [
            (vec![], vec![]),
            (vec![1, 2, 8, 9], vec![1, 2, 8, 9]),
            (vec![1, 1, 5, 0, 2, 4, 4, 3, 0], vec![1, 1, 5, 3, 0]),
            ([&long[..], &[10, 1, 6]].concat(), vec![10, 1, 6]),
        ];
        for (sections, want) in cases {
            let got = without_custom_sections(&module(&sections)).unwrap();
            assert_eq!(got, module(&want), "{sections:?}");
        }
    }

    #[test]
    fn what_is_no_module_is_refused() {
        for bytes in [
            b"".to_vec(),
            b"wasm".to_vec(),
            module(&[1, 9, 0]),
            module(&[1, 0x80]),
        ] {
            assert!(without_custom_sections(&bytes).is_err(), "{bytes:?}");
        }
    }
}
