//! Fuzzing: inputs mutated out of a corpus go into what reads texts and bytes of others, which has to
//! read or to refuse them; never through a socket, never by the clock.
//!
//! Coverage is not measured, as that takes an unstable compiler: an input whose outcome is new joins the
//! corpus for the rest of the run instead.

mod exposition;
mod mutate;
mod promql;
mod relabel;
mod rules;
mod writes;

use std::collections::BTreeSet;
use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail, ensure};

use crate::dice::Dice;
use mutate::Mutator;

/// What is given inputs.
trait Target {
    /// Takes an input; what came of it, in a few words without anything of the input. Panics when
    /// something is not as it has to be.
    fn take(&mut self, input: &[u8]) -> String;

    /// Pieces that inputs of it are made of.
    fn words(&self) -> &'static [&'static str] {
        &[]
    }
}

/// The targets by name, each with a folder of inputs in `tests/cases/fuzz`.
pub const NAMES: [&str; 7] = [
    "promql",
    "exposition",
    "remote_write",
    "otlp_protobuf",
    "otlp_json",
    "relabel",
    "rules",
];

fn target(name: &str) -> Result<Box<dyn Target>> {
    Ok(match name {
        "promql" => Box::new(promql::Questions::new()?),
        "exposition" => Box::new(exposition::Pages),
        "remote_write" => Box::new(writes::Writes::new(writes::Form::RemoteWrite)?),
        "otlp_protobuf" => Box::new(writes::Writes::new(writes::Form::OtlpProtobuf)?),
        "otlp_json" => Box::new(writes::Writes::new(writes::Form::OtlpJson)?),
        "relabel" => Box::new(relabel::Steps),
        "rules" => Box::new(rules::Files),
        other => bail!("no fuzz target \"{other}\": there are {}", NAMES.join(", ")),
    })
}

/// What a run found.
#[derive(Debug)]
pub struct Report {
    /// How many inputs were taken.
    pub inputs: u64,
    /// How many different outcomes they had.
    pub outcomes: usize,
}

/// Inputs of the corpus and those that are kept for their outcome.
const MOST_KEPT: usize = 2_000;

/// Gives a target its corpus, then what comes of it by `dice` as long as `goes_on` says so of the count
/// so far. An input that makes it panic is written to `found`, and is the error.
pub fn run(
    name: &str,
    mut dice: Dice,
    found: &Path,
    mut goes_on: impl FnMut(u64) -> bool,
) -> Result<Report> {
    let mut target = target(name)?;
    let mut corpus = corpus(name)?;
    let mutator = Mutator::new(target.words());
    let seeds = corpus.len();
    let mut outcomes = BTreeSet::new();
    let mut inputs = 0;
    while goes_on(inputs) {
        let seed = corpus
            .get(usize::try_from(inputs)?)
            .filter(|_| inputs < seeds as u64);
        let input = seed.cloned();
        let is_seed = input.is_some();
        let input = input.unwrap_or_else(|| mutator.next(&corpus, &mut dice));
        inputs += 1;
        let Ok(outcome) = catch_unwind(AssertUnwindSafe(|| target.take(&input))) else {
            let file = keep(found, name, &input)?;
            bail!("{name}: an input makes it panic: {}", file.display());
        };
        if outcomes.insert(outcome) && !is_seed && corpus.len() < MOST_KEPT {
            corpus.push(input);
        }
    }
    Ok(Report {
        inputs,
        outcomes: outcomes.len(),
    })
}

/// Gives a target one input, as it was found.
pub fn again(name: &str, file: &Path) -> Result<String> {
    let input = fs::read(file).with_context(|| format!("read {}", file.display()))?;
    Ok(target(name)?.take(&input))
}

/// The inputs that are kept for a target, by file name.
pub fn corpus(name: &str) -> Result<Vec<Vec<u8>>> {
    let cases = Path::new(env!("CARGO_MANIFEST_DIR")).join("cases/fuzz");
    let folder = cases.join(name);
    let listed = fs::read_dir(&folder).with_context(|| format!("read {}", folder.display()))?;
    let mut files: Vec<PathBuf> = listed
        .map(|entry| Ok(entry?.path()))
        .collect::<Result<_>>()?;
    files.sort();
    ensure!(!files.is_empty(), "{} is empty", folder.display());
    files
        .iter()
        .map(|file| fs::read(file).with_context(|| format!("read {}", file.display())))
        .collect()
}

fn keep(found: &Path, name: &str, input: &[u8]) -> Result<PathBuf> {
    fs::create_dir_all(found).with_context(|| format!("create {}", found.display()))?;
    let file = found.join(name);
    fs::write(&file, input).with_context(|| format!("write {}", file.display()))?;
    Ok(file)
}
