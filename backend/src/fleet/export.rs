//! Stored metrics as a file, piece by piece; never all of it in memory.

use bytes::Bytes;
use common::api::metrics::{AnsweredSeries, ExportFormat};
use common::csv::text_cell;
use common::series::MetricName;
use common::time::UnixMs;
use common::units::Unit;
use futures_util::{Stream, stream};

use super::{Fleet, exposition};
use crate::query::{Chunk, Chunks, QueryError};

/// The columns of a CSV file.
const COLUMNS: [&str; 6] = ["time", "server", "metric", "labels", "unit", "value"];

/// A file under way.
struct File {
    fleet: Fleet,
    chunks: Chunks,
    format: ExportFormat,
    at: At,
    /// The metric of the last piece.
    metric: Option<MetricName>,
}

/// How far a file has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum At {
    Head,
    /// Whether a series has been begun.
    Series {
        begun: bool,
    },
    End,
}

impl Fleet {
    /// The content of a file. In CSV a line a sample (or point that has any); in JSON what the
    /// query gives; for Prometheus its text format. An error ends it in the middle.
    pub fn file(
        &self,
        chunks: Chunks,
        format: ExportFormat,
    ) -> impl Stream<Item = Result<Bytes, QueryError>> + use<> {
        let file = File {
            fleet: self.clone(),
            chunks,
            format,
            at: At::Head,
            metric: None,
        };
        stream::try_unfold(file, |mut file| async move {
            Ok(file.next().await?.map(|bytes| (bytes, file)))
        })
    }
}

impl File {
    /// The next bytes; `None` after the last.
    async fn next(&mut self) -> Result<Option<Bytes>, QueryError> {
        match self.at {
            At::Head => {
                self.at = At::Series { begun: false };
                Ok(Some(head(self.format)))
            }
            At::Series { begun } => {
                let Some(chunk) = self.chunks.next().await else {
                    self.at = At::End;
                    return Ok(Some(tail(self.format, begun)));
                };
                let chunk = chunk?;
                self.at = At::Series { begun: true };
                let series = self.fleet.named(&chunk.key);
                let is_new = self.metric.as_ref() != Some(&chunk.key.metric);
                self.metric = Some(chunk.key.metric.clone());
                Ok(Some(Bytes::from(match self.format {
                    ExportFormat::Csv => csv_lines(&series, &chunk),
                    ExportFormat::Json => json_part(&series, &chunk, begun),
                    ExportFormat::Prometheus => exposition::lines(&series, &chunk, is_new),
                })))
            }
            At::End => Ok(None),
        }
    }
}

fn head(format: ExportFormat) -> Bytes {
    match format {
        ExportFormat::Csv => Bytes::from(COLUMNS.join(",") + "\r\n"),
        ExportFormat::Json => Bytes::from_static(b"{\"series\":["),
        ExportFormat::Prometheus => Bytes::new(),
    }
}

fn tail(format: ExportFormat, begun: bool) -> Bytes {
    match (format, begun) {
        (ExportFormat::Csv | ExportFormat::Prometheus, _) => Bytes::new(),
        (ExportFormat::Json, true) => Bytes::from_static(b"]}]}"),
        (ExportFormat::Json, false) => Bytes::from_static(b"]}"),
    }
}

fn csv_lines(series: &AnsweredSeries, chunk: &Chunk) -> Vec<u8> {
    let mut writer = csv::WriterBuilder::new()
        .terminator(csv::Terminator::CRLF)
        .from_writer(Vec::new());
    let (server, metric) = (text_cell(&series.server), text_cell(&series.metric));
    let labels = series.labels.to_string();
    let labels = text_cell(&labels);
    let unit = series.unit.map_or("", Unit::as_str);
    for (at, value) in &chunk.points {
        let Some(value) = value else { continue };
        let time = UnixMs(*at).to_rfc3339();
        let value = value.to_string();
        let line = [
            time.as_str(),
            server.as_ref(),
            metric.as_ref(),
            labels.as_ref(),
            unit,
            value.as_str(),
        ];
        if let Err(error) = writer.write_record(line) {
            tracing::error!(%error, "a line of an export was not written");
        }
    }
    // Writing to memory cannot fail.
    writer.into_inner().unwrap_or_default()
}

