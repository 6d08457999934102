//! The language against rows of data, a naive reference and any text; never against a store.

mod cases;
mod dashboards;
mod fuzz;
mod limits;
mod memory;
mod reading;
mod remarks;
mod script;
mod slabs;
