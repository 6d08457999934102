//! An answer's body as it comes, unpacked and cut off; never what it says.

use std::io::{self, Write};

use bytes::Bytes;
use flate2::write::MultiGzDecoder;
use reqwest::header::{CONTENT_ENCODING, HeaderMap};

use super::error::EgressError;

/// A body that grows to `most` bytes at most, packed or not.
pub(super) enum Body {
    /// As it comes.
    Plain(Bounded),
    /// Packed: what it unpacks to is bounded, so that no bomb fills the memory.
    Gzip(MultiGzDecoder<Bounded>),
}

/// Bytes up to a limit.
#[derive(Debug)]
pub(super) struct Bounded {
    bytes: Vec<u8>,
    most: usize,
    is_full: bool,
}

impl Write for Bounded {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.bytes.len() + bytes.len() > self.most {
            self.is_full = true;
            let room = self.most.saturating_sub(self.bytes.len());
            self.bytes.extend_from_slice(&bytes[..room]);
            return Err(io::Error::other("too long"));
        }
        self.bytes.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Body {
    /// Empty, packed as the headers say.
    pub(super) fn new(headers: &HeaderMap, most: usize) -> Self {
        let bounded = Bounded {
            bytes: Vec::new(),
            most,
            is_full: false,
        };
        let is_gzip = headers
            .get(CONTENT_ENCODING)
            .is_some_and(|encoding| encoding.as_bytes().eq_ignore_ascii_case(b"gzip"));
        if is_gzip {
            Self::Gzip(MultiGzDecoder::new(bounded))
        } else {
            Self::Plain(bounded)
        }
    }

    /// Takes what came next.
    pub(super) fn take(&mut self, chunk: &[u8]) -> Result<(), EgressError> {
        let taken = match self {
            Self::Plain(body) => body.write_all(chunk),
            Self::Gzip(body) => body.write_all(chunk),
        };
        taken.map_err(|error| self.fault(&error))
    }

    /// The whole body.
    pub(super) fn done(mut self) -> Result<Bytes, EgressError> {
        if let Self::Gzip(body) = &mut self {
            let ended = body.try_finish();
            ended.map_err(|error| self.fault(&error))?;
        }
        Ok(Bytes::from(std::mem::take(&mut self.bounded().bytes)))
    }

    /// What came of the body so far.
    pub(super) fn kept(mut self) -> Bytes {
        if let Self::Gzip(body) = &mut self {
            // What broke off is not there; what came before is.
            drop(body.try_finish());
        }
        Bytes::from(std::mem::take(&mut self.bounded().bytes))
    }

    fn bounded(&mut self) -> &mut Bounded {
        match self {
            Self::Plain(body) => body,
            Self::Gzip(body) => body.get_mut(),
        }
    }

    fn fault(&mut self, error: &io::Error) -> EgressError {
        let Bounded { most, is_full, .. } = *self.bounded();
        if is_full {
            EgressError::TooLarge { most }
        } else {
            let reason = error.to_string();
            EgressError::Gzip { reason }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use flate2::Compression;
    use flate2::write::GzEncoder;
    use reqwest::header::HeaderValue;

    fn packed(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    fn read(is_gzip: bool, bytes: &[u8], most: usize) -> Result<Bytes, EgressError> {
        let mut headers = HeaderMap::new();
        if is_gzip {
            headers.insert(CONTENT_ENCODING, HeaderValue::from_static("gzip"));
        }
        let mut body = Body::new(&headers, most);
        for chunk in bytes.chunks(7) {
            body.take(chunk)?;
        }
        body.done()
    }

    #[test]
    fn a_body_is_bounded_by_what_it_unpacks_to() {
        let bomb = packed(&vec![b'a'; 10_000_000]);
        let cut = &packed(b"up 1\n")[..20];
        let too_large = |most| Err(EgressError::TooLarge { most });
        for (is_gzip, bytes, most, expected) in [
            (false, &b"up 1\n"[..], 5, Ok("up 1\n")),
            (false, b"up 1\n", 4, too_large(4)),
            (true, &packed(b"up 1\n"), 5, Ok("up 1\n")),
            (true, &packed(b"up 1\n"), 4, too_large(4)),
            (true, &bomb, 1_000_000, too_large(1_000_000)),
            (false, b"", 5, Ok("")),
        ] {
            let expected = expected.map(|text: &str| Bytes::copy_from_slice(text.as_bytes()));
            assert_eq!(read(is_gzip, bytes, most), expected);
        }
        for broken in [cut, b"up 1\n", b""] {
            let error = read(true, broken, 100).unwrap_err();
            assert!(matches!(error, EgressError::Gzip { .. }), "{error:?}");
        }
    }
}
