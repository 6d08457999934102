//! Settings from file and environment, one section a file; never changed at run time.
