//! The `watchpost` binary: parse, build, run, exit code; never logic of its own.

fn main() {}
