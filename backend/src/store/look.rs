//! A look at the databases from outside, also while a server works on them; never changes anything.

use std::path::{Path, PathBuf};

use common::time::UnixMs;
use serde::Serialize;

use super::connection::{self, ReadPool, snapshot};
use super::lock::DirectoryLock;
use super::verify::{self, Thoroughness, Verified};
use super::{METRICS_FILE, STATE_FILE, StoreError, tables, vacuum};

/// Both databases, opened for reading alone.
pub struct Look {
    directory: PathBuf,
    state: ReadPool,
    metrics: ReadPool,
}

/// A file and how large it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FileSize {
    /// Its name in the data directory.
    pub name: String,
    /// Bytes of the file.
    pub bytes: u64,
    /// Bytes of the log beside it: changes that are not folded in yet.
    pub log_bytes: u64,
    /// Bytes in it that hold nothing.
    pub free_bytes: u64,
}

/// What there is at one moment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Glance {
    /// The process that works on the databases; `None` when none does.
    pub held_by: Option<u32>,
    /// The files.
    pub files: Vec<FileSize>,
    /// Samples' rows that lie in no pack yet: one a server and turn.
    pub frames: u64,
    /// Packs of samples.
    pub packs: u64,
    /// The oldest packed sample.
    pub oldest_at: Option<UnixMs>,
    /// The newest sample.
    pub newest_at: Option<UnixMs>,
}

impl Look {
    /// Opens what is in a data directory. Blocks.
    pub fn at(directory: &Path) -> Result<Self, StoreError> {
        Ok(Self {
            directory: directory.to_owned(),
            state: connection::readers(&directory.join(STATE_FILE))?,
            metrics: connection::readers(&directory.join(METRICS_FILE))?,
        })
    }

    /// What there is now. Blocks.
    pub fn glance(&self) -> Result<Glance, StoreError> {
        let files = [(STATE_FILE, &self.state), (METRICS_FILE, &self.metrics)];
        let files = files.into_iter().map(|(name, pool)| self.file(name, pool));
        let files = files.collect::<Result<_, _>>()?;
        let newest_packed = |(_, last)| last;
        snapshot(&self.metrics, |conn| {
            let packed = tables::pack::first_and_last(conn)?;
            let newest = tables::frame::newest(conn)?;
            Ok(Glance {
                held_by: DirectoryLock::holder(&self.directory),
                files,
                frames: tables::frame::count(conn)?,
                packs: tables::pack::count(conn)?,
                oldest_at: packed.map(|(first, _)| UnixMs(first)),
                newest_at: newest.max(packed.map(newest_packed)).map(UnixMs),
            })
        })
    }

    /// What is wrong with the files themselves; nothing in them is decoded. Blocks.
    pub fn faults(&self) -> Vec<String> {
        self.files_looked_at(Thoroughness::Quick)
    }

    /// Reads everything once. Blocks, for minutes when there is much.
    pub fn verify(&self) -> Result<Verified, StoreError> {
        let mut verified = verify::packs(&self.metrics)?;
        verified.faults = self.files_looked_at(Thoroughness::Full);
        Ok(verified)
    }

    fn files_looked_at(&self, how: Thoroughness) -> Vec<String> {
        let mut faults = verify::faults(STATE_FILE, &self.state, how);
        faults.extend(verify::faults(METRICS_FILE, &self.metrics, how));
        faults
    }

    fn file(&self, name: &str, pool: &ReadPool) -> Result<FileSize, StoreError> {
        let path = self.directory.join(name);
        Ok(FileSize {
            name: name.to_owned(),
            bytes: vacuum::size(&path),
            log_bytes: vacuum::size(&vacuum::log_of(&path)),
            free_bytes: snapshot(pool, tables::page_bytes)?.1,
        })
    }
}
