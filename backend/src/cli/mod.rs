//! The command line, one file per command; never logic of a domain.
