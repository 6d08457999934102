//! Series of measured values and their table; never how they were measured.

use std::fmt;

/// Values of one measurement, all in one unit.
#[derive(Debug, Default)]
pub(super) struct Figures(Vec<f64>);

impl Figures {
    pub(super) fn add(&mut self, value: f64) {
        self.0.push(value);
    }

    pub(super) fn count(&self) -> usize {
        self.0.len()
    }

    /// Their mean; 0 without any.
    #[expect(clippy::cast_precision_loss, reason = "counts stay far below 2^53")]
    pub(super) fn mean(&self) -> f64 {
        self.0.iter().sum::<f64>() / self.0.len().max(1) as f64
    }

    /// The value that `percent` of all do not exceed (nearest rank); 0 without any.
    pub(super) fn percentile(&self, percent: usize) -> f64 {
        let mut sorted = self.0.clone();
        sorted.sort_by(f64::total_cmp);
        let rank = (sorted.len() * percent).div_ceil(100).max(1);
        sorted.get(rank - 1).copied().unwrap_or_default()
    }
}

/// A table for a person.
#[derive(Debug)]
pub struct Table {
    head: Vec<String>,
    rows: Vec<Vec<String>>,
}

impl Table {
    pub(super) fn new<const N: usize>(head: [&str; N]) -> Self {
        Self {
            head: head.map(str::to_owned).into(),
            rows: Vec::new(),
        }
    }

    /// As [`Table::new`], for a head of any length.
    pub(super) fn with_head(head: Vec<String>) -> Self {
        Self {
            head,
            rows: Vec::new(),
        }
    }

    /// As [`Table::row`], for [`Table::with_head`].
    pub(super) fn line(&mut self, cells: Vec<String>) {
        self.rows.push(cells);
    }

    /// The table as Markdown.
    pub(super) fn markdown(&self) -> String {
        let line = |cells: &[String]| format!("| {} |\n", cells.join(" | "));
        let mut text = line(&self.head);
        text.push_str("|---|");
        text.push_str(&"---:|".repeat(self.head.len().saturating_sub(1)));
        text.push('\n');
        text.extend(self.rows.iter().map(|row| line(row)));
        text
    }

    pub(super) fn row<const N: usize>(&mut self, cells: [String; N]) {
        self.rows.push(cells.into());
    }

    /// A row of what, count, p50, p95, largest and what is asked for.
    pub(super) fn figures(&mut self, what: &str, figures: &Figures, limit: &str) {
        self.row([
            what.to_owned(),
            figures.count().to_string(),
            format!("{:.1}", figures.percentile(50)),
            format!("{:.1}", figures.percentile(95)),
            format!("{:.1}", figures.percentile(100)),
            limit.to_owned(),
        ]);
    }

    /// A table for rows made by [`Table::figures`], with its unit.
    pub(super) fn of_figures(unit: &str) -> Self {
        Self::new([unit, "n", "p50", "p95", "max", "must"])
    }
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let lines: Vec<&Vec<String>> = std::iter::once(&self.head).chain(&self.rows).collect();
        let width = |column: usize| {
            let cells = lines.iter().filter_map(|line| line.get(column));
            cells.map(|cell| cell.chars().count()).max().unwrap_or(0)
        };
        let widths: Vec<usize> = (0..self.head.len()).map(width).collect();
        for line in lines {
            for (column, (cell, width)) in line.iter().zip(&widths).enumerate() {
                if column == 0 {
                    write!(f, "{cell:<width$}")?;
                } else {
                    write!(f, "  {cell:>width$}")?;
                }
            }
            writeln!(f)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::{Figures, Table};

    #[test]
    fn percentiles_are_measured_values() {
        let mut figures = Figures::default();
        for value in (1..=20).rev() {
            figures.add(f64::from(value));
        }
        for (percent, value) in [(50, 10.0), (95, 19.0), (100, 20.0), (0, 1.0)] {
            assert!((figures.percentile(percent) - value).abs() < f64::EPSILON);
        }
        assert!(Figures::default().percentile(95).abs() < f64::EPSILON);
    }

    #[test]
    fn columns_are_aligned() {
        let mut table = Table::new(["ms", "n"]);
        table.row(["long name".into(), "7".into()]);
        table.row(["x".into(), "12".into()]);
        assert_eq!(
            table.to_string(),
            "ms          n\nlong name   7\nx          12\n"
        );
    }
}
