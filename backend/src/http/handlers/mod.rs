//! One file per resource; each handler: allow, extract, call one domain function, map, return.

pub(super) mod health;
pub(super) mod root;
