//! Behaviour of the real binary, in one test program: each module is one promise.
#![expect(
    clippy::unwrap_used,
    clippy::too_many_lines,
    reason = "a test that cannot go on fails; a walk or a table of cases is read in one piece"
)]

mod access;
mod alerts;
mod bad_input;
mod bad_push;
mod browser;
mod crash;
mod custom;
mod damage;
mod db;
mod full_disk;
mod jobs;
mod keys;
mod ledger;
mod live;
mod login;
mod node_exporter;
mod pipeline;
mod queries;
mod readings;
mod startup;
mod storage;
mod tidy;
