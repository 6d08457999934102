//! What is measured of one store, and the table of all; never how it is measured.

use serde_json::Value;

use super::workload::Size;
use crate::bench::figures::Table;

/// One store's figures; `None` where it was not asked.
#[derive(Debug, Clone, Default)]
pub(super) struct Measured {
    pub(super) name: String,
    /// Samples until all were taken, a processor second.
    pub(super) samples_per_cpu_second: Option<f64>,
    pub(super) bytes: Option<u64>,
    pub(super) peak_mib: Option<f64>,
    pub(super) one_1s_ms: Option<f64>,
    pub(super) one_15s_ms: Option<f64>,
    pub(super) average_ms: Option<f64>,
    pub(super) rate_ms: Option<f64>,
    pub(super) instant_ms: Option<f64>,
}

impl Measured {
    pub(super) fn new(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            ..Self::default()
        }
    }

    /// Takes the times of questions from a step's figures.
    pub(super) fn with_times(mut self, figures: &Value) -> Self {
        let time = |name: &str| figures[name].as_f64();
        self.one_1s_ms = time("one_1s_ms");
        self.one_15s_ms = time("one_15s_ms");
        self.average_ms = time("average_ms");
        self.rate_ms = time("rate_ms");
        self.instant_ms = time("instant_ms");
        self
    }

    #[expect(
        clippy::cast_precision_loss,
        reason = "files stay far below 2^53 bytes"
    )]
    fn cells(&self, size: Size) -> [Option<f64>; COLUMNS.len()] {
        let samples = size.samples();
        [
            self.samples_per_cpu_second.map(|it| it / 1e6),
            self.bytes.map(|bytes| bytes as f64 / samples),
            self.peak_mib,
            self.one_1s_ms,
            self.one_15s_ms,
            self.average_ms,
            self.rate_ms,
            self.instant_ms,
        ]
    }
}

/// Name, and decimals.
const COLUMNS: [(&str, usize); 8] = [
    ("M samples a CPU-second", 2),
    ("bytes a sample", 3),
    ("peak MiB", 0),
    ("1 series, 1 s step, ms", 2),
    ("1 series, 15 s step, ms", 2),
    ("average, ms", 2),
    ("rate, ms", 2),
    ("instant, ms", 2),
];

/// Figures, and how many times each is that of the row named `ours`.
pub(super) fn table(rows: &[Measured], size: Size) -> Table {
    let mut head = vec!["store".to_owned()];
    head.extend(COLUMNS.map(|(name, _)| name.to_owned()));
    let mut table = Table::with_head(head);
    for row in rows {
        let cells = row.cells(size).into_iter().zip(COLUMNS);
        let mut line = vec![row.name.clone()];
        line.extend(cells.map(|(cell, (_, decimals))| {
            cell.map_or_else(|| "–".to_owned(), |it| format!("{it:.decimals$}"))
        }));
        table.line(line);
    }
    table
}

/// Each row's figures as multiples of the first row's.
pub(super) fn ratios(rows: &[Measured], size: Size) -> Table {
    let mut head = vec!["as a multiple of ours".to_owned()];
    head.extend(COLUMNS.map(|(name, _)| name.split(", ms").next().unwrap_or(name).to_owned()));
    let mut table = Table::with_head(head);
    let ours = best(rows, size);
    for row in rows.iter().filter(|row| !row.name.starts_with("Watchpost")) {
        let cells = row.cells(size).into_iter().zip(ours);
        let mut line = vec![row.name.clone()];
        line.extend(cells.map(|(theirs, ours)| match (theirs, ours) {
            (Some(theirs), Some(ours)) => format!("{:.2} ×", theirs / ours),
            _ => "–".to_owned(),
        }));
        table.line(line);
    }
    table
}

/// Our figures: questions over HTTP where they were put so, else in the engine.
fn best(rows: &[Measured], size: Size) -> [Option<f64>; COLUMNS.len()] {
    let ours = rows.iter().filter(|row| row.name.starts_with("Watchpost"));
    ours.map(|row| row.cells(size))
        .fold([None; COLUMNS.len()], |mut all, cells| {
            for (cell, next) in all.iter_mut().zip(cells) {
                *cell = cell.or(next);
            }
            all
        })
}
