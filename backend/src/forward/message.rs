//! Samples as a packed `WriteRequest`; pure.

use std::sync::Arc;

use super::section::Section;
use crate::protobuf::{put_bytes, put_double, put_integer};

/// A sample on its way out.
#[derive(Debug, Clone)]
pub(super) struct Outgoing {
    pub(super) labels: Section,
    /// Milliseconds since 1970.
    pub(super) at: i64,
    pub(super) value: f64,
}

/// The samples as one message; those of a series that stand together are one series of it.
pub(super) fn message(samples: &[Outgoing]) -> Vec<u8> {
    let mut message = Vec::with_capacity(samples.len() * 64);
    let (mut series, mut inner) = (Vec::new(), Vec::new());
    for of_one in samples.chunk_by(|one, next| Arc::ptr_eq(&one.labels, &next.labels)) {
        series.clear();
        if let Some(first) = of_one.first() {
            series.extend_from_slice(&first.labels);
        }
        for sample in of_one {
            inner.clear();
            put_double(1, sample.value, &mut inner);
            put_integer(2, sample.at, &mut inner);
            put_bytes(2, &inner, &mut series);
        }
        put_bytes(1, &series, &mut message);
    }
    message
}
