//! Looks at the lengths of a client's frames as they arrive and stops the stream at the first that is
//! too long, before it is kept anywhere; never at their content.

use std::pin::Pin;
use std::task::{Context, Poll};

use actix_web::dev::Payload;
use actix_web::error::PayloadError;
use bytes::Bytes;
use futures_util::Stream;

/// A payload of WebSocket frames of limited length.
pub(super) struct FrameGuard {
    payload: Payload,
    header: Header,
    most: u64,
}

impl FrameGuard {
    /// Lets frames of up to `most` bytes through.
    pub(super) fn new(payload: Payload, most: u64) -> Self {
        Self {
            payload,
            header: Header::default(),
            most,
        }
    }
}

impl Stream for FrameGuard {
    type Item = Result<Bytes, PayloadError>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let most = self.most;
        Pin::new(&mut self.payload).poll_next(cx).map(|item| {
            let bytes = match item? {
                Ok(bytes) => bytes,
                Err(error) => return Some(Err(error)),
            };
            if self.header.longest_in(&bytes) > most {
                return Some(Err(PayloadError::Overflow));
            }
            Some(Ok(bytes))
        })
    }
}

/// Where in a stream of frames we are (RFC 6455, 5.2).
#[derive(Debug, Default)]
struct Header {
    seen: [u8; 14],
    filled: usize,
    content_left: u64,
}

impl Header {
    /// The longest frame that begins in `bytes`, 0 when none does.
    fn longest_in(&mut self, mut bytes: &[u8]) -> u64 {
        let mut longest = 0;
        while !bytes.is_empty() {
            if self.content_left > 0 {
                let taken = usize::try_from(self.content_left)
                    .unwrap_or(usize::MAX)
                    .min(bytes.len());
                bytes = &bytes[taken..];
                self.content_left -= taken as u64;
                continue;
            }
            self.seen[self.filled] = bytes[0];
            self.filled += 1;
            bytes = &bytes[1..];
            if self.filled == self.size() {
                self.content_left = self.length();
                longest = longest.max(self.content_left);
                self.filled = 0;
            }
        }
        longest
    }

    /// How many bytes the header has, as far as it is known.
    fn size(&self) -> usize {
        if self.filled < 2 {
            return 2;
        }
        let mask = if self.seen[1] & 0x80 == 0 { 0 } else { 4 };
        let extended = match self.seen[1] & 0x7f {
            126 => 2,
            127 => 8,
            _ => 0,
        };
        2 + extended + mask
    }

    /// The length that a whole header announces.
    fn length(&self) -> u64 {
        let digits = match self.seen[1] & 0x7f {
            126 => &self.seen[2..4],
            127 => &self.seen[2..10],
            short => return u64::from(short),
        };
        digits
            .iter()
            .fold(0, |length, digit| length << 8 | u64::from(*digit))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A masked binary frame with `length` bytes of content.
    fn frame(length: usize) -> Vec<u8> {
        let mut bytes = vec![0x82];
        match length {
            0..=125 => bytes.push(0x80 | u8::try_from(length).unwrap()),
            126..=0xffff => {
                bytes.push(0xfe);
                bytes.extend(u16::try_from(length).unwrap().to_be_bytes());
            }
            _ => {
                bytes.push(0xff);
                bytes.extend((length as u64).to_be_bytes());
            }
        }
        bytes.extend([1, 2, 3, 4]);
        bytes.extend(std::iter::repeat_n(0xff, length));
        bytes
    }

    #[test]
    fn lengths_are_found_however_the_stream_is_cut() {
        let lengths = [0, 5, 125, 126, 65_535, 65_536, 0, 300];
        let stream: Vec<u8> = lengths.iter().flat_map(|length| frame(*length)).collect();
        for cut in [1, 2, 3, 7, 1000, stream.len()] {
            let mut header = Header::default();
            let longest = stream.chunks(cut).map(|part| header.longest_in(part)).max();
            assert_eq!(longest, Some(65_536), "cut every {cut}");
            assert_eq!((header.filled, header.content_left), (0, 0));
        }
    }

    #[test]
    fn a_length_is_known_before_the_content_comes() {
        let mut header = Header::default();
        let start = &frame(1_000_000)[..14];
        assert_eq!(header.longest_in(&start[..13]), 0);
        assert_eq!(header.longest_in(&start[13..]), 1_000_000);
    }
}
