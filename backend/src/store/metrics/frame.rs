//! The bytes of a row of frames: what several servers reported, written at once; pure, never a
//! database.
//!
//! Version 2: one byte `2` and how many frames there are (4 bytes); for each of them a head: its
//! server (16 bytes), its moment (8), its layout (4), how many columns it has (4); then the values,
//! 8-byte floats, those of one frame after those of the one before. The numbers are big endian, the
//! floats little endian. A series without a reading is not in the layout; a value may have any bits.

use common::ids::ServerId;
use common::time::UnixMs;
use uuid::Uuid;

/// The version that is written.
const VERSION: u8 = 2;
/// Bytes before the first head.
pub(super) const START: usize = 1 + 4;
/// Bytes of a head.
pub(super) const HEAD: usize = 16 + 8 + 4 + 4;
/// Bytes of a value.
const VALUE: usize = 8;

/// Bytes that are no row of frames; it is skipped and counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(super) enum BadRow {
    /// Of another length than its heads say.
    #[error("a row of frames of {0} bytes")]
    Length(usize),
    /// Written by another version, or no row of frames at all.
    #[error("a row of frames of version {0}")]
    Version(u8),
}

/// A row in the making.
#[derive(Debug, Default)]
pub(super) struct RowWriter {
    frames: u32,
    newest_ms: Option<i64>,
    heads: Vec<u8>,
    values: Vec<u8>,
}

/// A finished row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct NewRow {
    /// How many frames it has.
    pub(super) frames: u32,
    /// The moment of the newest.
    pub(super) newest: UnixMs,
    /// Its bytes.
    pub(super) body: Vec<u8>,
}

impl RowWriter {
    /// Adds a frame of `layout`, whose series have these values in its order.
    pub(super) fn add(&mut self, server: ServerId, at: UnixMs, layout: u32, values: &[f64]) {
        let columns = u32::try_from(values.len()).unwrap_or(u32::MAX);
        self.heads.extend_from_slice(server.0.as_bytes());
        self.heads.extend_from_slice(&at.0.to_be_bytes());
        self.heads.extend_from_slice(&layout.to_be_bytes());
        self.heads.extend_from_slice(&columns.to_be_bytes());
        self.values.reserve(VALUE * values.len());
        for value in values {
            self.values.extend_from_slice(&value.to_le_bytes());
        }
        self.newest_ms = self.newest_ms.max(Some(at.0));
        self.frames += 1;
    }

    /// Bytes so far.
    pub(super) fn size(&self) -> usize {
        START + self.heads.len() + self.values.len()
    }

    /// The row; `None` when nothing was added.
    pub(super) fn finish(self) -> Option<NewRow> {
        let newest = UnixMs(self.newest_ms?);
        let mut body = Vec::with_capacity(self.size());
        body.push(VERSION);
        body.extend_from_slice(&self.frames.to_be_bytes());
        body.extend_from_slice(&self.heads);
        body.extend_from_slice(&self.values);
        Some(NewRow {
            frames: self.frames,
            newest,
            body,
        })
    }
}

/// A stored frame, read where it lies.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct StoredFrame<'a> {
    /// Whose.
    pub(super) server: ServerId,
    /// Of which moment.
    pub(super) at: UnixMs,
    /// Which series the columns are.
    pub(super) layout: u32,
    values: &'a [[u8; VALUE]],
}

impl StoredFrame<'_> {
    /// The values, column by column.
    pub(super) fn values(&self) -> Vec<f64> {
        self.values
            .iter()
            .copied()
            .map(f64::from_le_bytes)
            .collect()
    }
}

/// The frames of a row, in the order in which they came.
pub(super) fn read(body: &[u8]) -> Result<Vec<StoredFrame<'_>>, BadRow> {
    let bad = BadRow::Length(body.len());
    let (heads, rest) = heads(body)?;
    let (values, tail) = rest.as_chunks::<VALUE>();
    let mut left = values;
    let mut frames = Vec::with_capacity(heads.len());
    for head in heads {
        let head = Head::read(head);
        let (own, after) = left.split_at_checked(head.columns).ok_or(bad)?;
        left = after;
        frames.push(StoredFrame {
            server: head.server,
            at: head.at,
            layout: head.layout,
            values: own,
        });
    }
    if left.is_empty() && tail.is_empty() {
        Ok(frames)
    } else {
        Err(bad)
    }
}

