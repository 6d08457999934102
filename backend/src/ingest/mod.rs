//! Accepts samples, stamps and flattens them, hands them on; never waits for a reader.
