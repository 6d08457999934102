//! The pure engine over series; never a clock, never I/O.
