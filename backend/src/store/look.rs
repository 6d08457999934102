//! A look at the databases from outside, also while a server works on them; never changes anything.

use std::path::{Path, PathBuf};

use common::time::UnixMs;
use serde::Serialize;

use super::engine::{Engine, Part};
use super::lock::DirectoryLock;
use super::readers::{self, ReadPool, snapshot};
use super::verify::{self, Thoroughness, Verified};
use super::{StoreError, tables};
use crate::config::database::DatabaseUrl;

/// Both databases, opened for reading alone.
pub struct Look {
    directory: PathBuf,
    state: (Engine, ReadPool),
    metrics: (Engine, ReadPool),
}

/// A database and how large it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FileSize {
    /// The name of the file in the data directory, or of the schema on the server.
    pub name: String,
    /// Bytes of it.
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
    /// The databases.
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
    /// Opens what is on the server at `url`, or in a data directory when there is none. Blocks.
    pub fn at(directory: &Path, url: Option<&DatabaseUrl>) -> Result<Self, StoreError> {
        let open = |part| {
            let engine = Engine::of(directory, url, part);
            let pool = readers::open(&engine)?;
            Ok::<_, StoreError>((engine, pool))
        };
        Ok(Self {
            directory: directory.to_owned(),
            state: open(Part::State)?,
            metrics: open(Part::Metrics)?,
        })
    }

    /// Whether they are files; else they are on a server.
    pub fn is_of_files(&self) -> bool {
        matches!(self.state.0, Engine::Sqlite(_))
    }

    /// What there is now. Blocks.
    pub fn glance(&self) -> Result<Glance, StoreError> {
        let files = [&self.state, &self.metrics].into_iter().map(file);
        let files = files.collect::<Result<_, _>>()?;
        let newest_packed = |(_, last)| last;
        snapshot(&self.metrics.1, |conn| {
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
        let mut verified = verify::packs(&self.metrics.1)?;
        verified.faults = self.files_looked_at(Thoroughness::Full);
        Ok(verified)
    }

    fn files_looked_at(&self, how: Thoroughness) -> Vec<String> {
        let both = [&self.state, &self.metrics].into_iter();
        both.flat_map(|(engine, pool)| verify::faults(engine, pool, how))
            .collect()
    }
}

fn file((engine, pool): &(Engine, ReadPool)) -> Result<FileSize, StoreError> {
    let sizes = snapshot(pool, |conn| engine.sizes(conn))?;
    Ok(FileSize {
        name: engine.short_name(),
        bytes: sizes.file_bytes,
        log_bytes: sizes.log_bytes,
        free_bytes: sizes.free_bytes,
    })
}
