//! The bytes of a raw frame: version, layout, columns; pure, never a database.
//!
//! Version 1: one byte `1`, the layout as 4 bytes, then one 8-byte float for each series of the
//! layout, in its order; all little endian. A series without a reading is not in the layout, so
//! a frame holds no "nothing" and no NaN.

/// The version that is written.
const VERSION: u8 = 1;
/// Bytes before the first column.
pub(super) const HEAD: usize = 1 + 4;
/// Bytes of a column.
const COLUMN: usize = 8;

/// Bytes that are no frame; the row is skipped and counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(super) enum BadFrame {
    /// Shorter than its head, or not made of whole columns.
    #[error("a frame of {0} bytes")]
    Length(usize),
    /// Written by a newer version, or no frame at all.
    #[error("a frame of version {0}")]
    Version(u8),
}

/// The bytes of a frame of `layout`, whose series have these values in its order.
pub(super) fn encode(layout: u32, values: impl ExactSizeIterator<Item = f64>) -> Vec<u8> {
    let mut body = Vec::with_capacity(HEAD + COLUMN * values.len());
    body.push(VERSION);
    body.extend_from_slice(&layout.to_le_bytes());
    for value in values {
        body.extend_from_slice(&value.to_le_bytes());
    }
    body
}

/// A frame's bytes, read where they lie.
#[derive(Debug, Clone, Copy)]
pub(super) struct Body<'a> {
    layout: u32,
    columns: &'a [[u8; COLUMN]],
}

impl<'a> Body<'a> {
    /// Checks the head; the columns stay undecoded.
    pub(super) fn read(body: &'a [u8]) -> Result<Self, BadFrame> {
        let bad_length = BadFrame::Length(body.len());
        let (&[version, a, b, c, d], rest) = body.split_first_chunk::<HEAD>().ok_or(bad_length)?;
        if version != VERSION {
            return Err(BadFrame::Version(version));
        }
        let (columns, tail) = rest.as_chunks::<COLUMN>();
        if !tail.is_empty() {
            return Err(bad_length);
        }
        Ok(Self {
            layout: u32::from_le_bytes([a, b, c, d]),
            columns,
        })
    }

    /// Which series the columns are.
    pub(super) fn layout(self) -> u32 {
        self.layout
    }

    /// How many columns there are.
    pub(super) fn columns(self) -> usize {
        self.columns.len()
    }

    /// The value of one column; `None` when there is none, or when it is no finite number.
    pub(super) fn value(self, column: usize) -> Option<f64> {
        let value = f64::from_le_bytes(*self.columns.get(column)?);
        value.is_finite().then_some(value)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn frames_come_back_as_they_went(
            layout in any::<u32>(),
            values in prop::collection::vec(prop::num::f64::NORMAL | prop::num::f64::ZERO, 0..400),
        ) {
            let bytes = encode(layout, values.iter().copied());
            let body = Body::read(&bytes).unwrap();
            prop_assert_eq!(body.layout(), layout);
            let read: Vec<f64> = (0..body.columns()).map(|at| body.value(at).unwrap()).collect();
            prop_assert_eq!(read, values);
        }

        #[test]
        fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..64)) {
            if let Ok(body) = Body::read(&bytes) {
                prop_assert_eq!(bytes[0], VERSION);
                prop_assert_eq!(body.value(body.columns()), None);
            }
        }
    }

    #[test]
    fn what_is_no_frame_is_said() {
        for (bytes, expected) in [
            (&[][..], BadFrame::Length(0)),
            (&[1, 0, 0, 0], BadFrame::Length(4)),
            (&[1, 0, 0, 0, 0, 9], BadFrame::Length(6)),
            (&[2, 0, 0, 0, 0], BadFrame::Version(2)),
        ] {
            assert_eq!(Body::read(bytes).unwrap_err(), expected);
        }
    }
}
