//! Time as a value; the only place that reads a clock.
