//! Messages of remote write for tests; never sent anywhere.

use crate::protobuf::{put_bytes, put_double, put_integer};

/// The labels of a series, in the order given.
pub(crate) fn label_section(labels: &[(&str, &str)]) -> Vec<u8> {
    let mut section = Vec::new();
    for (name, value) in labels {
        let mut label = Vec::new();
        put_bytes(1, name.as_bytes(), &mut label);
        put_bytes(2, value.as_bytes(), &mut label);
        put_bytes(1, &label, &mut section);
    }
    section
}

/// A sample as a field of its series.
pub(crate) fn sample(at: i64, value: f64) -> Vec<u8> {
    let (mut sample, mut field) = (Vec::new(), Vec::new());
    put_double(1, value, &mut sample);
    put_integer(2, at, &mut sample);
    put_bytes(2, &sample, &mut field);
    field
}

/// A request with one series out of these fields.
pub(crate) fn request(fields: &[Vec<u8>]) -> Vec<u8> {
    let mut request = Vec::new();
    put_bytes(1, &fields.concat(), &mut request);
    request
}
