//! Servers: list, up or down, monitoring switched on and off; never reads metrics itself.
