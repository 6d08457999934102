//! Compresses the dashboard's files ahead of time, so that the server never does.

use std::fs;
use std::io::Write as _;
use std::path::Path;

use anyhow::{Context, Result};
use libdeflater::{CompressionLvl, Compressor};

use super::files;

/// Other kinds (fonts, pictures) are compressed already.
const KINDS: [&str; 8] = [
    "css",
    "html",
    "js",
    "json",
    "svg",
    "txt",
    "wasm",
    "webmanifest",
];

/// Writes `<file>.br` and `<file>.gz` beside each file that gets smaller by it.
pub(super) fn folder(folder: &Path) -> Result<()> {
    for (name, file) in files::below(folder)? {
        let kind = name.rsplit('.').next().unwrap_or_default();
        if !KINDS.contains(&kind) {
            continue;
        }
        let content = fs::read(&file).with_context(|| name.clone())?;
        for (extension, packed) in [("br", brotli(&content)?), ("gz", gzip(&content)?)] {
            if packed.len() < content.len() {
                fs::write(folder.join(format!("{name}.{extension}")), packed)?;
            }
        }
    }
    Ok(())
}

fn brotli(content: &[u8]) -> Result<Vec<u8>> {
    const BUFFER: usize = 64 * 1024;
    const QUALITY: u32 = 11;
    /// 4 MiB: more than any of the files.
    const WINDOW: u32 = 22;
    let mut packed = Vec::new();
    let mut writer = brotli::CompressorWriter::new(&mut packed, BUFFER, QUALITY, WINDOW);
    writer.write_all(content)?;
    writer.flush()?;
    drop(writer);
    Ok(packed)
}

fn gzip(content: &[u8]) -> Result<Vec<u8>> {
    let mut compressor = Compressor::new(CompressionLvl::best());
    let mut packed = vec![0; compressor.gzip_compress_bound(content.len())];
    let size = compressor.gzip_compress(content, &mut packed)?;
    packed.truncate(size);
    Ok(packed)
}