/// A chunk as a part of the list of series: the first one of a series ends the one before.
fn json_part(series: &AnsweredSeries, chunk: &Chunk, begun: bool) -> Vec<u8> {
    let mut text = Vec::new();
    if chunk.is_first {
        if begun {
            text.extend_from_slice(b"]},");
        }
        // Texts, and numbers that are finite: writing them cannot fail.
        let head = serde_json::to_vec(series).unwrap_or_default();
        text.extend_from_slice(head.strip_suffix(b"]}").unwrap_or_default());
    } else {
        text.push(b',');
    }
    let points = serde_json::to_vec(&chunk.points).unwrap_or_default();
    let inner = points
        .strip_prefix(b"[")
        .and_then(|rest| rest.strip_suffix(b"]"));
    text.extend_from_slice(inner.unwrap_or_default());
    text
}

#[cfg(test)]
mod tests {
    use common::api::metrics::MetricAnswer;
    use common::ids::ServerId;
    use common::series::{Labels, SeriesKey};
    use uuid::Uuid;

    use super::*;

    fn part(
        device: &str,
        is_first: bool,
        points: &[(i64, Option<f64>)],
    ) -> (AnsweredSeries, Chunk) {
        let server = ServerId(Uuid::nil());
        let key = SeriesKey::new(server, "disk", Labels::one("device", device));
        let series = AnsweredSeries {
            server_id: server,
            server: "=web".to_owned(),
            metric: "disk".to_owned(),
            labels: key.labels.clone(),
            unit: Some(Unit::Bytes),
            points: Vec::new(),
        };
        let chunk = Chunk {
            key,
            is_first,
            points: points.to_vec(),
        };
        (series, chunk)
    }

    #[test]
    fn pieces_of_json_join_to_an_answer() {
        let parts = [
            part("a", true, &[(1, Some(1.0)), (2, None)]),
            part("a", false, &[(3, Some(-3.5))]),
            part("b", true, &[(1, Some(2.0))]),
        ];
        let mut file = head(ExportFormat::Json).to_vec();
        for (index, (series, chunk)) in parts.iter().enumerate() {
            file.extend(json_part(series, chunk, index > 0));
        }
        file.extend(tail(ExportFormat::Json, true));
        let answer: MetricAnswer = serde_json::from_slice(&file).unwrap();
        let points: Vec<_> = answer.series.iter().map(|one| one.points.clone()).collect();
        assert_eq!(
            points,
            [
                vec![(1, Some(1.0)), (2, None), (3, Some(-3.5))],
                vec![(1, Some(2.0))]
            ]
        );
        let nothing = [head(ExportFormat::Json), tail(ExportFormat::Json, false)].concat();
        let answer: MetricAnswer = serde_json::from_slice(&nothing).unwrap();
        assert_eq!(answer.series, []);
    }

    #[test]
    fn csv_has_a_line_a_sample_and_no_formula() {
        let (series, chunk) = part("a,\"b\"", true, &[(1, Some(-1.5)), (2, None)]);
        let mut file = head(ExportFormat::Csv).to_vec();
        file.extend(csv_lines(&series, &chunk));
        assert!(file.ends_with(b"\r\n"));
        let mut reader = csv::Reader::from_reader(file.as_slice());
        assert_eq!(reader.headers().unwrap(), &COLUMNS[..]);
        let lines: Vec<_> = reader.records().map(Result::unwrap).collect();
        assert_eq!(lines.len(), 1);
        let expected = [
            "1970-01-01T00:00:00.001Z",
            "'=web",
            "disk",
            "device=\"a,\\\"b\\\"\"",
            "bytes",
            "-1.5",
        ];
        assert_eq!(lines[0], expected[..]);
    }
}
