//! Alerts as a file, CSV or JSON, page by page; never all of them in memory.

use bytes::Bytes;
use common::alert::Alert;
use common::api::alerts::AlertFilter;
use common::csv::text_cell;
use common::ids::AlertId;
use common::time::UnixMs;
use futures_util::{Stream, stream};
use serde::Deserialize;

use super::error::AlertError;
use super::handle::Alerts;
use crate::auth::{Allowed, may};

/// Alerts read at a time.
const PAGE: usize = 500;

/// The form of a file of alerts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ExportFormat {
    /// RFC 4180, UTF-8, with a header line.
    #[default]
    Csv,
    /// A list like those of the API.
    Json,
}

impl ExportFormat {
    /// The media type.
    pub const fn content_type(self) -> &'static str {
        match self {
            Self::Csv => "text/csv; charset=utf-8",
            Self::Json => "application/json",
        }
    }

    /// The name of a file made at `now`.
    pub fn file_name(self, now: UnixMs) -> String {
        let extension = match self {
            Self::Csv => "csv",
            Self::Json => "json",
        };
        let time = now.to_rfc3339().replace(':', "-");
        format!("watchpost-alerts-{time}.{extension}")
    }
}

const COLUMNS: [&str; 14] = [
    "id",
    "rule",
    "server",
    "labels",
    "severity",
    "state",
    "started_at",
    "acknowledged_at",
    "acknowledged_by",
    "resolved_at",
    "resolved_by",
    "value",
    "threshold",
    "message",
];

/// Where an export has come to.
enum At {
    Head,
    /// After this alert; whether any has been written.
    Rows(Option<AlertId>),
    End,
}

/// The file's content: what fired at some time, or what the filter names; the youngest first.
pub fn export(
    may: &Allowed<may::ExportsRead>,
    alerts: Alerts,
    filter: AlertFilter,
    format: ExportFormat,
) -> impl Stream<Item = Result<Bytes, AlertError>> + use<> {
    let scope = may.scope().clone();
    stream::try_unfold(At::Head, move |at| {
        let (alerts, filter, scope) = (alerts.clone(), filter.clone(), scope.clone());
        async move {
            let before = match at {
                At::Head => return Ok(Some((head(format), At::Rows(None)))),
                At::Rows(before) => before,
                At::End => return Ok(None),
            };
            let page = alerts.fired(&scope, &filter, before, PAGE).await?;
            let mut text = rows(format, &page, before.is_none());
            let next = match page.last() {
                Some(last) if page.len() == PAGE => At::Rows(Some(last.id)),
                _ => {
                    text.extend_from_slice(tail(format));
                    At::End
                }
            };
            Ok(Some((Bytes::from(text), next)))
        }
    })
}

/// These alerts as one CSV file.
pub fn as_csv<'a>(alerts: impl Iterator<Item = &'a Alert>) -> Vec<u8> {
    let mut file = head(ExportFormat::Csv).to_vec();
    file.extend(alerts.flat_map(csv_row));
    file
}

fn head(format: ExportFormat) -> Bytes {
    match format {
        ExportFormat::Csv => Bytes::from(COLUMNS.join(",") + "\r\n"),
        ExportFormat::Json => Bytes::from_static(b"{\"items\":["),
    }
}

const fn tail(format: ExportFormat) -> &'static [u8] {
    match format {
        ExportFormat::Csv => b"",
        ExportFormat::Json => b"],\"next_cursor\":null}",
    }
}

fn rows(format: ExportFormat, page: &[Alert], is_first: bool) -> Vec<u8> {
    match format {
        ExportFormat::Csv => page.iter().flat_map(csv_row).collect(),
        ExportFormat::Json => {
            let mut text = Vec::new();
            for (at, alert) in page.iter().enumerate() {
                if at > 0 || !is_first {
                    text.push(b',');
                }
                // An alert holds texts, times and finite numbers: writing it cannot fail.
                text.extend(serde_json::to_vec(alert).unwrap_or_default());
            }
            text
        }
    }
}

