//! `fuzz [target] [--seconds N] [--seed N]`: all fuzz targets or one for a while; `fuzz <target> <file>`: one
//! input again. What makes a target panic is written to `target/fuzz`.
#![expect(clippy::print_stdout, reason = "words for a person")]
#![expect(clippy::disallowed_methods, reason = "as long as it was told")]

use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use tests::dice::Dice;
use tests::fuzz;

const SECONDS: u64 = 60;

fn main() -> Result<()> {
    let (mut named, mut seconds, mut seed) = (Vec::new(), SECONDS, None);
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        let mut number = || -> Result<u64> {
            let value = arguments.next().context("a number is missing")?;
            value
                .parse()
                .with_context(|| format!("{value} is no number"))
        };
        match argument.as_str() {
            "--seconds" => seconds = number()?,
            "--seed" => seed = Some(number()?),
            _ => named.push(argument),
        }
    }
    if let [target, file] = named.as_slice() {
        println!("{}", fuzz::again(target, Path::new(file))?);
        return Ok(());
    }
    let targets = match named.first() {
        Some(one) => vec![one.as_str()],
        None => fuzz::NAMES.to_vec(),
    };
    for target in targets {
        let dice = seed.map_or_else(Dice::seeded, Dice::of);
        let started = Instant::now();
        let is_time = |_| started.elapsed() < Duration::from_secs(seconds);
        let report = fuzz::run(target, dice, Path::new("target/fuzz"), is_time)?;
        println!(
            "{target}: {} inputs, {} outcomes",
            report.inputs, report.outcomes
        );
    }
    Ok(())
}
