//! The bodies in which peers take samples: Prometheus's remote write (protobuf, snappy) and lines of
//! `VictoriaMetrics`' import; never a connection.

use std::fmt::Write as _;

use anyhow::Result;

use super::workload::{SERIES, host_name, names};

/// One series and its samples, times in milliseconds.
type Samples<'a> = &'a [(i64, f64)];

/// Writes bodies for one workload.
pub(in crate::bench) struct Bodies {
    /// The labels of each series of each host, encoded, in the order of their values.
    labels: Vec<Vec<u8>>,
    /// The same as a JSON object.
    metrics: Vec<String>,
}

impl Bodies {
    pub(in crate::bench) fn new(hosts: usize) -> Self {
        let all = (0..hosts).flat_map(|host| {
            let names = names().into_iter();
            names.map(move |(metric, part)| (metric, part, host_name(host)))
        });
        let (labels, metrics) = all
            .map(|(metric, part, host)| {
                // Sorted by name, as the protocol demands.
                let of = [("__name__", metric), ("instance", &host), ("part", &part)];
                let json =
                    format!(r#"{{"__name__":"{metric}","instance":"{host}","part":"{part}"}}"#);
                (
                    of.iter()
                        .flat_map(|(name, value)| label(name, value))
                        .collect(),
                    json,
                )
            })
            .unzip();
        Self { labels, metrics }
    }

    /// A remote write of one second of some hosts, from `first` on.
    pub(in crate::bench) fn second(
        &self,
        first: usize,
        hosts: &[[f64; SERIES]],
        at_ms: i64,
    ) -> Result<Vec<u8>> {
        let values = hosts.iter().flatten();
        let series = self.labels.iter().skip(first * SERIES).zip(values);
        let mut request = Vec::new();
        for (labels, value) in series {
            let mut one = labels.clone();
            field(2, &sample(*value, at_ms), &mut one);
            field(1, &one, &mut request);
        }
        Ok(snap::raw::Encoder::new().compress_vec(&request)?)
    }

    /// A line of an import: all samples of one series of a host.
    pub(in crate::bench) fn line(
        &self,
        host: usize,
        series: usize,
        samples: Samples,
        to: &mut String,
    ) {
        let list = |to: &mut String, at: usize, text: &dyn std::fmt::Display| {
            let comma = if at == 0 { "" } else { "," };
            // Writing to a string cannot fail.
            _ = write!(to, "{comma}{text}");
        };
        to.push_str(r#"{"metric":"#);
        to.push_str(&self.metrics[host * SERIES + series]);
        to.push_str(r#","values":["#);
        for (at, (_, value)) in samples.iter().enumerate() {
            list(to, at, value);
        }
        to.push_str(r#"],"timestamps":["#);
        for (at, (time, _)) in samples.iter().enumerate() {
            list(to, at, time);
        }
        to.push_str("]}\n");
    }
}

/// Field 1 of a series: a label.
fn label(name: &str, value: &str) -> Vec<u8> {
    let (mut inner, mut bytes) = (Vec::new(), Vec::new());
    field(1, name.as_bytes(), &mut inner);
    field(2, value.as_bytes(), &mut inner);
    field(1, &inner, &mut bytes);
    bytes
}

/// A sample: a double and a varint.
fn sample(value: f64, at_ms: i64) -> Vec<u8> {
    let mut bytes = vec![0x09];
    bytes.extend_from_slice(&value.to_le_bytes());
    bytes.push(0x10);
    varint(at_ms.unsigned_abs(), &mut bytes);
    bytes
}

/// A field of protobuf with a length.
fn field(number: u8, content: &[u8], to: &mut Vec<u8>) {
    to.push(number << 3 | 2);
    varint(content.len() as u64, to);
    to.extend_from_slice(content);
}

fn varint(mut number: u64, to: &mut Vec<u8>) {
    while number > 0x7F {
        to.push((number & 0x7F) as u8 | 0x80);
        number >>= 7;
    }
    to.push((number & 0x7F) as u8);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_remote_write_is_as_the_protocol_says() {
        let mut values = [0.0; SERIES];
        values[0] = 1.5;
        let body = Bodies::new(2).second(1, &[values], 300).unwrap();
        let plain = snap::raw::Decoder::new().decompress_vec(&body).unwrap();
        let mut expected = vec![0x0A, 27 + 22 + 12 + 14];
        for (name, value) in [
            ("__name__", "bench_percent"),
            ("instance", "host-001"),
            ("part", "00"),
        ] {
            expected.extend(label(name, value));
        }
        expected.extend([0x12, 12, 0x09]);
        expected.extend(1.5_f64.to_le_bytes());
        expected.extend([0x10, 0xAC, 0x02]);
        assert_eq!(plain[..expected.len()], expected);
    }

    #[test]
    fn a_line_has_the_samples_in_columns() {
        let mut line = String::new();
        Bodies::new(1).line(0, 1, &[(1, 2.0), (3, 4.5)], &mut line);
        let metric = r#"{"__name__":"bench_percent","instance":"host-000","part":"01"}"#;
        let expected = format!("{{\"metric\":{metric},\"values\":[2,4.5],\"timestamps\":[1,3]}}\n");
        assert_eq!(line, expected);
    }
}
