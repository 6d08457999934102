//! `bench <name> [amount]`: measures the binary in `WATCHPOST_BIN` (or the one beside it) and prints one table.
#![expect(clippy::print_stdout, reason = "a table for a person")]

use anyhow::{Context, Result};
use tests::bench;

#[tokio::main]
async fn main() -> Result<()> {
    let mut arguments = std::env::args().skip(1);
    let name = arguments
        .next()
        .with_context(|| format!("usage: bench <{}> [amount]", bench::NAMES.join("|")))?;
    let amount = arguments.next().map(|amount| amount.parse()).transpose()?;
    let table = bench::run(&name, amount).await?;
    print!("{table}");
    Ok(())
}
