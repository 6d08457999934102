//! Wiring of the parts: builds them, connects bounded channels; never does their work.
