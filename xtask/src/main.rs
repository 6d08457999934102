//! `cargo xtask <task>`: set-up, run, test and bench; never part of the product.

fn main() {}
