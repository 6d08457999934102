//! To whom an alert goes and when: routes, escalation policies, on-call schedules; never how it is sent.

mod address;
mod document;
mod dry_run;
mod flush;
mod on_call;
mod onward;
mod person;
mod plans;
mod reach;
mod send;
mod tree;
mod when;

pub use address::{Address, address, may_be_told_at};
pub use dry_run::DryRun;
pub(super) use flush::{escalations, notices};
pub use on_call::{BadSchedule, OnCall};
pub(super) use onward::{Failed, Onward, Way};
pub use plans::{Plans, Routing};
pub(super) use send::Sending;
pub use tree::{Asked, Choice, Routes, Said};

#[cfg(test)]
mod cases;
