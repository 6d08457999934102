//! The harness: starts the real binary with its own directory and port; never a mock of what can be real.
