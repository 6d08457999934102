//! Small text files of the kernel, read into a buffer that is kept; never their meaning.

use std::fs::File;
use std::io::Read;

/// Reads the file into `buffer`, replacing what it held; `None` when it is not readable as text.
pub(super) fn read<'a>(path: &str, buffer: &'a mut String) -> Option<&'a str> {
    buffer.clear();
    File::open(path).ok()?.read_to_string(buffer).ok()?;
    Some(buffer)
}
