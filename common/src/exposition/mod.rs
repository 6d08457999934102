//! What exporters say, in Prometheus's text format 0.0.4 and in OpenMetrics 1.0: bytes into lines,
//! one at a time; never which values are accepted.

mod family;
mod fault;
mod line;

pub use family::FamilyKind;
pub use fault::LineFault;
pub use line::{Line, Sample};

use line::read_line;

/// Which of the two formats a text is in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Prometheus's text format: times in milliseconds, any end.
    Text,
    /// OpenMetrics: times in seconds, ends with `# EOF`.
    OpenMetrics,
}

impl Format {
    /// The format that a `Content-Type` names; the text format unless it says otherwise.
    pub fn of(content_type: &str) -> Self {
        let kind = content_type.split(';').next().unwrap_or_default().trim();
        if kind.eq_ignore_ascii_case("application/openmetrics-text") {
            Self::OpenMetrics
        } else {
            Self::Text
        }
    }
}

/// Lines that say something, each with its number from 1. After a fault in one the next is read.
#[derive(Debug)]
pub struct Lines<'a> {
    format: Format,
    rest: Option<&'a [u8]>,
    number: usize,
    has_ended: bool,
    /// The family whose type was told last.
    family: Option<(&'a str, FamilyKind)>,
}

/// The lines of a text.
pub fn lines(format: Format, text: &[u8]) -> Lines<'_> {
    Lines {
        format,
        rest: Some(text),
        number: 0,
        has_ended: false,
        family: None,
    }
}

impl<'a> Iterator for Lines<'a> {
    type Item = (usize, Result<Line<'a>, LineFault>);

    fn next(&mut self) -> Option<Self::Item> {
        while let Some(text) = self.rest {
            let end = text.iter().position(|byte| *byte == b'\n');
            let (line, rest) =
                end.map_or((text, None), |end| (&text[..end], Some(&text[end + 1..])));
            self.rest = rest;
            self.number += 1;
            if let Some(read) = self.read(line).transpose() {
                return Some((self.number, read));
            }
        }
        let is_cut = self.format == Format::OpenMetrics && !self.has_ended;
        self.has_ended = true;
        is_cut.then_some((self.number, Err(LineFault::NoEnd)))
    }
}

impl<'a> Lines<'a> {
    /// What a line says; `None` when it is nothing that is kept.
    fn read(&mut self, line: &'a [u8]) -> Result<Option<Line<'a>>, LineFault> {
        let line = std::str::from_utf8(line).map_err(|_| LineFault::NotUtf8)?;
        let line = line.trim_matches([' ', '\t', '\r']);
        if line.is_empty() {
            return Ok(None);
        }
        if self.format == Format::OpenMetrics {
            if self.has_ended {
                return Err(LineFault::AfterEnd);
            }
            if line == "# EOF" {
                self.has_ended = true;
                return Ok(None);
            }
        }
        let line = read_line(self.format, line)?;
        match &line {
            Some(Line::Type { metric, kind }) => self.family = Some((*metric, *kind)),
            Some(Line::Sample(sample)) if self.is_creation(sample.metric) => return Ok(None),
            _ => {}
        }
        Ok(line)
    }

    /// Whether a sample says since when a counter counts: that is no value of it.
    fn is_creation(&self, metric: &str) -> bool {
        let is_of = |(family, kind): (&str, FamilyKind)| {
            kind.has_creation() && metric.strip_suffix("_created") == Some(family)
        };
        self.format == Format::OpenMetrics && self.family.is_some_and(is_of)
    }
}

#[cfg(test)]
mod tests;
