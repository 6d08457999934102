//! Pure rules: (rule, value, state, now) to (state, transitions); never a clock, never I/O.