fn csv_row(alert: &Alert) -> Vec<u8> {
    let time = |at: Option<UnixMs>| at.map(UnixMs::to_rfc3339).unwrap_or_default();
    let number = |value: Option<f64>| value.map(|value| value.to_string()).unwrap_or_default();
    let person = |id: Option<common::ids::UserId>| id.map(|id| id.to_string()).unwrap_or_default();
    let labels: Vec<_> = alert
        .labels
        .iter()
        .map(|(name, value)| format!("{name}={value:?}"))
        .collect();
    let cells = [
        alert.id.to_string(),
        text_cell(&alert.rule).into_owned(),
        text_cell(&alert.server).into_owned(),
        text_cell(&labels.join(",")).into_owned(),
        alert.severity.as_str().to_owned(),
        alert.state.as_str().to_owned(),
        alert.started_at.to_rfc3339(),
        time(alert.acknowledged_at),
        person(alert.acknowledged_by),
        time(alert.resolved_at),
        person(alert.resolved_by),
        number(alert.value),
        number(alert.threshold),
        text_cell(&alert.message).into_owned(),
    ];
    let mut writer = csv::WriterBuilder::new()
        .terminator(csv::Terminator::CRLF)
        .from_writer(Vec::new());
    // Writing to memory cannot fail.
    writer
        .write_record(&cells)
        .ok()
        .and_then(|()| writer.into_inner().ok())
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use common::alert::{AlertState, Severity};
    use common::ids::{RuleId, ServerId};
    use uuid::Uuid;

    use super::*;

    fn alert(rule: &str) -> Alert {
        Alert {
            id: AlertId(Uuid::nil()),
            rule_id: RuleId(Uuid::nil()),
            rule: rule.to_owned(),
            rule_version: 1,
            server_id: ServerId(Uuid::nil()),
            server: "web-1".to_owned(),
            labels: BTreeMap::new(),
            severity: Severity::Warning,
            state: AlertState::Firing,
            value: Some(-1.5),
            threshold: None,
            message: "two\r\nlines".to_owned(),
            started_at: UnixMs(0),
            acknowledged_at: None,
            acknowledged_by: None,
            assignee: None,
            flapping: false,
            resolved_at: None,
            resolved_by: None,
            silenced_by: Vec::new(),
            muted_by: Vec::new(),
            inhibited_by: Vec::new(),
        }
    }

    #[test]
    fn text_is_defused_quoted_and_numbers_stay_numbers() {
        for (rule, cell) in [
            ("plain", "plain"),
            ("=1+1", "'=1+1"),
            ("+1", "'+1"),
            ("-1", "'-1"),
            ("@x", "'@x"),
            ("\tx", "'\tx"),
            ("a,\"b\"", "a,\"b\""),
        ] {
            let mut file = head(ExportFormat::Csv).to_vec();
            file.extend(rows(ExportFormat::Csv, &[alert(rule)], true));
            let mut reader = csv::Reader::from_reader(file.as_slice());
            let row = reader.records().next().unwrap().unwrap();
            assert_eq!(row.len(), COLUMNS.len());
            assert_eq!(&row[1], cell);
            assert_eq!((&row[11], &row[12]), ("-1.5", ""), "numbers and gaps");
            assert_eq!(&row[13], "two\r\nlines");
            assert!(file.ends_with(b"\r\n"));
        }
    }

    #[test]
    fn pages_of_json_join_to_one_list() {
        let page = [alert("a"), alert("b")];
        let mut file = head(ExportFormat::Json).to_vec();
        file.extend(rows(ExportFormat::Json, &page, true));
        file.extend(rows(ExportFormat::Json, &page, false));
        file.extend(tail(ExportFormat::Json));
        let list: common::api::list::Page<Alert> = serde_json::from_slice(&file).unwrap();
        assert_eq!(list.items.len(), 4);
    }
}
