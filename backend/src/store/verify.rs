//! Reads everything once and says what is damaged; never mends it.

use std::fmt;

use diesel::sql_types::Text;
use diesel::{QueryableByName, RunQueryDsl};
use serde::Serialize;

use super::database::Database;
use super::metrics::DamagedPack;
use super::{Connection, Store, StoreError};

/// How closely the files are looked at; packs are always read whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Thoroughness {
    /// Pages and their links.
    Quick,
    /// Also that indexes and references agree with the rows: minutes for a large file.
    Full,
}

/// Damage that a person reads at most of one file: more lines say nothing new.
const FAULTS: usize = 20;

/// What was looked at and found.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Verified {
    /// Packs that were read.
    pub packs: u64,
    /// Samples in them.
    pub samples: u64,
    /// The packs that cannot be read whole.
    pub damaged_packs: Vec<DamagedPack>,
    /// What is wrong with the files themselves, as SQLite says it.
    pub faults: Vec<String>,
}

impl Verified {
    /// Whether nothing is damaged.
    pub fn is_whole(&self) -> bool {
        self.damaged_packs.is_empty() && self.faults.is_empty()
    }
}

impl fmt::Display for Verified {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Read {} packs with {} samples", self.packs, self.samples)?;
        if self.is_whole() {
            return f.write_str(": all is whole.");
        }
        if let Some(first) = self.damaged_packs.first() {
            let count = self.damaged_packs.len();
            write!(f, "; {count} are damaged and skipped, the first {first}")?;
        }
        if let Some(fault) = self.faults.first() {
            let count = self.faults.len();
            write!(f, "; {count} faults in the files, the first: {fault}")?;
        }
        f.write_str(". Stop the server and restore a copy of the data directory from before.")
    }
}

#[derive(QueryableByName)]
struct Line {
    #[diesel(sql_type = Text)]
    line: String,
}

impl Store {
    /// Reads both files and every pack.
    pub async fn verify(&self, how: Thoroughness) -> Result<Verified, StoreError> {
        let mut verified = self.metrics().verify_packs().await?;
        let files = [&self.inner.state, self.metrics().database()];
        for database in files {
            verified.faults.extend(faults(database, how).await?);
        }
        Ok(verified)
    }
}

/// What is wrong with a file.
async fn faults(database: &Database, how: Thoroughness) -> Result<Vec<String>, StoreError> {
    let name = database.path().file_name().unwrap_or_default();
    let name = name.to_string_lossy().into_owned();
    let lines = database.read(move |conn| look(conn, how)).await?;
    Ok(lines
        .into_iter()
        .map(|line| format!("{name}: {line}"))
        .collect())
}

fn look(conn: &mut Connection, how: Thoroughness) -> Result<Vec<String>, StoreError> {
    let question = match how {
        Thoroughness::Quick => "SELECT quick_check AS line FROM pragma_quick_check",
        Thoroughness::Full => {
            "SELECT integrity_check AS line FROM pragma_integrity_check UNION ALL \
             SELECT 'a row of ' || \"table\" || ' refers to no row of ' || parent FROM pragma_foreign_key_check"
        }
    };
    let lines: Vec<Line> = diesel::sql_query(question).load(conn)?;
    let found = lines.into_iter().map(|line| line.line);
    Ok(found.filter(|line| line != "ok").take(FAULTS).collect())
}