/// The layouts of a row's frames, which its first bytes tell; empty when it is none.
pub(super) fn layouts(first_bytes: &[u8]) -> Vec<u32> {
    let (heads, _) = heads(first_bytes).unwrap_or_default();
    heads.iter().map(|head| Head::read(head).layout).collect()
}

/// The heads of a row, and what stands behind them.
fn heads(body: &[u8]) -> Result<(&[[u8; HEAD]], &[u8]), BadRow> {
    let bad = BadRow::Length(body.len());
    let (&[version, a, b, c, d], rest) = body.split_first_chunk::<START>().ok_or(bad)?;
    if version != VERSION {
        return Err(BadRow::Version(version));
    }
    let frames = usize::try_from(u32::from_be_bytes([a, b, c, d])).map_err(|_| bad)?;
    let length = frames.checked_mul(HEAD).ok_or(bad)?;
    let (heads, rest) = rest.split_at_checked(length).ok_or(bad)?;
    Ok((heads.as_chunks().0, rest))
}

struct Head {
    server: ServerId,
    at: UnixMs,
    layout: u32,
    columns: usize,
}

impl Head {
    fn read(bytes: &[u8; HEAD]) -> Self {
        let (server, rest) = bytes.split_at(16);
        let (at, rest) = rest.split_at(8);
        let (layout, columns) = rest.split_at(4);
        let short = |bytes: &[u8]| {
            bytes
                .iter()
                .fold(0, |all, byte| all << 8 | u32::from(*byte))
        };
        let long = |bytes: &[u8]| {
            bytes
                .iter()
                .fold(0, |all, byte| all << 8 | i64::from(*byte))
        };
        Self {
            server: ServerId(Uuid::from_slice(server).unwrap_or_default()),
            at: UnixMs(long(at)),
            layout: short(layout),
            columns: usize::try_from(short(columns)).unwrap_or(usize::MAX),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    type Given = (u128, i64, u32, Vec<u64>);

    fn row(frames: &[Given]) -> Option<NewRow> {
        let mut writer = RowWriter::default();
        for (server, at, layout, bits) in frames {
            let values: Vec<f64> = bits.iter().copied().map(f64::from_bits).collect();
            writer.add(
                ServerId(Uuid::from_u128(*server)),
                UnixMs(*at),
                *layout,
                &values,
            );
        }
        writer.finish()
    }

    proptest! {
        #[test]
        fn frames_come_back_as_they_went(frames in prop::collection::vec(
            (any::<u128>(), any::<i64>(), any::<u32>(), prop::collection::vec(any::<u64>(), 0..40)),
            1..20,
        )) {
            let row = row(&frames).unwrap();
            let read: Vec<Given> = read(&row.body).unwrap().iter().map(|frame| {
                let bits = frame.values().into_iter().map(f64::to_bits).collect();
                (frame.server.0.as_u128(), frame.at.0, frame.layout, bits)
            }).collect();
            prop_assert_eq!(&read, &frames);
            let first_bytes = &row.body[..START + HEAD * frames.len()];
            let expected: Vec<u32> = frames.iter().map(|(_, _, layout, _)| *layout).collect();
            prop_assert_eq!(layouts(first_bytes), expected);
            prop_assert_eq!(row.newest.0, frames.iter().map(|(_, at, ..)| *at).max().unwrap());
        }

        #[test]
        fn any_bytes_are_read_or_refused(mut bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            if let Some(version) = bytes.first_mut() {
                *version = VERSION;
            }
            let whole = read(&bytes).is_ok();
            prop_assert!(!whole || bytes.len() >= START + HEAD * layouts(&bytes).len());
        }
    }

    #[test]
    fn what_is_no_row_is_said() {
        let mut short = row(&[(1, 2, 3, vec![4])]).unwrap().body;
        short.pop();
        for (bytes, expected) in [
            (vec![], BadRow::Length(0)),
            (vec![2, 0, 0, 0], BadRow::Length(4)),
            (vec![2, 0, 0, 0, 1], BadRow::Length(5)),
            (vec![1, 0, 0, 0, 0], BadRow::Version(1)),
            (short.clone(), BadRow::Length(short.len())),
        ] {
            assert_eq!(read(&bytes).unwrap_err(), expected);
        }
        assert_eq!(row(&[]), None);
    }
}
