//! `docs/benchmarks.md`: each measurement replaces its own section and leaves the others; never a
//! figure that was not measured.

use std::fmt;
use std::path::Path;

use anyhow::{Context, Result};

use super::figures::Table;
use super::machine;

const HEAD: &str = "# Benchmarks\n\n\
    Measured by `cargo xtask bench <name>`, which starts the peers itself and writes this page. Each\n\
    section stands for one run on one machine: compare the ratios, the absolute figures move with the\n\
    machine.\n";

/// What is written about one measurement.
#[derive(Debug)]
pub struct Section {
    pub(super) name: &'static str,
    pub(super) title: &'static str,
    /// What was done, and with which versions.
    pub(super) text: String,
    pub(super) tables: Vec<Table>,
}

impl fmt::Display for Section {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, table) in self.tables.iter().enumerate() {
            write!(f, "{}{table}", if at == 0 { "" } else { "\n" })?;
        }
        Ok(())
    }
}

impl Section {
    /// Puts it into the document in `docs`, with the machine and the date.
    pub fn write(&self, docs: &Path) -> Result<()> {
        let path = docs.join("benchmarks.md");
        let before = std::fs::read_to_string(&path).unwrap_or_else(|_| HEAD.to_owned());
        let written = self.replaced_in(&before, &machine::description()?);
        std::fs::write(&path, written).with_context(|| path.display().to_string())
    }

    fn replaced_in(&self, document: &str, machine: &str) -> String {
        let (begin, end) = (
            format!("<!-- {} -->\n", self.name),
            format!("<!-- end of {} -->\n", self.name),
        );
        let mut section = format!("{begin}## {}\n\n{machine}\n\n{}\n", self.title, self.text);
        for table in &self.tables {
            section.push('\n');
            section.push_str(&table.markdown());
        }
        section.push_str(&end);
        let around = document
            .split_once(&begin)
            .and_then(|(before, rest)| Some((before, rest.split_once(&end)?.1)));
        match around {
            Some((before, after)) => format!("{before}{section}{after}"),
            None => format!(
                "{}\n{section}",
                document.trim_end_matches('\n').to_owned() + "\n"
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_section_replaces_itself_alone() {
        let section = |name, text: &str| Section {
            name,
            title: "Title",
            text: text.to_owned(),
            tables: Vec::new(),
        };
        let one = section("one", "first").replaced_in(HEAD, "here");
        let both = section("two", "other").replaced_in(&one, "here");
        let again = section("one", "second").replaced_in(&both, "there");
        assert!(again.starts_with(HEAD));
        assert!(again.contains("there\n\nsecond\n") && again.contains("here\n\nother\n"));
        assert!(!again.contains("first"));
        assert!(again.find("second") < again.find("other"));
    }
}
