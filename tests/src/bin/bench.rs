//! `bench <name> [options]`: measures the binary in `WATCHPOST_BIN` (or the one beside it) and prints
//! tables; those beside peers go into the folder `WATCHPOST_DOCS`, too.
#![expect(clippy::print_stdout, reason = "tables for a person")]

use std::path::Path;

use anyhow::{Context, Result};
use tests::bench::{self, Outcome};

#[tokio::main]
async fn main() -> Result<()> {
    let mut arguments = std::env::args().skip(1);
    let name = arguments
        .next()
        .with_context(|| format!("usage: bench <{}> [options]", bench::NAMES.join("|")))?;
    let options: Vec<String> = arguments.collect();
    if bench::is_step(&name) {
        println!("{}", bench::step(&name, &options).await?);
        return Ok(());
    }
    let outcome = bench::run(&name, &options).await?;
    print!("{outcome}");
    if let (Outcome::Section(section), Some(docs)) = (&outcome, std::env::var_os("WATCHPOST_DOCS"))
    {
        section.write(Path::new(&docs))?;
    }
    Ok(())
}
