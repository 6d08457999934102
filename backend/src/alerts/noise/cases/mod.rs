//! Who holds what back, case by case: Alertmanager's own, and those of maintenance and servers.

mod decisions;
mod holding;
mod intervals;
