//! Stored metrics in Prometheus's text format, with times; never a file's other forms.

use common::api::metrics::AnsweredSeries;
use common::metric::{Metric, MetricKind};
use common::series::notation;

use super::last_values;
use crate::query::Chunk;

/// The lines of a piece, each with its time in milliseconds; before those of a metric that `is_new`
/// what it is.
pub(super) fn lines(series: &AnsweredSeries, chunk: &Chunk, is_new: bool) -> Vec<u8> {
    let known = Metric::find(&series.metric);
    let mut text = String::new();
    if let Some(metric) = known.filter(|_| is_new) {
        describe(&mut text, metric);
    }
    let name = name(series, known.is_some());
    for (at, value) in &chunk.points {
        if let Some(value) = value {
            let line = [&name, " ", &value.to_string(), " ", &at.to_string(), "\n"];
            text.extend(line);
        }
    }
    text.into_bytes()
}

/// The series as it leaves: `instance` names its server, and the job of what the catalogue has is `node`.
fn name(series: &AnsweredSeries, is_known: bool) -> String {
    let labels = last_values::leaving(&series.labels, &series.server, is_known);
    let mut name = String::new();
    notation::write(&mut name, &series.metric, labels);
    name
}

fn describe(text: &mut String, metric: &Metric) {
    let kind = match metric.kind {
        MetricKind::Gauge => "gauge",
        MetricKind::Counter => "counter",
    };
    text.extend(["# HELP ", metric.name, " ", metric.help, "\n"]);
    text.extend(["# TYPE ", metric.name, " ", kind, "\n"]);
}

#[cfg(test)]
mod tests {
    use common::ids::ServerId;
    use common::series::{Labels, SeriesKey};
    use uuid::Uuid;

    use super::*;

    fn exposed(metric: &str, labels: Labels, is_new: bool) -> String {
        let server = ServerId(Uuid::nil());
        let key = SeriesKey::new(server, metric, labels.clone());
        let series = AnsweredSeries {
            server_id: server,
            server: "we\"b".to_owned(),
            metric: metric.to_owned(),
            labels,
            unit: None,
            points: Vec::new(),
        };
        let chunk = Chunk {
            key,
            is_first: is_new,
            points: vec![(1_000, Some(0.5)), (2_000, None), (3_000, Some(-7.0))],
        };
        String::from_utf8(lines(&series, &chunk, is_new)).unwrap()
    }

    #[test]
    fn a_piece_has_a_line_a_value_and_says_once_what_it_is() {
        assert_eq!(
            exposed("backlog", Labels::one("queue", "a\nb"), true),
            "backlog{instance=\"we\\\"b\",queue=\"a\\nb\"} 0.5 1000\n\
             backlog{instance=\"we\\\"b\",queue=\"a\\nb\"} -7 3000\n"
        );
        let first = exposed("host_health_score", Labels::none(), true);
        assert!(first.starts_with("# HELP host_health_score "), "{first}");
        assert!(
            first.contains("\n# TYPE host_health_score gauge\n"),
            "{first}"
        );
        let later = exposed("host_health_score", Labels::none(), false);
        assert!(later.starts_with("host_health_score{instance="), "{later}");
        assert!(later.contains("job=\"node\"} 0.5 1000\n"), "{later}");
    }
}
